#include "kernels/similarity/fuse_rows.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"

namespace matinee::similarity {
namespace {

constexpr RowScale kScales[] = {RowScale::kRowMax, RowScale::kMinMax, RowScale::kZScore, RowScale::kRank};
constexpr FusionRatio kRatios[] = {{1, 0}, {0, 1}, {7, 1}, {1, 2}};

struct Problem {
  int64_t all;
  std::vector<float> first, second;  // (all × all)

  // Of the first many are 0, some negative; of the second many tie. Some rows are all 0 in the one or the other.
  Problem(int64_t size, uint64_t seed) : all(size) {
    const Philox draws(seed, 3);
    for (int64_t n = 0; n < all * all; ++n) {
      const auto at = static_cast<uint64_t>(n);
      const double one = normal(draws, 2 * at), other = normal(draws, 2 * at + 1);
      const int64_t row = n / all;
      first.push_back((one < 0.3 && one > -1.5) || row % 7 == 3 ? 0.0F : static_cast<float>(one));
      second.push_back(row % 11 == 5 ? 0.0F : static_cast<float>(std::round(8 * other) / 8 + 3));
    }
  }
};

struct Lists {
  std::vector<int32_t> indices, counts;
  std::vector<float> similarities;
  bool operator==(const Lists&) const = default;
};

struct Fused {
  std::vector<Lists> lists;  // by ratio
  std::vector<float> magnitudes;
  bool operator==(const Fused&) const = default;
};

Fused fuse(const Problem& problem, const FusionOptions& options, int threads, int64_t rows_per_call) {
  Context context({}, threads);
  const int64_t all = problem.all, width = options.neighbours;
  Fused fused;
  fused.magnitudes.assign(static_cast<std::size_t>(all), -1);
  for (std::size_t n = 0; n < std::size(kRatios); ++n) {
    const auto size = static_cast<std::size_t>(all * width);
    fused.lists.push_back({std::vector<int32_t>(size, -1), std::vector<int32_t>(static_cast<std::size_t>(all)),
                           std::vector<float>(size)});
  }
  for (int64_t begin = 0; begin < all; begin += rows_per_call) {
    const int64_t count = std::min(rows_per_call, all - begin);
    std::vector<NeighbourRows> results;
    for (Lists& lists : fused.lists) {
      results.push_back(
          {{lists.indices.data() + begin * width, count, width, width},
           {lists.similarities.data() + begin * width, count, width, width},
           std::span(lists.counts).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(count))});
    }
    fuse_rows(context, {problem.first.data() + begin * all, count, all, all},
              {problem.second.data() + begin * all, count, all, all}, static_cast<int32_t>(begin), options, kRatios,
              results,
              std::span(fused.magnitudes).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(count)));
  }
  return fused;
}

struct Stretch {
  double least, greatest, mean, deviation, magnitude;
};

Stretch stretch_of(const std::vector<double>& values) {
  const auto [least, greatest] = std::ranges::minmax(values);
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {least, greatest, mean, std::sqrt(squares / count), std::max(std::abs(least), std::abs(greatest))};
}

// The second similarities of one row, without its own, on the scale of the first; by the definitions of the header.
std::vector<double> naive_scaled(const std::vector<double>& first, const std::vector<double>& second, RowScale scale) {
  std::vector<double> scaled(second.size(), 0.0);
  const Stretch of_first = stretch_of(first), of_second = stretch_of(second);
  if (of_second.least == of_second.greatest) return scaled;
  for (std::size_t n = 0; n < second.size(); ++n) {
    if (of_first.magnitude == 0) {
      scaled[n] = of_second.greatest > 0 ? second[n] / of_second.greatest : 0;
    } else if (scale == RowScale::kRowMax) {
      scaled[n] = of_second.greatest > 0 ? second[n] / of_second.greatest * std::max(of_first.greatest, 0.0) : 0;
    } else if (scale == RowScale::kMinMax) {
      const double share = (second[n] - of_second.least) / (of_second.greatest - of_second.least);
      scaled[n] = of_first.least + share * (of_first.greatest - of_first.least);
    } else if (scale == RowScale::kZScore) {
      scaled[n] = of_first.mean + (second[n] - of_second.mean) / of_second.deviation * of_first.deviation;
    } else {
      std::vector<double> rising = first;
      std::ranges::sort(rising);
      const auto below = std::ranges::count_if(second, [&](double other) { return other < second[n]; });
      const auto same = std::ranges::count(second, second[n]);
      scaled[n] =
          std::accumulate(rising.begin() + below, rising.begin() + below + same, 0.0) / static_cast<double>(same);
    }
  }
  return scaled;
}

void expect_row(const Problem& problem, const FusionOptions& options, const Fused& fused, int64_t row) {
  std::vector<double> first, second;
  std::vector<int32_t> columns;
  for (int64_t column = 0; column < problem.all; ++column) {
    if (column == row) continue;
    const auto at = static_cast<std::size_t>(row * problem.all + column);
    first.push_back(problem.first[at]);
    second.push_back(problem.second[at]);
    columns.push_back(static_cast<int32_t>(column));
  }
  if (first.empty()) return;
  const std::vector<double> scaled = naive_scaled(first, second, options.scale);
  EXPECT_EQ(fused.magnitudes[static_cast<std::size_t>(row)], static_cast<float>(stretch_of(first).magnitude));
  for (std::size_t r = 0; r < std::size(kRatios); ++r) {
    const double a = kRatios[r].first, b = kRatios[r].second;
    std::map<int32_t, double> left;  // what may be a neighbour
    for (std::size_t n = 0; n < columns.size(); ++n) left[columns[n]] = (a * first[n] + b * scaled[n]) / (a + b);
    const Lists& lists = fused.lists[r];
    const auto filled = static_cast<std::size_t>(lists.counts[static_cast<std::size_t>(row)]);
    const auto begin = static_cast<std::size_t>(row * options.neighbours);
    for (std::size_t place = 0; place < filled; ++place) {
      const int32_t index = lists.indices[begin + place];
      const float value = lists.similarities[begin + place];
      ASSERT_TRUE(left.contains(index)) << "row " << row << ", neighbour " << index;
      ASSERT_NEAR(value, left[index], 1e-5);
      ASSERT_TRUE(options.keep_negative ? value != 0 : value > 0);
      if (b == 0) {
        ASSERT_EQ(value, problem.first[static_cast<std::size_t>(row * problem.all + index)]);
      }
      if (place > 0) {
        const float before = lists.similarities[begin + place - 1];
        ASSERT_TRUE(before > value || (before == value && lists.indices[begin + place - 1] < index));
      }
      left.erase(index);
    }
    const bool full = filled == static_cast<std::size_t>(options.neighbours);
    for (const auto& [index, value] : left) {
      if (std::abs(value) < 1e-5 || (value < 0 && !options.keep_negative)) continue;
      ASSERT_TRUE(full) << "row " << row << " lacks " << index << " with " << value;
      ASSERT_LE(value, lists.similarities[begin + filled - 1] + 1e-5);
    }
  }
}

TEST(FuseRows, FindTheBestOfTheFusedSimilarities) {
  uint64_t seed = test::random_seed();
  for (const int64_t all : {1, 2, 31, 33, 131}) {
    const Problem problem(all, ++seed);
    for (const RowScale scale : kScales) {
      for (const bool keep_negative : {false, true}) {
        SCOPED_TRACE(testing::Message() << all << " rows, scale " << static_cast<int>(scale));
        const FusionOptions options{scale, 9, keep_negative};
        const Fused fused = fuse(problem, options, 2, all);
        for (int64_t row = 0; row < all; ++row) expect_row(problem, options, fused, row);
        EXPECT_TRUE(fused == fuse(problem, options, 3, 13)) << "threads and rows a call change nothing";
      }
    }
  }
}

TEST(FuseRows, RefuseWhatDoesNotFit) {
  Context context({}, 1);
  const Problem problem(3, 1);
  std::vector<int32_t> indices(3), counts(1);
  std::vector<float> similarities(3), magnitudes(1);
  const auto fuse_one = [&](FusionRatio ratio, int64_t width, int64_t all) {
    const NeighbourRows result{{indices.data(), 1, width, width}, {similarities.data(), 1, width, width}, counts};
    fuse_rows(context, {problem.first.data(), 1, 3, 3}, {problem.second.data(), 1, all, 3}, 0, {.neighbours = 2},
              std::span(&ratio, 1), std::span(&result, 1), magnitudes);
  };
  EXPECT_NO_THROW(fuse_one({1, 1}, 2, 3));
  EXPECT_THROW(fuse_one({1, 1}, 3, 3), Error);
  EXPECT_THROW(fuse_one({1, 1}, 2, 2), Error);
  for (const FusionRatio ratio : {FusionRatio{0, 0}, {-1, 2}, {1, std::nan("")}, {INFINITY, 1}}) {
    EXPECT_THROW(fuse_one(ratio, 2, 3), Error);
  }
}

}  // namespace
}  // namespace matinee::similarity
