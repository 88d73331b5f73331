#include "kernels/similarity/search_panels_kernel.cuh"

namespace matinee::similarity {

void search_wide_panels(CudaResources& cuda, const DeviceComparison& comparison, const Measure& measure,
                        TileGroup group, const void* panels, const SearchTarget& target) {
  search_with<uint16_t, int64_t>(cuda, operands_of<uint16_t>(comparison, panels, comparison.row_values.data()), measure,
                                 group, target);
}

}  // namespace matinee::similarity
