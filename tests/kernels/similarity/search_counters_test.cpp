#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/similarity/search_kinds.h"
#include "kernels/similarity/top_neighbours.h"
#include "tests/support/cuda_device.h"
#include "tests/support/launch_counters.h"
#include "tests/support/neighbours_found.h"
#include "tests/support/random_seed.h"
#include "tests/support/training_data.h"

namespace matinee::similarity {
namespace {

using test::Counted;
using test::counted;

std::vector<SimulatedGpuLaunch> launches_of_search(const engine::SparseRatings& rows, const Options& options,
                                                   SearchWay way) {
  return test::launches_of([&] {
    Context context(test::cuda_device(), 2);
    test::find_neighbours(context, rows, options, INT32_MAX, way);
  });
}

class SearchCounters : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    MATINEE_NEEDS_CUDA();
    if (!test::device_counts_launches()) GTEST_SKIP() << "this device counts nothing";
  }
};

INSTANTIATE_TEST_SUITE_P(Kinds, SearchCounters,
                         testing::Values(Kind::kCosine, Kind::kAdjustedCosine, Kind::kPearson, Kind::kJaccard));

TEST_P(SearchCounters, KernelsReadWholeSectorsWithoutBankConflicts) {
  const auto rows = engine::transposed(engine::by_user(test::random_ratings(300, 700, 0.1, test::random_seed())));
  const Options options{.kind = GetParam(), .neighbours = 30};
  for (const SearchWay way : {SearchWay::kPanels, SearchWay::kProducts}) {
    const auto launches = launches_of_search(rows, options, way);
    const bool panels = way == SearchWay::kPanels;
    for (const char* kernel : {panels ? "fill_panels_kernel" : "fill_gram_kernel",
                               panels ? "search_panels_kernel" : "rank_products_kernel", "merge_lists_kernel"}) {
      const Counted found = counted(launches, kernel);
      ASSERT_GT(found.launches, 0) << kernel;
      std::printf("%s: sector efficiency %.3f, bank conflicts %.3f\n", kernel, found.sector_efficiency(),
                  found.conflicts());
      EXPECT_GE(found.sector_efficiency(), 0.85) << kernel;
      EXPECT_LE(found.conflicts(), 0.05) << kernel;
    }
  }
}

// What search_panels.cuh says: a line of cells per (rating, tile), the rating and its row once per block, norms of a
// tile's rows once per row.
TEST_P(SearchCounters, PanelsAreReadOncePerRatingAndTile) {
  const auto rows = engine::transposed(engine::by_user(test::random_ratings(300, 700, 0.1, test::random_seed())));
  const auto launches = launches_of_search(rows, {.kind = GetParam(), .neighbours = 30}, SearchWay::kPanels);
  const double cell = GetParam() == Kind::kAdjustedCosine ? 2 : 1;
  const double tiles = (rows.rows + kTileRows - 1) / kTileRows, ratings = static_cast<double>(rows.size());
  const double norms = GetParam() == Kind::kPearson ? 0 : 8.0 * rows.rows * rows.rows;
  const double needed = ratings * (tiles * kTileRows * cell + 4 + cell) + norms + 16.0 * rows.rows;
  const Counted found = counted(launches, "search_panels_kernel");
  std::printf("%.0f bytes needed, %.0f asked for, %.0f moved\n", needed, found.loaded, 32 * found.sectors);
  const double lists = 8.0 * 30 * rows.rows;  // written
  EXPECT_LE(32 * found.sectors, 1.15 * (needed + lists));
}

}  // namespace
}  // namespace matinee::similarity
