#include "tests/engine/models/text_model_contract.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/models/registry.h"
#include "kernels/support/error.h"
#include "tests/support/checked_parameters.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_corpus.h"
#include "tests/support/random_seed.h"
#include "tests/support/tensor_surgery.h"

namespace matinee::engine {
namespace {

using test::random_corpus;
using test::saved_bytes;
using test::StoppingMonitor;
using test::TensorParts;

TrainingInput input_of(const Corpus& corpus, const Model* initial = nullptr) {
  TrainingInput input;
  input.corpus = &corpus;
  input.seed = 7;
  input.initial = initial;
  return input;
}

std::unique_ptr<Model> trained(const TextModelCase& model_case, const Corpus& corpus, int threads = 2,
                               const Model* initial = nullptr) {
  auto model = model_case.make();
  test::train(*model, input_of(corpus, initial), threads);
  return model;
}

void expect_finite(const float* row, int64_t columns, int32_t id) {
  EXPECT_TRUE(std::all_of(row, row + columns, [](float value) { return std::isfinite(value); })) << id;
}

// A vector for each word of the corpus, of a model of words; else a vector of each word as a text.
void expect_sound(const TextModelCase& model_case, const Model& model, const Corpus& corpus) {
  if (!model_case.of_words) {
    ASSERT_NE(model.text_encoder(), nullptr);
    const int64_t columns = model.text_encoder()->vector_dimensions();
    std::vector<std::string> texts;
    for (int32_t id = 0; id < corpus.vocabulary.size(); ++id) texts.push_back(corpus.vocabulary.word(id));
    std::vector<float> vectors(texts.size() * static_cast<std::size_t>(columns));
    Context context({}, 2);
    model.text_encoder()->encode(context, texts, {vectors.data(), corpus.vocabulary.size(), columns, columns});
    for (int32_t id = 0; id < corpus.vocabulary.size(); ++id) expect_finite(vectors.data() + id * columns, columns, id);
    return;
  }
  const auto words = model.word_vectors();
  ASSERT_TRUE(words.has_value());
  ASSERT_EQ(words->vocabulary->size(), corpus.vocabulary.size());
  ASSERT_EQ(words->vectors.rows, corpus.vocabulary.size());
  for (int32_t id = 0; id < corpus.vocabulary.size(); ++id) {
    EXPECT_EQ(words->vocabulary->word(id), corpus.vocabulary.word(id));
    EXPECT_EQ(words->vocabulary->count(id), corpus.vocabulary.count(id));
    expect_finite(words->vectors.row(id), words->vectors.columns, id);
  }
}

TEST_P(TextModelContract, ParametersAreInOrderAndItIsRegistered) {
  const auto model = GetParam().make();
  test::CheckedParameters parameters;
  model->describe(parameters);
  const auto registered = make_model(model->type());
  ASSERT_NE(registered, nullptr);
  EXPECT_EQ(registered->type(), model->type());
}

TEST_P(TextModelContract, SaysWhatItIs) {
  const auto model = GetParam().make();
  EXPECT_FALSE(model->recommends());
  EXPECT_NE(model->text(), nullptr);
  EXPECT_FALSE(model->word_vectors().has_value()) << "before training";
  Context context({}, 1);
  const int32_t user = 0;
  float score = 0;
  EXPECT_THROW(model->score(context, {}, std::span(&user, 1), {&score, 1, 1, 1}), Error);
}

TEST_P(TextModelContract, SameSeedGivesSameBytesForAnyNumberOfThreads) {
  const Corpus corpus = random_corpus(300, 9, 131, test::random_seed());
  const auto model = trained(GetParam(), corpus, 1);
  ASSERT_TRUE(model->deterministic());
  const std::string bytes = saved_bytes(*model);
  EXPECT_TRUE(bytes == saved_bytes(*trained(GetParam(), corpus, 1)));
  EXPECT_TRUE(bytes == saved_bytes(*trained(GetParam(), corpus, 3)));
}

TEST_P(TextModelContract, SavedAndLoadedVectorsAreTheSameBitForBit) {
  const Corpus corpus = random_corpus(90, 9, 33, test::random_seed());
  const auto model = trained(GetParam(), corpus);
  const auto loaded = GetParam().make();
  test::load_bytes(*loaded, saved_bytes(*model));
  expect_sound(GetParam(), *loaded, corpus);
  EXPECT_TRUE(saved_bytes(*loaded) == saved_bytes(*model));
}

TEST_P(TextModelContract, InterruptedTrainingResumesToTheSameBytes) {
  const Corpus corpus = random_corpus(200, 9, 61, test::random_seed());
  const std::string undisturbed = saved_bytes(*trained(GetParam(), corpus));
  int64_t stops = 0;
  for (int64_t stop_at = 1; stop_at <= 3; ++stop_at) {
    StoppingMonitor first(stop_at);
    if (test::train(*GetParam().make(), input_of(corpus), 2, first)) break;
    ++stops;
    StoppingMonitor last(0, &first);
    const auto resumed = GetParam().make();
    ASSERT_TRUE(test::train(*resumed, input_of(corpus), 3, last));
    EXPECT_TRUE(saved_bytes(*resumed) == undisturbed) << "stopped at offer " << stop_at;
  }
  EXPECT_GT(stops, 0);
}

TEST_P(TextModelContract, EverySizeGivesFiniteVectors) {
  constexpr std::pair<int64_t, int64_t> kSizes[] = {{1, 2}, {1, 131}, {31, 2}, {33, 31}, {131, 33}};
  for (const auto& [documents, vocabulary] : kSizes) {
    SCOPED_TRACE(testing::Message() << documents << " texts, vocabulary " << vocabulary);
    CorpusBuilder builder(TextOptions{});
    builder.add_document("first second");
    const Corpus drawn = random_corpus(documents, 33, vocabulary, test::random_seed());
    for (int64_t document = 0; document < drawn.documents(); ++document) {
      std::string text;
      for (auto at = drawn.offsets[static_cast<std::size_t>(document)];
           at < drawn.offsets[static_cast<std::size_t>(document) + 1]; ++at) {
        text += drawn.vocabulary.word(drawn.ids[static_cast<std::size_t>(at)]) + " ";
      }
      builder.add_document(text);
    }
    const Corpus corpus = builder.finish("words");
    expect_sound(GetParam(), *trained(GetParam(), corpus), corpus);
  }
}

TEST_P(TextModelContract, WarmStartTakesNewWords) {
  const Corpus before = random_corpus(100, 9, 31, test::random_seed());
  const Corpus after = random_corpus(150, 9, 61, test::random_seed());
  const auto initial = trained(GetParam(), before);
  const std::string initial_bytes = saved_bytes(*initial);
  const auto reloaded = GetParam().make();
  test::load_bytes(*reloaded, initial_bytes);
  const auto model = trained(GetParam(), after, 1, initial.get());
  expect_sound(GetParam(), *model, after);
  EXPECT_TRUE(saved_bytes(*model) == saved_bytes(*trained(GetParam(), after, 3, reloaded.get())));
  EXPECT_FALSE(saved_bytes(*model) == saved_bytes(*trained(GetParam(), after)));
  EXPECT_TRUE(saved_bytes(*initial) == initial_bytes);
}

TEST_P(TextModelContract, PredictedBytesGrowWithTheText) {
  const auto model = GetParam().make();
  DataShape base;
  base.documents = 1000;
  base.words = 10'000;
  base.vocabulary = 500;
  const int64_t bytes = model->host_bytes(base);
  EXPECT_GT(bytes, 0);
  for (int64_t DataShape::*size : {&DataShape::documents, &DataShape::words, &DataShape::vocabulary}) {
    if (size == &DataShape::vocabulary && !GetParam().of_words) continue;  // there are as many pieces as were asked for
    DataShape larger = base;
    larger.*size *= 1000;
    EXPECT_GT(model->host_bytes(larger), bytes);
  }
}

// The words of a model that was loaded from these bytes can be used, or Error(kArtifact) refused them.
bool does_no_harm(const TextModelCase& model_case, const std::string& bytes, bool must_refuse = false) {
  const auto model = model_case.make();
  try {
    test::load_bytes(*model, bytes);
    if (must_refuse) return false;
    const auto words = model->word_vectors();
    if (!words || words->vocabulary->size() <= Vocabulary::kSpecials) return true;
    const auto nearest = nearest_words(*words, words->vocabulary->size() - 1, 10);
    return std::all_of(nearest.begin(), nearest.end(),
                       [](const ScoredWord& word) { return std::isfinite(word.similarity); });
  } catch (const Error& error) {
    return error.kind() == ErrorKind::kArtifact;
  }
}

TEST_P(TextModelContract, DamagedFilesAreRefused) {
  const std::string bytes = saved_bytes(*trained(GetParam(), random_corpus(60, 9, 31, test::random_seed())));
  for (const std::size_t length : {std::size_t{0}, std::size_t{7}, bytes.size() / 2, bytes.size() - 1}) {
    EXPECT_TRUE(does_no_harm(GetParam(), bytes.substr(0, length), true)) << length << " bytes";
  }
  const TensorParts whole = TensorParts::of(bytes);
  ASSERT_FALSE(whole.tensors.empty());
  ASSERT_TRUE(does_no_harm(GetParam(), whole.bytes()));
  for (std::size_t index = 0; index < whole.tensors.size(); ++index) {
    SCOPED_TRACE(whole.tensors[index].name);
    TensorParts renamed = whole, reshaped = whole, shortened = whole;
    renamed.tensors[index].name += "_of_another_model";
    EXPECT_TRUE(does_no_harm(GetParam(), renamed.bytes(), true));
    reshaped.tensors[index].shape.push_back(1);
    EXPECT_TRUE(does_no_harm(GetParam(), reshaped.bytes(), true));
    TensorParts::Tensor& tensor = shortened.tensors[index];
    const auto rows = static_cast<std::size_t>(tensor.shape[0]);
    tensor.data.resize(tensor.data.size() / rows * (rows - 1));
    --tensor.shape[0];
    // The last word may lose its last letter unnoticed.
    EXPECT_TRUE(does_no_harm(GetParam(), shortened.bytes(), tensor.type != "U8"));
  }
}

TEST_P(TextModelContract, ImpossibleNumbersDoNoHarm) {
  const std::string bytes = saved_bytes(*trained(GetParam(), random_corpus(60, 9, 31, test::random_seed())));
  const TensorParts whole = TensorParts::of(bytes);
  const auto expect_no_harm = [&](std::size_t index, const auto& value) {
    const std::size_t elements = whole.tensors[index].data.size() / sizeof value;
    for (const std::size_t element : {std::size_t{0}, elements / 2, elements - 1}) {
      TensorParts parts = whole;
      std::memcpy(parts.tensors[index].data.data() + element * sizeof value, &value, sizeof value);
      EXPECT_TRUE(does_no_harm(GetParam(), parts.bytes())) << whole.tensors[index].name << '[' << element << ']';
    }
  };
  for (std::size_t index = 0; index < whole.tensors.size(); ++index) {
    const std::string& type = whole.tensors[index].type;
    if (type == "F32") expect_no_harm(index, std::numeric_limits<float>::quiet_NaN());
    if (type == "I64") expect_no_harm(index, int64_t{-1});
    if (type == "I64") expect_no_harm(index, std::numeric_limits<int64_t>::max());
    if (type == "U8") expect_no_harm(index, uint8_t{'\n'});
  }
}

}  // namespace
}  // namespace matinee::engine
