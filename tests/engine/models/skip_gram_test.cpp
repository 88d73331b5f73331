#include "engine/models/skip_gram.h"

#include <map>

#include <gmock/gmock.h>

#include "engine/models/most_popular.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_corpus.h"
#include "tests/support/random_seed.h"
#include "tests/support/text_files.h"

namespace matinee::engine {
namespace {

using testing::HasSubstr;

class CurveMonitor : public SilentMonitor {
 public:
  void metric(int64_t epoch, std::string_view name, double value) override {
    SilentMonitor::metric(epoch, name, value);
    curves[std::string(name)].push_back(value);
  }
  std::map<std::string, std::vector<double>> curves;
};

TrainingInput input_of(const Corpus& corpus) {
  TrainingInput input;
  input.corpus = &corpus;
  input.seed = 5;
  return input;
}

Corpus corpus_of(const std::vector<std::string>& texts) {
  CorpusBuilder builder({});
  for (const std::string& text : texts) builder.add_document(text);
  return builder.finish("a text");
}

// The share of words whose nearest word is of the same topic.
double topic_share(const WordVectors& words) {
  int64_t same = 0;
  const auto topic = [&](int32_t id) { return words.vocabulary->word(id).substr(0, 2); };
  for (int32_t id = Vocabulary::kSpecials; id < words.vocabulary->size(); ++id) {
    same += topic(nearest_words(words, id, 1).at(0).id) == topic(id) ? 1 : 0;
  }
  return static_cast<double>(same) / words.vocabulary->word_count();
}

class SkipGramModes : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(SkipGramModes, WordsOfATopicComeToLieTogether) {
  const auto& [output, mode] = GetParam();
  const Corpus corpus = test::topic_corpus(5, 12, 2000, 8, test::random_seed());
  const auto model = test::chosen<SkipGram>({{"dimensions", 16.0},
                                             {"epochs", 10.0},
                                             {"subsample", 0.0},
                                             {"output", std::string(output)},
                                             {"mode", std::string(mode)}});
  CurveMonitor monitor;
  ASSERT_TRUE(test::train(*model, input_of(corpus), 2, monitor));
  EXPECT_EQ(model->deterministic(), std::string(mode) == "deterministic");
  EXPECT_GE(topic_share(*model->word_vectors()), 0.97);
  ASSERT_EQ(monitor.curves["loss"].size(), 10);
  // Before anything is learnt it is 6 ln 2 = 4.16 with 5 negatives, and ln 60 = 4.09 with softmax.
  EXPECT_LT(monitor.curves["loss"].back(), 0.95 * 4.09);
  EXPECT_EQ(monitor.curves["words_per_second"].size(), 10);
}

INSTANTIATE_TEST_SUITE_P(All, SkipGramModes,
                         testing::Values(std::pair{"negative_sampling", "deterministic"},
                                         std::pair{"negative_sampling", "fast"}, std::pair{"softmax", "deterministic"}),
                         [](const auto& mode) { return std::string(mode.param.first) + "_" + mode.param.second; });

TEST(SkipGram, OneWordAndNoCompanyAreErrorsThatSaySo) {
  const auto train = [](const Corpus& corpus) {
    SkipGram model;
    test::train(model, input_of(corpus));
  };
  EXPECT_THAT(test::error_of(ErrorKind::kInput,
                             [&] {
                               train(corpus_of({"word word", "word"}));
                             }),
              HasSubstr("the vocabulary has one word only, \"word\""));
  EXPECT_THAT(test::error_of(ErrorKind::kInput,
                             [&] {
                               train(corpus_of({"one", "two", "three"}));
                             }),
              HasSubstr("no text has two words"));
}

TEST(SkipGram, RaisedLearningRatesEndAsDivergedOrFinite) {
  const Corpus corpus = test::random_corpus(200, 9, 61, test::random_seed());
  const auto model = test::chosen<SkipGram>({{"learning_rate", 1e6}, {"epochs", 20.0}});
  try {
    test::train(*model, input_of(corpus));
    EXPECT_TRUE(model->word_vectors().has_value());
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kDiverged);
    EXPECT_THAT(error.what(), HasSubstr("lower learning_rate"));
  }
}

TEST(SkipGram, StartsOnlyFromItsLike) {
  const auto model = test::chosen<SkipGram>({{"dimensions", 16.0}});
  EXPECT_EQ(model->obstacle_to_start_from(*test::chosen<SkipGram>({{"dimensions", 16.0}, {"window", 2.0}})), "");
  EXPECT_THAT(model->obstacle_to_start_from(SkipGram()), HasSubstr("give \"dimensions\": 100"));
  EXPECT_THAT(model->obstacle_to_start_from(MostPopular()), HasSubstr("learns no words"));
}

TEST(SkipGram, AWarmStartWithoutEpochsToSpeakOfKeepsTheVectors) {
  const Corpus corpus = test::random_corpus(100, 9, 31, test::random_seed());
  const test::Choices choices = {{"dimensions", 16.0}, {"epochs", 1.0}, {"learning_rate", 1e-30}};
  const auto earlier = test::chosen<SkipGram>({{"dimensions", 16.0}});
  test::train(*earlier, input_of(corpus));
  const auto model = test::chosen<SkipGram>(choices);
  TrainingInput input = input_of(corpus);
  input.initial = earlier.get();
  test::train(*model, input);
  const auto before = earlier->word_vectors()->vectors, after = model->word_vectors()->vectors;
  for (int64_t row = 0; row < before.rows; ++row) {
    for (int64_t column = 0; column < before.columns; ++column) EXPECT_EQ(after(row, column), before(row, column));
  }
}

}  // namespace
}  // namespace matinee::engine
