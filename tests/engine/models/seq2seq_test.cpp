#include "engine/models/seq2seq.h"

#include <map>
#include <numeric>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "engine/models/length_buckets.h"
#include "engine/models/most_popular.h"
#include "engine/models/seq2seq_measures.h"
#include "engine/models/skip_gram.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_corpus.h"
#include "tests/support/random_seed.h"
#include "tests/support/text_files.h"

namespace matinee::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CurveMonitor : public SilentMonitor {
 public:
  void metric(int64_t epoch, std::string_view name, double value) override {
    SilentMonitor::metric(epoch, name, value);
    curves[std::string(name)].push_back(value);
  }
  void note(std::string_view text) override { notes += fmt::format("{}\n", text); }
  std::map<std::string, std::vector<double>> curves;
  std::string notes;
};

TrainingInput input_of(const Corpus& corpus, const Model* initial = nullptr) {
  TrainingInput input;
  input.corpus = &corpus;
  input.seed = 5;
  input.initial = initial;
  return input;
}

Corpus corpus_of(const std::vector<std::string>& texts) {
  CorpusBuilder builder({});
  for (const std::string& text : texts) builder.add_document(text);
  return builder.finish("a text");
}

test::Choices small(const test::Choices& more = {}) {
  test::Choices choices = {{"dimensions", 12.0}, {"units", 24.0}, {"layers", 1.0},
                           {"epochs", 2.0},      {"batch", 16.0}, {"most_tokens", 12.0}};
  for (const auto& [name, value] : more) choices[name] = value;
  return choices;
}

std::vector<float> vectors_of(const Model& model, const std::vector<std::string>& texts, int threads = 2) {
  Context context({}, threads);
  const TextEncoder& encoder = *model.text_encoder();
  const auto rows = static_cast<int64_t>(texts.size());
  const int64_t columns = encoder.vector_dimensions();
  std::vector<float> vectors(static_cast<std::size_t>(rows * columns));
  encoder.encode(context, texts, {vectors.data(), rows, columns, columns});
  return vectors;
}

TEST(Seq2Seq, LearnsToSayTextsAgainAndUnseenOnesToo) {
  const Corpus corpus = test::random_corpus(400, 5, 12, test::random_seed());
  const auto model = test::chosen<Seq2Seq>(
      small({{"epochs", 30.0}, {"learning_rate", 0.01}, {"dropout", 0.0}, {"units", 32.0}, {"validation_share", 0.2}}));
  CurveMonitor monitor;
  ASSERT_TRUE(test::train(*model, input_of(corpus), 2, monitor));
  for (const char* set : {"train", "validation"}) {
    SCOPED_TRACE(set);
    const auto last = [&](const std::string& name) { return monitor.curves[fmt::format("{}{}", set, name)].back(); };
    EXPECT_GE(last("_token_accuracy"), 0.9);
    EXPECT_GE(last("_free_running_accuracy"), 0.8);
    EXPECT_GE(last("_exact_sequences"), 0.7);
    EXPECT_LE(last("_unigram_baseline"), 0.5);
    EXPECT_LT(last("_loss"), 0.4);
  }
  EXPECT_EQ(monitor.curves["loss"].size(), 30);
  EXPECT_EQ(monitor.curves["tokens_per_second"].size(), 30);
  EXPECT_LT(monitor.curves["loss"].back(), 0.1 * monitor.curves["loss"].front());
  EXPECT_THAT(monitor.notes, HasSubstr("different tokens"));
}

TEST(Seq2Seq, SubwordsResumeAndReloadToTheSameBytes) {
  const Corpus corpus = test::random_corpus(80, 6, 31, test::random_seed());
  const auto make = [] {
    return test::chosen<Seq2Seq>(
        small({{"tokens", std::string("subword")}, {"subwords", 270.0}, {"pool", std::string("mean")}}));
  };
  const auto model = make();
  test::train(*model, input_of(corpus), 1);
  const std::string bytes = test::saved_bytes(*model);
  EXPECT_FALSE(model->word_vectors().has_value());
  for (int64_t stop_at = 1; stop_at <= 9; stop_at += 4) {
    test::StoppingMonitor first(stop_at);
    ASSERT_FALSE(test::train(*make(), input_of(corpus), 2, first));
    test::StoppingMonitor last(0, &first);
    const auto resumed = make();
    ASSERT_TRUE(test::train(*resumed, input_of(corpus), 3, last));
    EXPECT_TRUE(test::saved_bytes(*resumed) == bytes) << "stopped at offer " << stop_at;
  }
  const auto loaded = make();
  test::load_bytes(*loaded, bytes);
  EXPECT_TRUE(test::saved_bytes(*loaded) == bytes);
  EXPECT_EQ(vectors_of(*loaded, {"w1 w2", "unseen"}), vectors_of(*model, {"w1 w2", "unseen"}));
}

TEST(Seq2Seq, EarlyStoppingAndScheduledSamplingResumeToTheSameBytes) {
  const Corpus corpus = test::random_corpus(90, 6, 31, test::random_seed());
  const auto make = [] {
    auto model = std::make_unique<Seq2Seq>();
    test::choose(*model, small({{"epochs", 40.0},
                                {"patience", 1.0},
                                {"learning_rate", 0.3},
                                {"start", 0.9},
                                {"end", 0.2},
                                {"validation_share", 0.3}}));
    return model;
  };
  const auto model = make();
  CurveMonitor monitor;
  ASSERT_TRUE(test::train(*model, input_of(corpus), 2, monitor));
  const auto& losses = monitor.curves["validation_loss"];
  EXPECT_LT(losses.size(), 40) << "a learning rate this high soon makes it worse";
  EXPECT_GE(losses.back(), losses[losses.size() - 2]);
  EXPECT_THAT(monitor.notes, HasSubstr("remains"));
  for (const int64_t stop_at : {2, 6}) {
    test::StoppingMonitor first(stop_at);
    ASSERT_FALSE(test::train(*make(), input_of(corpus), 2, first));
    test::StoppingMonitor last(0, &first);
    const auto resumed = make();
    ASSERT_TRUE(test::train(*resumed, input_of(corpus), 1, last));
    EXPECT_TRUE(test::saved_bytes(*resumed) == test::saved_bytes(*model)) << "stopped at offer " << stop_at;
  }
}

TEST(Seq2Seq, VectorsDependOnTheTextAlone) {
  const Corpus corpus = test::random_corpus(60, 6, 31, test::random_seed());
  for (const char* pool : {"last", "mean"}) {
    const auto model = test::chosen<Seq2Seq>(small({{"pool", std::string(pool)}, {"epochs", 1.0}}));
    test::train(*model, input_of(corpus));
    std::string length_of_two_pieces;
    for (int n = 0; n < 20; ++n) length_of_two_pieces += " w1 w2";
    std::vector<std::string> texts = {"w1 w2 w3", "", "w4", length_of_two_pieces, "the of"};
    for (int n = 0; n < 131; ++n) texts.push_back(fmt::format("w{}", n % 31));
    const std::vector<float> together = vectors_of(*model, texts, 3);
    const auto units = static_cast<std::size_t>(model->text_encoder()->vector_dimensions());
    for (std::size_t text = 0; text < texts.size(); ++text) {
      const std::vector<float> row(together.begin() + static_cast<std::ptrdiff_t>(text * units),
                                   together.begin() + static_cast<std::ptrdiff_t>((text + 1) * units));
      EXPECT_EQ(row, vectors_of(*model, {texts[text]}, 1)) << texts[text];
      const bool zero = std::ranges::all_of(row, [](float value) { return value == 0; });
      EXPECT_EQ(zero, text == 1 || text == 4) << texts[text];
    }
  }
}

TEST(Seq2Seq, EmbeddingsStartFromThoseOfAModelOfWords) {
  const Corpus corpus = test::random_corpus(100, 9, 31, test::random_seed());
  const auto words = test::chosen<SkipGram>({{"dimensions", 12.0}});
  test::train(*words, input_of(corpus));
  Seq2Seq model;
  test::choose(model, small({{"embeddings", std::string("words")}, {"epochs", 1.0}, {"learning_rate", 1e-30}}));
  EXPECT_EQ(model.obstacle_to_reference("embeddings", *words), "");
  EXPECT_THAT(model.obstacle_to_reference("embeddings", SkipGram()),
              HasSubstr("have 100 dimensions and those of this model 12"));
  EXPECT_THAT(model.obstacle_to_reference("embeddings", MostPopular()), HasSubstr("type \"skip_gram\""));
  TrainingInput input = input_of(corpus);
  input.references["words"] = words.get();
  test::train(model, input);
  const auto before = words->word_vectors()->vectors, after = model.word_vectors()->vectors;
  for (int64_t row = Vocabulary::kSpecials; row < before.rows; ++row) {
    for (int64_t column = 0; column < before.columns; ++column) EXPECT_EQ(after(row, column), before(row, column));
  }
}

TEST(Seq2Seq, TextsThatAreAllAlikeCannotBeHeldOut) {
  const Corpus corpus = corpus_of({"Star Wars", "Star Wars"});
  const auto model = test::chosen<Seq2Seq>(small());
  EXPECT_THAT(test::error_of(ErrorKind::kInput, [&] { test::train(*model, input_of(corpus)); }),
              HasSubstr("is there one director only?"));
  const auto without = test::chosen<Seq2Seq>(small({{"validation_share", 0.0}}));
  CurveMonitor monitor;
  ASSERT_TRUE(test::train(*without, input_of(corpus), 2, monitor));
  EXPECT_FALSE(monitor.curves.contains("validation_loss"));
}

TEST(Seq2Seq, LongTextsAreCutAndItIsSaid) {
  std::string text;
  for (int n = 0; n < 25; ++n) text += fmt::format(" word{}", n);
  const Corpus corpus = corpus_of({text, "short text", "another one"});
  const auto model = test::chosen<Seq2Seq>(small());
  CurveMonitor monitor;
  ASSERT_TRUE(test::train(*model, input_of(corpus), 2, monitor));
  EXPECT_THAT(monitor.notes, HasSubstr("texts of more than 12 tokens are cut: 3 texts in 5 pieces (most_tokens)"));
}

TEST(Seq2Seq, RaisedLearningRatesEndAsDivergedOrFinite) {
  const Corpus corpus = test::random_corpus(60, 9, 31, test::random_seed());
  const auto model = test::chosen<Seq2Seq>(small({{"learning_rate", 1e6}}));
  try {
    test::train(*model, input_of(corpus));
    EXPECT_NE(model->text_encoder(), nullptr);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kDiverged);
    EXPECT_THAT(error.what(), HasSubstr("lower learning_rate"));
  }
}

TEST(Seq2Seq, StartsOnlyFromItsLike) {
  const auto model = test::chosen<Seq2Seq>(small());
  EXPECT_EQ(model->obstacle_to_start_from(*test::chosen<Seq2Seq>(small({{"dropout", 0.5}}))), "");
  EXPECT_THAT(model->obstacle_to_start_from(Seq2Seq()), HasSubstr("\"units\": 128"));
  EXPECT_THAT(model->obstacle_to_start_from(MostPopular()), HasSubstr("of the same type"));
}

TEST(Seq2Seq, SaysSampleTextsAgain) {
  const Corpus corpus = test::random_corpus(60, 5, 12, test::random_seed());
  const auto model = test::chosen<Seq2Seq>(small());
  test::train(*model, input_of(corpus));
  Context context({}, 2);
  const auto samples = model->text_encoder()->sample_texts(context, corpus, 5);
  EXPECT_GE(std::ranges::count(samples, true, &DecodedText::held_out), 1);
  EXPECT_EQ(std::ranges::count(samples, false, &DecodedText::held_out), 6);
  for (const DecodedText& sample : samples) EXPECT_THAT(sample.text, HasSubstr("w"));
}

TEST(TokenTexts, AreCutIntoPiecesOfAboutEqualLength) {
  TokenTexts texts;
  std::vector<int32_t> text(10);
  std::iota(text.begin(), text.end(), 4);
  EXPECT_EQ(texts.add(text, 4), 3);
  EXPECT_EQ(texts.add({}, 4), 0);
  EXPECT_EQ(texts.add(std::span(text).first(4), 4), 1);
  ASSERT_EQ(texts.size(), 4);
  EXPECT_THAT(texts.piece(0), ElementsAre(4, 5, 6));
  EXPECT_THAT(texts.piece(1), ElementsAre(7, 8, 9));
  EXPECT_THAT(texts.piece(2), ElementsAre(10, 11, 12, 13));
  EXPECT_EQ(texts.target_tokens(), 18);
}

TEST(TokenTexts, AlikeDocumentsAreHeldOutTogether) {
  std::vector<std::string> documents;
  for (int n = 0; n < 400; ++n) documents.push_back(fmt::format("title{}", n / 2));
  const Corpus corpus = corpus_of(documents);
  const auto held_out = held_out_documents(corpus, 0.3, test::random_seed());
  for (std::size_t n = 0; n < held_out.size(); n += 2) EXPECT_EQ(held_out[n], held_out[n + 1]);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(held_out, 1)), 120, 70);
  EXPECT_EQ(std::ranges::count(held_out_documents(corpus, 0, 1), 1), 0);
  const auto of_two = held_out_documents(corpus_of({"one", "two"}), 1e-9, 1);
  EXPECT_THAT(of_two, ElementsAre(0, 1));
}

TEST(TokenTexts, BaselinesAreThoseOfCounting) {
  TokenTexts train, others;
  train.add(std::vector<int32_t>{4, 4, 5, 4}, 8);
  others.add(std::vector<int32_t>{4, 6}, 8);
  EXPECT_DOUBLE_EQ(unigram_baseline(train, train), 0.6);
  EXPECT_DOUBLE_EQ(unigram_baseline(train, others), 1.0 / 3);
  EXPECT_DOUBLE_EQ(unseen_share(train, others), 1.0 / 3);
  EXPECT_DOUBLE_EQ(unseen_share(train, train), 0);
}

TEST(LengthBuckets, HaveEveryPieceOnceAndLikeLengthsTogether) {
  const uint64_t seed = test::random_seed();
  const Corpus corpus = test::random_corpus(1000, 31, 12, seed);
  const TokenTexts texts =
      coded_documents(corpus, TokenCoder(corpus.vocabulary.copy()),
                      std::vector<uint8_t>(static_cast<std::size_t>(corpus.documents())), false, 99);
  const auto batches = length_buckets(texts, 33, seed, 3);
  std::vector<int64_t> all;
  int64_t spread = 0;
  for (const auto& batch : batches) {
    all.insert(all.end(), batch.begin(), batch.end());
    EXPECT_TRUE(std::ranges::is_sorted(batch, std::ranges::greater{}, [&](int64_t n) { return texts.length(n); }));
    spread += texts.length(batch.front()) - texts.length(batch.back());
  }
  EXPECT_LT(spread / static_cast<int64_t>(batches.size()), 6);
  std::ranges::sort(all);
  ASSERT_EQ(all.size(), static_cast<std::size_t>(texts.size()));
  for (std::size_t n = 0; n < all.size(); ++n) EXPECT_EQ(all[n], static_cast<int64_t>(n));
  EXPECT_EQ(batches, length_buckets(texts, 33, seed, 3));
  EXPECT_NE(batches, length_buckets(texts, 33, seed, 4));
  EXPECT_THAT(length_buckets(TokenTexts(), 33, seed, 0), IsEmpty());
}

}  // namespace
}  // namespace matinee::engine
