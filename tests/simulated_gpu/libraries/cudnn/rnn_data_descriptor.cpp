#include <algorithm>

#include "libraries/cudnn/descriptors.h"
#include "libraries/cudnn/numbers.h"
#include "runtime/library_support.h"

using namespace simulated_gpu::cudnn;

namespace {

constexpr int kMostSteps = 65535;

cudnnStatus_t check_lengths(const cudnnRNNDataStruct& data) {
  const auto [least, most] = std::minmax_element(data.lengths.begin(), data.lengths.end());
  if (*least < 0 || *most > data.steps) return bad("a sequence is longer than the longest, or of negative length");
  if (data.layout != CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED) return CUDNN_STATUS_SUCCESS;
  if (*least == 0 || *most != data.steps) return bad("packed: a sequence is empty, or none is of the greatest length");
  const bool falling = std::is_sorted(data.lengths.rbegin(), data.lengths.rend());
  return falling ? CUDNN_STATUS_SUCCESS : bad("packed: the sequences are not sorted, the longest first");
}

}  // namespace

extern "C" {

cudnnStatus_t cudnnCreateRNNDataDescriptor(cudnnRNNDataDescriptor_t* data) {
  return create(data);
}

cudnnStatus_t cudnnDestroyRNNDataDescriptor(cudnnRNNDataDescriptor_t data) {
  return destroy(data);
}

cudnnStatus_t cudnnSetRNNDataDescriptor(cudnnRNNDataDescriptor_t data, cudnnDataType_t type,
                                        cudnnRNNDataLayout_t layout, int steps, int batch, int width,
                                        const int lengths[], void* fill) {
  if (!is_live(data) || !lengths) return bad("no descriptor, or no lengths");
  if (steps < 1 || batch < 1 || width < 1) return bad("a size is not positive");
  if (layout < CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED || layout > CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED) {
    return bad("no such layout");
  }
  if (steps > kMostSteps) return not_supported("more than 65535 steps");
  if (type == CUDNN_DATA_DOUBLE || type == CUDNN_DATA_BFLOAT16) {
    simulated_gpu_stop_unsupported("RNN data of neither floats nor halves");
  }
  if (bytes_of(type) == 0) return not_supported("no type of RNN data");
  cudnnRNNDataStruct made{true, type, layout, steps, batch, width, {lengths, lengths + batch}, fill != nullptr, 0};
  if (const cudnnStatus_t status = check_lengths(made); status != CUDNN_STATUS_SUCCESS) return status;
  if (fill) load(fill, type, 1, &made.fill);
  *data = std::move(made);
  return CUDNN_STATUS_SUCCESS;
}

}  // extern "C"
