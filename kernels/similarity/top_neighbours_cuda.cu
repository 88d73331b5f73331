#include <algorithm>
#include <vector>

#include "kernels/similarity/gram_products.cuh"
#include "kernels/similarity/merge_lists.cuh"
#include "kernels/similarity/search_panels.cuh"
#include "kernels/similarity/top_neighbours_cuda.h"
#include "kernels/support/block_selection.cuh"
#include "kernels/support/grid.h"
#include "kernels/support/sort_rows.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::similarity {
namespace {

constexpr int32_t kProductTiles = 64, kProductRows = 2048;  // of a group and of a pass, by products: 64 MB each

Measure measure_of(const Comparison& comparison) {
  const Options& options = comparison.options;
  return {options.kind,
          options.norms,
          options.shrink,
          static_cast<double>(options.min_common),
          comparison.column_weights.size() > 0 ? kWeightedVarianceFloor : 0.0,
          options.keep_negative};
}

// The search for the neighbours of some rows: tiles in groups whose panels fit, rows in passes whose lists fit.
class NeighbourSearch {
 public:
  NeighbourSearch(CudaResources& cuda, const Comparison& comparison)
      : cuda_(cuda),
        device_(*comparison.on_device),
        measure_(measure_of(comparison)),
        kept_(static_cast<int32_t>(std::min<int64_t>(comparison.options.neighbours, device_.rows))) {
    group_tiles_ = device_.tiles();
    if (device_.way == SearchWay::kProducts) group_tiles_ = std::min(group_tiles_, kProductTiles);
    if (device_.way == SearchWay::kProducts || device_.panels.size() > 0) return;
    // Half of what is free for panels, the other half for lists.
    group_tiles_ = static_cast<int32_t>(
        std::clamp<int64_t>(cuda.memory().available() / 2 / device_.tile_bytes(), 1, device_.tiles()));
    panels_ = DeviceBuffer<uint8_t>(cuda, group_tiles_ * device_.tile_bytes());
  }

  void run(int32_t first_row, const NeighbourRows& result) {
    const auto rows = static_cast<int32_t>(result.indices.rows);
    const int64_t per_row = sorts_all() ? 2 * key_stride() * 8 : (2 + group_splits()) * int64_t{kept_} * 8;
    const int64_t room = cuda_.memory().available() / 4 * 3;
    const bool products = device_.way == SearchWay::kProducts;
    const int64_t product_bytes = products ? 4 * gram_product_elements(device_, 8, {0, group_tiles_}) / 8 : 0;
    int64_t pass_rows = std::clamp<int64_t>(room / (per_row + product_bytes), 1, rows);
    if (products) pass_rows = std::min<int64_t>(pass_rows, kProductRows);
    const auto pass = static_cast<int32_t>(pass_rows);
    if (products) products_ = DeviceBuffer<int32_t>(cuda_, gram_product_elements(device_, pass, {0, group_tiles_}));
    for (int32_t begin = 0; begin < rows; begin += pass) {
      const int32_t count = std::min(pass, rows - begin);
      if (sorts_all()) {
        sort_all(first_row + begin, count);
      } else {
        keep_best(first_row + begin, count);
      }
      take(result, begin, count);
    }
  }

 private:
  // Longer lists than a block can hold: all keys of a row are sorted.
  bool sorts_all() const { return kept_ > kMostSelected; }
  int64_t key_stride() const { return int64_t{device_.tiles()} * kTileRows; }
  int32_t group_splits() const { return splits({0, group_tiles_}); }

  // Calls search_group(group) for each group of tiles.
  template <typename SearchGroup>
  void for_groups(const SearchGroup& search_group) {
    for (int32_t first = 0; first < device_.tiles(); first += group_tiles_) {
      search_group(TileGroup{first, std::min(group_tiles_, device_.tiles() - first)});
    }
  }

  void search(TileGroup group, const SearchTarget& target) {
    if (device_.way == SearchWay::kProducts) {
      search_products(cuda_, device_, measure_, group, products_.data(), target);
    } else if (device_.panels.size() > 0) {
      search_panels(cuda_, device_, measure_, group, device_.panels.data(), target);
    } else {
      fill_panels(cuda_, device_, group, panels_.data());
      search_panels(cuda_, device_, measure_, group, panels_.data(), target);
    }
  }

  // List 0 of each row is what earlier groups left, the others are of the splits of a group.
  void keep_best(int32_t first_row, int32_t rows) {
    const int64_t list_keys = int64_t{rows} * kept_;
    DeviceBuffer<uint64_t> lists(cuda_, (1 + group_splits()) * list_keys);
    lists.clear(0, list_keys);
    for_groups([&](TileGroup group) {
      lists.clear(list_keys, (1 + splits(group)) * list_keys);
      SearchTarget target;
      target.first_row = first_row;
      target.rows = rows;
      target.lists = lists.data() + list_keys;
      target.kept = kept_;
      search(group, target);
      merge_lists(cuda_, lists.data(), 1 + splits(group), rows, kept_);
    });
    unpack(lists.data(), kept_, rows);
  }

  void sort_all(int32_t first_row, int32_t rows) {
    DeviceBuffer<uint64_t> keys(cuda_, rows * key_stride()), sorted(cuda_, rows * key_stride());
    keys.clear();
    for_groups([&](TileGroup group) {
      SearchTarget target;
      target.first_row = first_row;
      target.rows = rows;
      target.keys = keys.data() + int64_t{group.first} * kTileRows;
      target.key_stride = key_stride();
      search(group, target);
    });
    sort_rows(cuda_, keys.data(), sorted.data(), rows, key_stride());
    unpack(sorted.data(), key_stride(), rows);
  }

  void unpack(const uint64_t* keys, int64_t stride, int32_t rows) {
    indices_ = DeviceBuffer<int32_t>(cuda_, int64_t{rows} * kept_);
    similarities_ = DeviceBuffer<float>(cuda_, int64_t{rows} * kept_);
    counts_ = DeviceBuffer<int32_t>(cuda_, rows);
    unpack_keys(cuda_, keys, stride, rows, kept_, indices_.data(), similarities_.data(), counts_.data());
  }

  // Copies what was unpacked into rows begin … begin + rows - 1 of the result.
  void take(const NeighbourRows& result, int32_t begin, int32_t rows) {
    host_indices_.resize(static_cast<std::size_t>(indices_.size()));
    host_similarities_.resize(static_cast<std::size_t>(similarities_.size()));
    const auto counts = result.counts.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(rows));
    download(cuda_, std::span(host_indices_), indices_);
    download(cuda_, std::span(host_similarities_), similarities_);
    download(cuda_, counts, counts_);
    for (int32_t row = 0; row < rows; ++row) {
      const int64_t first = element(row, kept_, 0);
      std::copy_n(host_indices_.data() + first, counts[static_cast<std::size_t>(row)], result.indices.row(begin + row));
      std::copy_n(host_similarities_.data() + first, counts[static_cast<std::size_t>(row)],
                  result.similarities.row(begin + row));
    }
  }

  CudaResources& cuda_;
  const DeviceComparison& device_;
  const Measure measure_;
  const int32_t kept_;
  int32_t group_tiles_ = 0;
  DeviceBuffer<uint8_t> panels_;    // of a group, where not all are kept
  DeviceBuffer<int32_t> products_;  // of a pass and a group
  DeviceBuffer<int32_t> indices_, counts_;
  DeviceBuffer<float> similarities_;
  std::vector<int32_t> host_indices_;
  std::vector<float> host_similarities_;
};

}  // namespace

void search_panels(CudaResources& cuda, const DeviceComparison& comparison, const Measure& measure, TileGroup group,
                   const void* panels, const SearchTarget& target) {
  const auto search = comparison.narrow ? search_narrow_panels : search_wide_panels;
  search(cuda, comparison, measure, group, panels, target);
}

void top_neighbours_cuda(Context& context, const Comparison& comparison, int32_t first_row,
                         const NeighbourRows& result) {
  if (result.indices.rows == 0) return;
  if (comparison.rows.size() == 0) {
    std::fill(result.counts.begin(), result.counts.end(), 0);
    return;
  }
  NeighbourSearch(context.cuda(), comparison).run(first_row, result);
}

}  // namespace matinee::similarity
