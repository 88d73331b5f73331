#include "libraries/cudnn/dropout.h"

#include <cstring>

#include "kernels/support/philox.h"
#include "libraries/cudnn/work.h"
#include "runtime/library_support.h"

namespace simulated_gpu::cudnn {
namespace {

constexpr uint64_t kMark = 0x64726f706f757421;

}  // namespace

uint64_t take_use(const cudnnDropoutStruct& dropout) {
  constexpr const char* kName = "dropout states";
  simulated_gpu_reads(dropout.states, sizeof(DropoutStates), kName);
  DropoutStates states;
  std::memcpy(&states, dropout.states, sizeof states);
  if (states.mark != kMark || states.seed != dropout.seed) {
    simulated_gpu_stop_work("library-state",
                            "dropout states that cudnnSetDropoutDescriptor did not initialise, or "
                            "with another seed than the descriptor's");
  }
  const uint64_t use = states.uses++;
  simulated_gpu_writes(dropout.states, sizeof states, kName);
  std::memcpy(dropout.states, &states, sizeof states);
  return use;
}

std::vector<uint8_t> draw_mask(const cudnnDropoutStruct& dropout, uint64_t use, int layer, int64_t count) {
  const matinee::Philox random(dropout.seed, use << 8 | uint64_t(layer));
  std::vector<uint8_t> mask(size_t(count), 0);
  for (size_t n = 0; n < mask.size(); ++n) mask[n] = random.uniform(n) >= double(dropout.rate);
  return mask;
}

float kept_scale(float rate) {
  return rate < 1 ? 1 / (1 - rate) : 0;
}

}  // namespace simulated_gpu::cudnn

using namespace simulated_gpu::cudnn;

namespace {

cudnnStatus_t check(cudnnDropoutDescriptor_t dropout, cudnnHandle_t handle, float rate) {
  if (!is_live(dropout) || !is_live(handle)) return bad("no descriptor or no handle");
  return rate >= 0 && rate <= 1 ? CUDNN_STATUS_SUCCESS : bad("dropout is a probability");
}

void initialise(void* states, uint64_t seed) {
  simulated_gpu_writes(states, kDropoutStatesBytes, "cudnnSetDropoutDescriptor");
  std::memset(states, 0, kDropoutStatesBytes);
  const DropoutStates first{kMark, seed, 0};
  std::memcpy(states, &first, sizeof first);
}

}  // namespace

extern "C" {

cudnnStatus_t cudnnCreateDropoutDescriptor(cudnnDropoutDescriptor_t* dropout) {
  return create(dropout);
}

cudnnStatus_t cudnnDestroyDropoutDescriptor(cudnnDropoutDescriptor_t dropout) {
  return destroy(dropout);
}

cudnnStatus_t cudnnDropoutGetStatesSize(cudnnHandle_t handle, size_t* bytes) {
  if (!is_live(handle) || !bytes) return bad("no handle, or nowhere to put the size");
  *bytes = kDropoutStatesBytes;
  return CUDNN_STATUS_SUCCESS;
}

// Without states only the rate is set.
cudnnStatus_t cudnnSetDropoutDescriptor(cudnnDropoutDescriptor_t dropout, cudnnHandle_t handle, float rate,
                                        void* states, size_t bytes, unsigned long long seed) {
  if (const cudnnStatus_t status = check(dropout, handle, rate); status != CUDNN_STATUS_SUCCESS) return status;
  if (states) {
    if (bytes < kDropoutStatesBytes) return bad("states smaller than cudnnDropoutGetStatesSize says");
    const cudnnStatus_t memory = check_memory("cudnnSetDropoutDescriptor", 8, {{"states", states, bytes}});
    if (memory != CUDNN_STATUS_SUCCESS) return memory;
    const cudnnStatus_t issued = enqueue(handle, "cudnnSetDropoutDescriptor", [=] { initialise(states, seed); });
    if (issued != CUDNN_STATUS_SUCCESS) return issued;
  }
  *dropout = {true, rate, states, seed};
  return CUDNN_STATUS_SUCCESS;
}

// States that were initialised before go on from where they are.
cudnnStatus_t cudnnRestoreDropoutDescriptor(cudnnDropoutDescriptor_t dropout, cudnnHandle_t handle, float rate,
                                            void* states, size_t bytes, unsigned long long seed) {
  if (const cudnnStatus_t status = check(dropout, handle, rate); status != CUDNN_STATUS_SUCCESS) return status;
  if (bytes < kDropoutStatesBytes) return bad("states smaller than cudnnDropoutGetStatesSize says");
  const cudnnStatus_t memory = check_memory("cudnnRestoreDropoutDescriptor", 8, {{"states", states, bytes}});
  if (memory != CUDNN_STATUS_SUCCESS) return memory;
  *dropout = {true, rate, states, seed};
  return CUDNN_STATUS_SUCCESS;
}

}  // extern "C"
