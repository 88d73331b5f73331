#pragma once

#include <gtest/gtest.h>

#include "engine/evaluation/evaluate.h"
#include "kernels/support/philox.h"
#include "tests/engine/evaluation/naive_evaluation.h"
#include "tests/support/training_data.h"

namespace matinee::engine {

using test::TableModel;

// A third of random ratings held out.
inline Fold random_fold(int32_t users, int32_t items, double density, uint64_t seed) {
  const Ratings all = test::random_ratings(users, items, density, seed);
  const Philox draws(seed, stream_id(RandomStream::kSplit));
  Ratings train = all;
  train.users.clear();
  train.items.clear();
  train.levels.clear();
  Fold fold;
  fold.test = train;
  for (std::size_t n = 0; n < all.users.size(); ++n) {
    Ratings& side = draws.below(n, 3) == 0 ? fold.test : train;
    side.users.push_back(all.users[n]);
    side.items.push_back(all.items[n]);
    side.levels.push_back(all.levels[n]);
  }
  fold.train = by_user(train);
  return fold;
}

// Scores on a grid so coarse that ties are many; as ratings they leave the range 0.5 .. 5.
inline TableModel random_table(int32_t users, int32_t items, uint64_t seed, bool predicts = true) {
  const Philox draws(seed, stream_id(RandomStream::kSynthetic, 3));
  std::vector<float> table;
  for (int64_t n = 0; n < int64_t{users} * items; ++n) {
    table.push_back(static_cast<float>(draws.below(static_cast<uint64_t>(n), 14)) * 0.5f - 0.5f);
  }
  return TableModel(items, std::move(table), predicts);
}

inline EvaluationOptions every_metric() {
  EvaluationOptions options;
  options.metrics.push_back(Metric::kIls);
  options.top_n = {10, 1, 5};
  return options;
}

inline std::vector<Evaluation> evaluated(const Model& model, std::span<const Fold> folds,
                                         const EvaluationOptions& options, int threads = 2) {
  Context context({}, threads);
  std::vector<EvaluatedFold> all;
  for (const Fold& fold : folds) all.push_back({&model, &fold});
  return evaluate(context, all, options, 42, nullptr);
}

inline std::vector<Evaluation> evaluated(const Model& model, const Fold& fold, const EvaluationOptions& options,
                                         int threads = 2) {
  return evaluated(model, std::span(&fold, 1), options, threads);
}

inline std::optional<ProtocolValue> stated(const Evaluation& evaluation, std::string_view key) {
  for (const auto& [name, value] : evaluation.protocol) {
    if (name == key) return value;
  }
  return std::nullopt;
}

inline void expect_same(const std::vector<Evaluation>& left, const std::vector<Evaluation>& right) {
  ASSERT_EQ(left.size(), right.size());
  for (std::size_t n = 0; n < left.size(); ++n) {
    EXPECT_TRUE(left[n].protocol == right[n].protocol);
    EXPECT_EQ(left[n].metrics, right[n].metrics);
  }
}

// Lists that name every fifth unrated item for every user with an even index.
inline CandidateLists some_lists(const Fold& fold) {
  CandidateLists lists;
  lists.source = "negatives.txt";
  lists.sha256 = std::string(64, 'a');
  lists.dropped = 3;
  const auto train = test::pairs_of(fold.train), tested = test::pairs_of(by_user(fold.test));
  for (int32_t user = 0; user < fold.train.rows; user += 2) {
    for (int32_t item = user % 5; item < fold.train.columns; item += 5) {
      if (!train.contains({user, item}) && !tested.contains({user, item})) lists.items.push_back(item);
    }
    lists.users.push_back(user);
    lists.offsets.push_back(static_cast<int64_t>(lists.items.size()));
  }
  return lists;
}

}  // namespace matinee::engine
