#pragma once

#include "kernels/seq2seq/packed_batch.h"
#include "kernels/support/cuda_resources.cuh"
#include "kernels/support/float_pack.cuh"

namespace matinee::seq2seq {

// A batch as kernels see it.
struct DeviceSteps {
  const int32_t* lengths;  // (sequences)
  const int64_t* offsets;  // (steps + 1)
  int64_t sequences, steps;

  explicit DeviceSteps(const PackedBatch& batch)
      : lengths(batch.device_lengths()),
        offsets(batch.device_offsets()),
        sequences(batch.sequences()),
        steps(batch.steps()) {}
};

inline constexpr int kTile = 32;

// kTile consecutive steps of a sequence, or as many as it has from `first` on.
struct StepTile {
  int64_t first;
  int count;  // 0 beyond the end of the sequence
  const int64_t* offsets;
  int64_t sequence;

  __device__ StepTile(const DeviceSteps& steps, int64_t of_sequence, int64_t first_step)
      : first(first_step),
        count(static_cast<int>(max(min(steps.lengths[of_sequence] - first_step, int64_t{kTile}), int64_t{0}))),
        offsets(steps.offsets),
        sequence(of_sequence) {}

  // The number of the matrix row of each step, for the threads of a block to look up.
  __device__ void list(int64_t (&rows)[kTile]) const {
    if (threadIdx.x < count) rows[threadIdx.x] = offsets[first + threadIdx.x] + sequence;
  }
};

}  // namespace matinee::seq2seq
