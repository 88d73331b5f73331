#include "kernels/neural_cf/example_sampler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/support/array.h"
#include "kernels/support/error.h"
#include "tests/support/cuda_device.h"
#include "tests/support/random_seed.h"
#include "tests/support/training_data.h"

namespace matinee::neural_cf {
namespace {

using test::TrainingData;

using Example = std::array<int32_t, 3>;  // user, item, label

template <typename T>
std::vector<T> fetched(Context& context, const T* numbers, int64_t count);

// The examples of an epoch, in batches of `batch`, on the CPU.
std::vector<Example> epoch_on_cpu(int threads, const TrainingData& data, int64_t negatives, uint64_t seed,
                                  int64_t epoch, int64_t batch) {
  Context context({}, threads);
  const auto sampler = make_sampler(context, data.by_user.view(), {negatives, seed, batch});
  sampler->draw(context, epoch);
  std::vector<Example> examples;
  for (int64_t first = 0; first < sampler->examples(); first += batch) {
    const ExamplesView view = sampler->batch(context, first, std::min(batch, sampler->examples() - first));
    for (int64_t n = 0; n < view.count; ++n) {
      examples.push_back({view.users[n], view.items[n], static_cast<int32_t>(view.labels[n])});
    }
  }
  return examples;
}

bool is_rated(const TrainingData& data, int32_t user, int32_t item) {
  const auto rated = data.by_user.view().row_indices(user);
  return std::ranges::binary_search(rated, item);
}

// All but the first of each user's ratings.
class PartOfRatings {
 public:
  explicit PartOfRatings(const TrainingData& data) {
    const SparseView all = data.by_user.view();
    part_.rows = all.rows;
    part_.columns = all.columns;
    for (int32_t user = 0; user < all.rows; ++user) {
      for (int64_t n = all.offsets[user] + 1; n < all.offsets[user + 1]; ++n) {
        part_.indices.push_back(all.indices[n]);
        part_.levels.push_back(all.levels[n]);
      }
      part_.offsets.push_back(part_.size());
    }
  }
  SparseView view() const { return part_.view(); }

 private:
  engine::SparseRatings part_;
};

TEST(ExampleSampler, GivesEachRatingOnceWithItsNegatives) {
  const TrainingData data(test::random_ratings(31, 33, 0.3, test::random_seed()));
  for (const int64_t negatives : {1, 4, 7}) {
    const auto examples = epoch_on_cpu(2, data, negatives, test::random_seed(), 3, 17);
    std::vector<std::pair<int32_t, int32_t>> positives;
    std::map<int32_t, int64_t> counts;
    for (const auto& [user, item, label] : examples) {
      EXPECT_EQ(is_rated(data, user, item), label == 1);
      if (label == 1) positives.emplace_back(user, item);
      counts[user] += label == 1 ? negatives : -1;
    }
    std::ranges::sort(positives);
    EXPECT_EQ(std::ranges::adjacent_find(positives), positives.end());
    EXPECT_EQ(static_cast<int64_t>(positives.size()), data.by_user.size());
    for (const auto& [user, left] : counts) EXPECT_EQ(left, 0) << user;
  }
}

TEST(ExampleSampler, DrawsEpochsOfTheirOwnWhateverTheBatchesAndThreads) {
  const TrainingData data(test::random_ratings(131, 133, 0.3, test::random_seed()));
  const uint64_t seed = test::random_seed();
  const auto examples = epoch_on_cpu(1, data, 4, seed, 0, 64);
  EXPECT_EQ(epoch_on_cpu(3, data, 4, seed, 0, 9000), examples);
  auto other_epoch = epoch_on_cpu(1, data, 4, seed, 1, 64), other_seed = epoch_on_cpu(1, data, 4, seed + 1, 0, 64);
  EXPECT_NE(other_epoch, examples);
  EXPECT_NE(other_seed, examples);
  auto sorted = examples;
  std::ranges::sort(sorted);
  std::ranges::sort(other_epoch);
  EXPECT_NE(other_epoch, sorted) << "other negatives, not only another order";
}

// One user, who has rated items 3 and 4 of 9: each other item is drawn as often as the others.
TEST(ExampleSampler, DrawsAllUnratedItemsAlike) {
  engine::Ratings ratings;
  ratings.user_count = 1;
  ratings.item_count = 9;
  ratings.users = {0, 0};
  ratings.items = {3, 4};
  ratings.levels = {1, 1};
  const TrainingData data(ratings);
  std::array<int64_t, 9> counts{};
  constexpr int64_t kNegatives = 1000, kEpochs = 10;
  for (int64_t epoch = 0; epoch < kEpochs; ++epoch) {
    for (const auto& [user, item, label] : epoch_on_cpu(1, data, kNegatives, test::random_seed(), epoch, 100)) {
      if (label == 0) ++counts[static_cast<std::size_t>(item)];
    }
  }
  const double expected = 2.0 * kNegatives * kEpochs / 7;
  for (int64_t item = 0; item < 9; ++item) {
    const double wanted = item == 3 || item == 4 ? 0 : expected;
    // 7 standard deviations of a binomial count.
    EXPECT_NEAR(static_cast<double>(counts[static_cast<std::size_t>(item)]), wanted, 7 * std::sqrt(wanted));
  }
}

TEST(ExampleSampler, PassesOverUsersWhoHaveRatedEverything) {
  engine::Ratings ratings;
  ratings.user_count = 2;
  ratings.item_count = 2;
  ratings.users = {0, 0, 1};
  ratings.items = {0, 1, 1};
  ratings.levels = {1, 1, 1};
  auto examples = epoch_on_cpu(1, TrainingData(ratings), 2, test::random_seed(), 0, 2);
  std::ranges::sort(examples);
  EXPECT_EQ(examples, (std::vector<Example>{{1, 0, 0}, {1, 0, 0}, {1, 1, 1}}));
}

// Of each user's ratings all but the first give examples; negatives are none of them all.
TEST(ExampleSampler, PassesOverWhatElseIsRated) {
  const TrainingData data(test::random_ratings(31, 33, 0.4, test::random_seed()));
  const PartOfRatings part(data);
  Context context({}, 2);
  const SamplerOptions options = {4, test::random_seed(), 5000, data.by_user.view()};
  const auto sampler = make_sampler(context, part.view(), options);
  ASSERT_EQ(sampler->examples(), 5 * part.view().size());
  sampler->draw(context, 0);
  const ExamplesView view = sampler->batch(context, 0, sampler->examples());
  int64_t positives = 0;
  for (int64_t n = 0; n < view.count; ++n) {
    EXPECT_EQ(is_rated(data, view.users[n], view.items[n]), view.labels[n] == 1);
    positives += view.labels[n] == 1 ? 1 : 0;
  }
  EXPECT_EQ(positives, part.view().size());
}

TEST(ExampleSampler, RefusesWhatGivesNoExamples) {
  Context context({}, 1);
  EXPECT_THROW(make_sampler(context, {}, {0, 1, 1}), Error);
  EXPECT_THROW(make_sampler(context, {}, {1, 1, 0}), Error);
}

TEST(ExampleSamplerCuda, DrawsTheExamplesOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  const TrainingData data(test::random_ratings(61, 33, 0.3, test::random_seed()));
  const uint64_t seed = test::random_seed();
  constexpr int64_t kBatch = 333;
  Context cpu({}, 1), cuda(test::cuda_device(), 1);
  const PartOfRatings part(data);
  for (const SamplerOptions& options :
       {SamplerOptions{3, seed, kBatch}, SamplerOptions{3, seed, kBatch, data.by_user.view()}}) {
    const SparseView positives = options.rated.rows > 0 ? part.view() : data.by_user.view();
    const auto expected = make_sampler(cpu, positives, options);
    const auto found = make_sampler(cuda, positives, options);
    ASSERT_EQ(found->examples(), expected->examples());
    // Batches on the device are read through a step of training only: here by one whose loss tells them apart.
    for (const int64_t epoch : {0, 5}) {
      expected->draw(cpu, epoch);
      found->draw(cuda, epoch);
      for (int64_t first = 0; first < expected->examples(); first += kBatch) {
        const int64_t count = std::min(kBatch, expected->examples() - first);
        const ExamplesView here = expected->batch(cpu, first, count), there = found->batch(cuda, first, count);
        EXPECT_EQ(fetched(cuda, there.users, count), std::vector<int32_t>(here.users, here.users + count));
        EXPECT_EQ(fetched(cuda, there.items, count), std::vector<int32_t>(here.items, here.items + count));
        EXPECT_EQ(fetched(cuda, there.labels, count), std::vector<float>(here.labels, here.labels + count));
      }
    }
  }
}

template <typename T>
std::vector<T> fetched(Context& context, const T* numbers, int64_t count) {
  std::vector<T> values(static_cast<std::size_t>(count));
  detail::copy_out(context, values.data(), numbers, count * static_cast<int64_t>(sizeof(T)));
  return values;
}

}  // namespace
}  // namespace matinee::neural_cf
