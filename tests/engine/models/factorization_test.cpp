// What mf and pmf promise beyond the contract of all models.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "engine/models/mf.h"
#include "engine/models/pmf.h"
#include "engine/models/random.h"
#include "kernels/support/error.h"
#include "kernels/support/philox.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_seed.h"
#include "tests/support/saved_factors.h"
#include "tests/support/set_parameters.h"

namespace matinee::engine {
namespace {

using test::ParameterValues;
using test::random_ratings;
using test::SavedFactors;
using test::TrainingData;

constexpr uint64_t kSeed = 7;

template <typename M>
M trained(const TrainingData& data, const ParameterValues& parameters, const Model* initial = nullptr,
          int threads = 2) {
  M model;
  test::set_parameters(model, parameters);
  TrainingInput input = data.input(kSeed);
  input.initial = initial;
  test::train(model, input, threads);
  return model;
}

template <typename M>
Error training_error(const TrainingData& data, const ParameterValues& parameters, const Model* initial = nullptr) {
  try {
    trained<M>(data, parameters, initial);
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorKind::kConfig, "no error");
}

std::vector<float> predictions(const Model& model, const TrainingData& data) {
  std::vector<int32_t> users, items;
  for (int32_t user = 0; user < data.ratings.user_count; ++user) {
    for (int32_t item = 0; item < data.ratings.item_count; ++item) {
      users.push_back(user);
      items.push_back(item);
    }
  }
  std::vector<float> ratings(users.size());
  Context context({}, 3);
  model.predict(context, data.history(), users, items, ratings);
  return ratings;
}

// Largest |∂E/∂p| over all users' numbers, the penalty of user u being λ × counts(n_u).
template <typename Count>
double largest_gradient(const TrainingData& data, const SavedFactors& model, double penalty, const Count& count) {
  double largest = 0;
  const SparseView rows = data.by_user.view();
  for (int32_t user = 0; user < rows.rows; ++user) {
    for (int64_t k = 0; k < model.factors; ++k) {
      double slope = penalty * count(static_cast<double>(rows.row_size(user))) * model.p(user, k);
      for (int64_t n = rows.offsets[user]; n < rows.offsets[user + 1]; ++n) {
        const double error = data.ratings.grid.value(rows.levels[n]) - model.predict(user, rows.indices[n]);
        slope -= error * model.q(rows.indices[n], k);
      }
      largest = std::max(largest, std::abs(slope));
    }
  }
  return largest;
}

// One direction that explains much, so that descent ends soon; rows of uneven length.
Ratings sparse_checkerboard() {
  Ratings kept = test::checkerboard(31, 33, true);
  const Ratings all = kept;
  const Philox draws(test::random_seed(), 98);
  kept.users.clear();
  kept.items.clear();
  kept.levels.clear();
  for (std::size_t n = 0; n < all.users.size(); ++n) {
    if (draws.uniform(n) > 0.3 + 0.02 * all.users[n]) continue;
    kept.users.push_back(all.users[n]);
    kept.items.push_back(all.items[n]);
    kept.levels.push_back(static_cast<uint8_t>(all.levels[n] == 10 ? 7 + draws.below(n, 4) : 1 + draws.below(n, 4)));
  }
  return kept;
}

const ParameterValues kLongTraining = {{"factors", 1.0},
                                       {"epochs", 2000.0},
                                       {"learning_rate", 0.05},
                                       {"learning_rate_decay", 0.995},
                                       {"initial_deviation", 0.5}};

TEST(Mf, EndsWhereTheGradientWithThePenaltyOncePerRatingVanishes) {
  const TrainingData data(sparse_checkerboard());
  ParameterValues parameters = kLongTraining;
  parameters["regularization"] = 0.2;
  const SavedFactors model(trained<Mf>(data, parameters));
  EXPECT_LT(largest_gradient(data, model, 0.2, [](double n) { return n; }), 0.1);
  EXPECT_GT(largest_gradient(data, model, 0.2, [](double) { return 1; }), 1.0);
}

TEST(Pmf, EndsWhereTheGradientWithThePenaltyOncePerRowVanishes) {
  const TrainingData data(sparse_checkerboard());
  ParameterValues parameters = kLongTraining;
  parameters["noise_variance"] = 0.5;
  parameters["user_variance"] = 0.25;
  const SavedFactors model(trained<Pmf>(data, parameters));
  EXPECT_LT(largest_gradient(data, model, 2.0, [](double) { return 1; }), 0.1);
  EXPECT_GT(largest_gradient(data, model, 2.0, [](double n) { return n; }), 1.0);
}

TEST(Factorization, DivergenceNamesEpochValueAndRemedy) {
  const TrainingData data(random_ratings(31, 33, 0.4, test::random_seed()));
  for (const Error& error :
       {training_error<Mf>(data, {{"learning_rate", 10.0}}), training_error<Pmf>(data, {{"learning_rate", 10.0}}),
        training_error<Mf>(data, {{"learning_rate", 10.0}, {"epochs", 1.0}})}) {
    EXPECT_EQ(error.kind(), ErrorKind::kDiverged) << error.what();
    EXPECT_THAT(error.what(), testing::ContainsRegex("is -?(nan|inf|[0-9.e+]+) in epoch [0-9]+; lower learning_rate"));
  }
}

TEST(Factorization, ScoreIsThePredictedRatingBitForBit) {
  const TrainingData data(random_ratings(33, 31, 0.4, test::random_seed()));
  for (const double factors : {1.0, 31.0, 33.0}) {
    const Mf model = trained<Mf>(data, {{"factors", factors}});
    EXPECT_EQ(test::all_scores(model, data), predictions(model, data)) << factors;
  }
}

TEST(Pmf, LogisticLinkPredictsInsideTheGridAndScoresInTheSameOrder) {
  const TrainingData data(random_ratings(33, 31, 0.4, test::random_seed()));
  const Pmf model = trained<Pmf>(data, {{"link", "logistic"}, {"learning_rate", 0.5}});
  const std::vector<float> scores = test::all_scores(model, data), ratings = predictions(model, data);
  for (std::size_t a = 0; a < scores.size(); ++a) {
    EXPECT_GE(ratings[a], 0.5f);
    EXPECT_LE(ratings[a], 5.0f);
    if (a > 0 && scores[a] > scores[a - 1]) {
      EXPECT_GE(ratings[a], ratings[a - 1]);
    }
  }
  EXPECT_NEAR(SavedFactors(model).mean, std::log(test::mean_unit_rating(data) / (1 - test::mean_unit_rating(data))),
              1e-5);
}

TEST(Factorization, WithoutRatingsThePredictionIsMeanAndBias) {
  Ratings ratings = random_ratings(31, 33, 0.4, test::random_seed());
  ratings.user_count += 1;
  ratings.item_count += 1;
  const TrainingData data(std::move(ratings));
  const Mf model = trained<Mf>(data, {});
  const SavedFactors saved(model);
  const std::vector<float> all = predictions(model, data);
  EXPECT_EQ(all.back(), saved.mean);
  for (int64_t item = 0; item < 33; ++item) {
    EXPECT_EQ(all[static_cast<std::size_t>(31 * 34 + item)],
              saved.mean + saved.item_biases[static_cast<std::size_t>(item)]);
  }
}

TEST(Factorization, WithoutBiasesThereIsTheProductAlone) {
  const TrainingData data(random_ratings(31, 33, 0.4, test::random_seed()));
  const SavedFactors plain(trained<Mf>(data, {{"biases", 0.0}}));
  const SavedFactors centred(trained<Pmf>(data, {{"biases", 0.0}}));
  const SavedFactors original(trained<Pmf>(data, {{"biases", 0.0}, {"center", 0.0}}));
  EXPECT_EQ(plain.mean, 0.0f);
  EXPECT_EQ(original.mean, 0.0f);
  EXPECT_GT(centred.mean, 2.0f);
  for (const SavedFactors& model : {plain, centred, original}) {
    EXPECT_THAT(model.user_biases, testing::Each(0.0f));
    EXPECT_THAT(model.item_biases, testing::Each(0.0f));
  }
}

struct Curve : SilentMonitor {
  std::map<std::string, std::vector<double>> values;
  double done = 0, total = 0;

  void metric(int64_t epoch, std::string_view name, double value) override {
    SilentMonitor::metric(epoch, name, value);
    values[std::string(name)].push_back(value);
    EXPECT_EQ(static_cast<std::size_t>(epoch), values[std::string(name)].size());
  }
  void progress(double now, double all, std::string_view unit) override {
    EXPECT_GE(now, done);
    EXPECT_EQ(unit, "epochs");
    done = now;
    total = all;
  }
};

double log_normal(double value, double variance) {
  return -0.5 * (value * value / variance + std::log(2 * M_PI * variance));
}

double log_posterior(const TrainingData& data, const SavedFactors& model, double noise, double user_variance,
                     double item_variance, double bias_variance) {
  double sum = 0;
  const SparseView rows = data.by_user.view();
  for (int32_t user = 0; user < rows.rows; ++user) {
    for (int64_t n = rows.offsets[user]; n < rows.offsets[user + 1]; ++n) {
      sum += log_normal(data.ratings.grid.value(rows.levels[n]) - model.predict(user, rows.indices[n]), noise);
    }
  }
  for (const float value : model.user_factors) sum += log_normal(static_cast<double>(value), user_variance);
  for (const float value : model.item_factors) sum += log_normal(static_cast<double>(value), item_variance);
  for (const float value : model.user_biases) sum += log_normal(static_cast<double>(value), bias_variance);
  for (const float value : model.item_biases) sum += log_normal(static_cast<double>(value), bias_variance);
  return sum;
}

TEST(Pmf, ReportsNoiseVarianceAndLogPosteriorOfEachEpoch) {
  const TrainingData data(random_ratings(31, 33, 0.4, test::random_seed()));
  Pmf model;
  test::set_parameters(model, {{"factors", 5.0},
                               {"epochs", 12.0},
                               {"noise_variance", 0.7},
                               {"user_variance", 0.3},
                               {"item_variance", 0.2},
                               {"bias_variance", 0.4}});
  Curve curve;
  ASSERT_TRUE(test::train(model, data.input(kSeed), 2, curve));
  ASSERT_EQ(curve.values["log_posterior"].size(), 12u);
  for (std::size_t epoch = 0; epoch < 12; ++epoch) {
    const double rmse = curve.values["train_rmse"][epoch];
    EXPECT_NEAR(curve.values["noise_variance"][epoch], rmse * rmse, 1e-9);
    if (epoch > 0) {
      EXPECT_GT(curve.values["log_posterior"][epoch], curve.values["log_posterior"][epoch - 1]);
    }
  }
  const double expected = log_posterior(data, SavedFactors(model), 0.7, 0.3, 0.2, 0.4);
  EXPECT_NEAR(curve.values["log_posterior"].back(), expected, 1e-5 * std::abs(expected));
}

TEST(Mf, ReportsAFallingErrorAndAllOfItsProgress) {
  const TrainingData data(random_ratings(31, 33, 0.4, test::random_seed()));
  Mf model;
  test::set_parameters(model, {{"epochs", 5.0}});
  Curve curve;
  ASSERT_TRUE(test::train(model, data.input(kSeed), 2, curve));
  ASSERT_EQ(curve.values["running_train_rmse"].size(), 5u);
  EXPECT_LT(curve.values["running_train_rmse"].back(), curve.values["running_train_rmse"].front());
  EXPECT_EQ(curve.done, 5.0);
  EXPECT_EQ(curve.total, 5.0);
}

TEST(Factorization, WarmStartKeepsKnownRowsAndDrawsNewOnesByRow) {
  const TrainingData before(random_ratings(26, 30, 0.5, 1)), after(random_ratings(33, 37, 0.5, 2));
  const ParameterValues still = {{"factors", 5.0}, {"epochs", 1.0}, {"learning_rate", 1e-30}};
  const Pmf initial = trained<Pmf>(before, {{"factors", 5.0}});
  const SavedFactors known(initial), warm(trained<Mf>(after, still, &initial)), fresh(trained<Mf>(after, still));
  const TrainingData larger(random_ratings(131, 131, 0.5, 3));
  const SavedFactors elsewhere(trained<Mf>(larger, still));
  for (int64_t user = 0; user < 33; ++user) {
    for (int64_t k = 0; k < 5; ++k) {
      EXPECT_EQ(warm.p(user, k), user < 26 ? known.p(user, k) : fresh.p(user, k)) << user;
      EXPECT_EQ(fresh.p(user, k), elsewhere.p(user, k)) << user;
    }
  }
  for (int64_t item = 0; item < 37; ++item) {
    for (int64_t k = 0; k < 5; ++k) EXPECT_EQ(warm.q(item, k), item < 30 ? known.q(item, k) : fresh.q(item, k)) << item;
  }
  for (std::size_t item = 0; item < 30; ++item) EXPECT_EQ(warm.item_biases[item], known.item_biases[item]);
}

TEST(Factorization, WarmStartFromWhatDoesNotFitIsAnError) {
  const TrainingData data(random_ratings(26, 30, 0.5, 1)), smaller(random_ratings(25, 30, 0.5, 1));
  const Mf initial = trained<Mf>(data, {{"factors", 5.0}});
  const Pmf logistic = trained<Pmf>(data, {{"factors", 5.0}, {"link", "logistic"}});
  const Random other;
  const Error factors = training_error<Mf>(data, {{"factors", 6.0}}, &initial);
  EXPECT_THAT(factors.what(), testing::AllOf(testing::HasSubstr("6 factors"), testing::HasSubstr("from one of 5")));
  EXPECT_THAT(training_error<Mf>(data, {{"factors", 5.0}}, &other).what(), testing::HasSubstr("\"random\""));
  EXPECT_THAT(training_error<Mf>(data, {{"factors", 5.0}}, &logistic).what(), testing::HasSubstr("logistic"));
  EXPECT_THAT(training_error<Mf>(smaller, {{"factors", 5.0}}, &initial).what(), testing::HasSubstr("25 users"));
}

TEST(Factorization, StoppedInsideAnEpochItResumesToTheSameBytes) {
  const TrainingData data(random_ratings(131, 197, 0.7, test::random_seed()));  // 18 000 ratings: 4 strata an epoch
  const ParameterValues parameters = {{"factors", 5.0}, {"epochs", 2.0}};
  const std::string undisturbed = test::saved_bytes(trained<Pmf>(data, parameters));
  int64_t offers = 0;
  for (;; ++offers) {
    test::StoppingMonitor first(offers + 1);
    Pmf stopped, resumed;
    test::set_parameters(stopped, parameters);
    test::set_parameters(resumed, parameters);
    if (test::train(stopped, data.input(kSeed), 2, first)) break;
    test::StoppingMonitor second(0, &first);
    ASSERT_TRUE(test::train(resumed, data.input(kSeed), 3, second));
    EXPECT_TRUE(test::saved_bytes(resumed) == undisturbed) << "stopped at offer " << offers + 1;
  }
  EXPECT_EQ(offers, 7);
}

TEST(Factorization, ACheckpointOfAnotherShapeIsAnError) {
  const TrainingData data(random_ratings(31, 33, 0.4, 1)), other(random_ratings(31, 34, 0.4, 1));
  test::StoppingMonitor first(1);
  Mf stopped, resumed;
  ASSERT_FALSE(test::train(stopped, data.input(kSeed), 2, first));
  test::StoppingMonitor second(0, &first);
  EXPECT_THROW(test::train(resumed, other.input(kSeed), 2, second), Error);
}

TEST(Factorization, SimilarItemsAreThoseOfTheLargestCosine) {
  Ratings ratings = random_ratings(31, 33, 0.4, test::random_seed());
  ratings.item_count += 1;
  const TrainingData data(std::move(ratings));
  const Mf model = trained<Mf>(data, {{"factors", 7.0}});
  const SavedFactors saved(model);
  const auto similar = model.similar_items(3, 40);
  ASSERT_EQ(similar.size(), 32u);
  for (const ScoredItem& other : similar) {
    EXPECT_NEAR(other.score, saved.item_cosine(3, other.item), 1e-6);
    EXPECT_LT(other.item, 33) << "an item without ratings";
  }
  EXPECT_TRUE(model.similar_items(33, 5).empty());
}

TEST(Factorization, PredictedBytesAreThoseOfRatingsTilesAndFactors) {
  Mf model;
  test::set_parameters(model, {{"factors", 64.0}});
  constexpr int64_t kTiles = 1024 * 1024;  // of the ratings: an offset each
  const int64_t least = 10'000'000 * 12 + kTiles * 8 + (70'000 + 2 * 10'000) * int64_t{64} * 4;
  const int64_t bytes = model.host_bytes({70'000, 10'000, 10'000'000});
  EXPECT_GE(bytes, least);
  EXPECT_LE(bytes, least + least / 20);
}

}  // namespace
}  // namespace matinee::engine
