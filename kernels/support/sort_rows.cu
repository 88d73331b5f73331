#include <vector>

#include <cub/device/device_segmented_radix_sort.cuh>

#include "kernels/support/sort_rows.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee {

void sort_rows(CudaResources& cuda, const uint64_t* keys, uint64_t* sorted, int32_t rows, int64_t columns) {
  std::vector<int64_t> offsets(static_cast<std::size_t>(rows) + 1);
  for (std::size_t row = 0; row < offsets.size(); ++row) offsets[row] = static_cast<int64_t>(row) * columns;
  const auto ends = uploaded<int64_t>(cuda, offsets);
  const auto sort = [&](void* scratch, std::size_t& bytes) {
    check_cuda(cub::DeviceSegmentedRadixSort::SortKeysDescending(scratch, bytes, keys, sorted, rows * columns, rows,
                                                                 ends.data(), ends.data() + 1, 0, 64, cuda.stream()),
               "DeviceSegmentedRadixSort");
  };
  std::size_t bytes = 0;
  sort(nullptr, bytes);
  DeviceBuffer<uint8_t> scratch(cuda, static_cast<int64_t>(bytes));
  sort(scratch.data(), bytes);
}

}  // namespace matinee
