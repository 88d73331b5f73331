#include "engine/models/fusion.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <gmock/gmock.h>

#include "engine/models/ease.h"
#include "engine/models/most_popular.h"
#include "engine/models/seq2seq.h"
#include "engine/models/skip_gram.h"
#include "engine/models/vector_comparison.h"
#include "engine/text/title_documents.h"
#include "kernels/support/error.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/cuda_device.h"
#include "tests/support/fusion_problem.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

using test::Choices;
using test::TrainingData;
using testing::HasSubstr;

// Ratings, titles, and models that a fusion can build on.
struct Problem {
  TrainingData data;
  Catalogue catalogue;
  std::map<std::string, std::unique_ptr<Model>> models;

  explicit Problem(uint64_t seed, const Choices& ratings = {}, int32_t without_ratings = 2)
      : data([&] {
          Ratings drawn = test::random_ratings(61, 47, 0.2, seed);
          drawn.item_count += without_ratings;
          return drawn;
        }()) {
    for (int32_t item = 0; item < data.by_item.rows; ++item) {
      catalogue.titles.push_back(std::string(item % 2 == 0 ? "Blue Moon " : "Red Sun ") + std::to_string(item) +
                                 " (1990)");
    }
    add("cf", test::chosen<ItemSimilarity>(ratings));
    add("ease", test::chosen<Ease>({{"l2", 10.0}}));
    add("words", test::chosen<SkipGram>({{"dimensions", 8.0}, {"epochs", 4.0}}));
    add("taste", test::chosen<Seq2Seq>({{"dimensions", 4.0}, {"layers", 1.0}, {"units", 6.0}, {"epochs", 1.0}}));
  }
  TrainingInput input() const {
    TrainingInput input = data.input(1);
    input.catalogue = &catalogue;
    for (const auto& [name, model] : models) input.references[name] = model.get();
    return input;
  }
  std::unique_ptr<Model> fused(const Choices& choices) const {
    Choices all = {{"collaborative", std::string("cf")}, {"content", std::string("words")}};
    for (const auto& [name, value] : choices) all[name] = value;
    auto model = test::chosen<Fusion>(all);
    test::train(*model, input());
    return model;
  }

 private:
  void add(const std::string& name, std::unique_ptr<Model> model) {
    Corpus corpus;
    TrainingInput own = data.input(1);
    if (model->text() != nullptr) {
      CorpusBuilder builder(*model->text());
      for (const std::string& document : title_documents(catalogue)) builder.add_document(document);
      corpus = builder.finish("titles");
      own.corpus = &corpus;
    }
    test::train(*model, own);
    models[name] = std::move(model);
  }
};

TEST(Fusion, WithTheRatioOneToNothingIsTheCollaborativeModel) {
  uint64_t seed = test::random_seed();
  const std::vector<Choices> kinds = {
      {},
      {{"normalize_rows", true}, {"feedback", std::string("binary")}},
      {{"similarity", std::string("pearson")}, {"keep_negative", true}},
      {{"similarity", std::string("adjusted_cosine")}, {"shrink", 3.0}, {"neighbours", 7.0}}};
  for (const Choices& kind : kinds) {
    const Problem problem(++seed, kind);
    const double neighbours = kind.contains("neighbours") ? 7 : 100;
    for (const char* normalize : {"row_max", "min_max", "z_score", "rank"}) {
      for (const char* content : {"words", "taste", "cf", "ease"}) {
        const auto model = problem.fused({{"ratio", std::string("7:0")},
                                          {"normalize", std::string(normalize)},
                                          {"content", std::string(content)},
                                          {"neighbours", neighbours}});
        EXPECT_TRUE(test::all_scores(*model, problem.data) == test::all_scores(*problem.models.at("cf"), problem.data));
        for (int32_t item = 0; item < problem.data.by_item.rows; ++item) {
          const auto own = model->similar_items(item, 10), other = problem.models.at("cf")->similar_items(item, 10);
          ASSERT_EQ(own.size(), other.size());
          for (std::size_t n = 0; n < own.size(); ++n) EXPECT_EQ(own[n].item, other[n].item);
        }
      }
    }
  }
}

TEST(Fusion, IsContinuousInItsRatio) {
  const Problem problem(test::random_seed());
  const auto distance = [&](const char* ratio) {
    const auto model = problem.fused({{"ratio", std::string(ratio)}});
    const std::vector<float> own = test::all_scores(*model, problem.data),
                             other = test::all_scores(*problem.models.at("cf"), problem.data);
    double squares = 0, all = 0;
    for (std::size_t n = 0; n < own.size(); ++n) {
      squares += std::pow(static_cast<double>(own[n]) - static_cast<double>(other[n]), 2);
      all += std::pow(static_cast<double>(other[n]), 2);
    }
    return std::sqrt(squares / all);
  };
  const double far = distance("1:1"), near = distance("100:1"), nearest = distance("100000:1");
  EXPECT_LT(near, 0.2 * far);
  EXPECT_LT(nearest, 1e-3);
}

TEST(Fusion, OfContentAloneNeighboursItemsWithLikeTitles) {
  const Problem problem(test::random_seed());
  const auto model = problem.fused({{"ratio", std::string("0:1")}, {"neighbours", 5.0}});
  auto& words = *problem.models.at("words");
  Context context({}, 2);
  const auto comparison = words.item_comparison(context, problem.input());
  const int32_t items = problem.data.by_item.rows;
  std::vector<float> cosines(static_cast<std::size_t>(items) * static_cast<std::size_t>(items));
  comparison->compare(context, 0, {cosines.data(), items, items, items});
  for (int32_t item = 0; item < items; ++item) {
    float* row = cosines.data() + int64_t{item} * items;
    row[item] = -2;
    for (const ScoredItem& similar : model->similar_items(item, 5)) {
      const auto better =
          std::count_if(row, row + items, [&](float cosine) { return cosine > row[similar.item] + 1e-6; });
      EXPECT_LT(better, 5);
    }
  }
}

TEST(Fusion, GivesItemsWithoutRatingsNeighboursByContent) {
  const Problem problem(test::random_seed());
  const int32_t unrated = problem.data.by_item.rows - 1;
  EXPECT_TRUE(problem.models.at("cf")->similar_items(unrated, 5).empty());
  const auto model = problem.fused({{"ratio", std::string("7:1")}});
  const std::vector<ScoredItem> similar = model->similar_items(unrated, 5);
  ASSERT_EQ(similar.size(), 5U);
  EXPECT_GT(similar.back().score, 0);
  // An eighth of the mean greatest similarity of the other items.
  double sum = 0;
  int64_t known = 0;
  for (int32_t item = 0; item < unrated; ++item) {
    const auto best = problem.models.at("cf")->similar_items(item, 1);
    if (best.empty()) continue;
    sum += best[0].score;
    ++known;
  }
  EXPECT_NEAR(similar.front().score, sum / static_cast<double>(known) / 8, 1e-4);
}

TEST(Fusion, TrainedWithManyRatiosAtOnceIsTheSameAsOneByOne) {
  const Problem problem(test::random_seed());
  Fusion fusion;
  test::choose(fusion, {{"collaborative", std::string("ease")}, {"content", std::string("taste")}});
  const std::vector<std::string> ratios = {"1:0", "7:1", "1:2"};
  Context context({}, 2);
  SilentMonitor monitor;
  const auto models = fusion.train_each(context, problem.input(), ratios, monitor);
  ASSERT_EQ(models.size(), ratios.size());
  std::set<std::string> different;
  for (std::size_t n = 0; n < ratios.size(); ++n) {
    const auto one = problem.fused(
        {{"collaborative", std::string("ease")}, {"content", std::string("taste")}, {"ratio", ratios[n]}});
    const std::string bytes = test::saved_bytes(*models[n]);
    EXPECT_TRUE(bytes == test::saved_bytes(*one)) << ratios[n];
    different.insert(bytes);
  }
  EXPECT_EQ(different.size(), ratios.size());
}

TEST(Fusion, ScoresTheSameBitsOnCuda) {
  MATINEE_NEEDS_CUDA();
  const Problem problem(test::random_seed(), {{"feedback", std::string("binary")}});
  const auto model = problem.fused({});
  const std::vector<int32_t> users = {60, 0, 7, 7};
  const int32_t items = problem.data.by_item.rows;
  const auto scores_on = [&](Device device) {
    Context context(device, 2);
    std::vector<float> scores(users.size() * static_cast<std::size_t>(items), -1);
    model->score(context, problem.data.history(), users,
                 {scores.data(), static_cast<int64_t>(users.size()), items, items});
    return scores;
  };
  EXPECT_TRUE(scores_on(Device{}) == scores_on(test::cuda_device()));
}

TEST(Fusion, SaysWhatItCannotBuildOn) {
  const Fusion fusion;
  const auto by_users = test::chosen<ItemSimilarity>({{"axis", std::string("users")}});
  EXPECT_EQ(fusion.obstacle_to_reference("collaborative", ItemSimilarity()), "");
  EXPECT_EQ(fusion.obstacle_to_reference("collaborative", Ease()), "");
  EXPECT_EQ(fusion.obstacle_to_reference("content", Seq2Seq()), "");
  EXPECT_EQ(fusion.obstacle_to_reference("content", ItemSimilarity()), "");
  EXPECT_THAT(fusion.obstacle_to_reference("collaborative", SkipGram()), HasSubstr("it is of type \"skip_gram\""));
  EXPECT_THAT(fusion.obstacle_to_reference("collaborative", *by_users), HasSubstr("axis \"items\""));
  EXPECT_THAT(fusion.obstacle_to_reference("content", *by_users), HasSubstr("name another model"));
  EXPECT_THAT(fusion.obstacle_to_reference("content", MostPopular()), HasSubstr("it is of type \"most_popular\""));
}

TEST(Fusion, RefusesADatasetWithoutTitles) {
  Problem problem(test::random_seed());
  problem.catalogue.titles.clear();
  try {
    problem.fused({});
    FAIL() << "compared items by titles that are not there";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_THAT(error.what(), HasSubstr("choose a dataset.format with titles"));
  }
}

TEST(VectorComparison, HasTheCosinesOfTheVectors) {
  Context context({}, 2);
  Buffer<float> vectors(4 * 2);
  const float numbers[] = {3, 4, -6, -8, 4, -3, 0, 0};
  std::ranges::copy(numbers, vectors.data());
  VectorComparison comparison(context, std::move(vectors), 4, 2);
  std::vector<float> rows(8);
  comparison.compare(context, 1, {rows.data(), 2, 4, 4});
  const std::vector<float> expected = {-1, 1, 0, 0, 0, 0, 1, 0};
  for (std::size_t n = 0; n < rows.size(); ++n) EXPECT_NEAR(rows[n], expected[n], 1e-6) << n;
}

}  // namespace
}  // namespace matinee::engine
