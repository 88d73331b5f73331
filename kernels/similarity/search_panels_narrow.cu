#include "kernels/similarity/search_panels_kernel.cuh"

namespace matinee::similarity {

void search_narrow_panels(CudaResources& cuda, const DeviceComparison& comparison, const Measure& measure,
                          TileGroup group, const void* panels, const SearchTarget& target) {
  search_with<uint8_t, int32_t>(cuda, operands_of<uint8_t>(comparison, panels, comparison.row_levels.data()), measure,
                                group, target);
}

}  // namespace matinee::similarity
