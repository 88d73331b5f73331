#include "kernels/similarity/search_way.h"

#include "kernels/support/error.h"
#include "kernels/support/grid.h"

namespace matinee::similarity {
namespace {

constexpr double kWarpInstructionsPerClock = 4;
// 8-bit multiply-adds per clock: half of what an A100 can do at most (2048), a quarter of an H100.
constexpr double kMultiplyAddsPerClock = 1024;
constexpr double kBytesPerClock = 12;  // of memory, per multiprocessor: an H100's 3.35 TB/s

// Of a warp, per rating and tile: see search_panels.cuh.
double panel_instructions(SumSet sums) {
  switch (sums) {
    case SumSet::kCount:
      return 32;
    case SumSet::kProduct:
      return 40;
    case SumSet::kMoments:
      break;
  }
  return 60;
}

std::string millions(double clocks) {
  return fmt::format("{:.1f} million clocks", clocks / 1e6);
}

}  // namespace

SearchCosts search_costs(const SearchSize& size) {
  const auto rows = static_cast<double>(rounded_up(size.rows, kTileRows));
  const auto columns = static_cast<double>(rounded_up(size.columns, kTileRows));
  SearchCosts costs;
  costs.panels =
      static_cast<double>(size.ratings) * rows / kTileRows * panel_instructions(size.sums) / kWarpInstructionsPerClock;
  // Each product writes and reads 4 bytes per pair of rows.
  costs.products = size.products * rows * rows * (columns / kMultiplyAddsPerClock + 8 / kBytesPerClock);
  return costs;
}

ChosenWay choose_way(SearchWay wanted, const SearchSize& size) {
  if (size.products == 0) {
    if (wanted != SearchWay::kProducts) return {SearchWay::kPanels, "sums over panels: the only way for this kind"};
    fail(ErrorKind::kConfig, "item similarity: this kind has no way by products of 8-bit matrices");
  }
  if (wanted != SearchWay::kCheapest) return {wanted, "as asked for"};
  const SearchCosts costs = search_costs(size);
  const bool products = costs.products < costs.panels;
  return {products ? SearchWay::kProducts : SearchWay::kPanels,
          fmt::format("{}: predicted {} by panels, {} by 8-bit products",
                      products ? "8-bit products by cuBLAS" : "sums over panels", millions(costs.panels),
                      millions(costs.products))};
}

}  // namespace matinee::similarity
