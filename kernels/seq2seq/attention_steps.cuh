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

// kSteps consecutive steps of a sequence, or as many as it has from `first` on.
template <int kSteps>
struct StepTile {
  int64_t first;
  int count;  // 0 beyond the end of the sequence
  const int64_t* offsets;
  int64_t sequence;

  __device__ StepTile(const DeviceSteps& steps, int64_t of_sequence, int64_t first_step)
      : first(first_step),
        count(static_cast<int>(max(min(steps.lengths[of_sequence] - first_step, int64_t{kSteps}), int64_t{0}))),
        offsets(steps.offsets),
        sequence(of_sequence) {}

  // The number of the matrix row of a step of the tile.
  __device__ int64_t row(int step) const { return offsets[first + step] + sequence; }
  // The same of all, for the threads of a block to look up.
  __device__ void list(int64_t (&rows)[kSteps]) const {
    if (threadIdx.x < count) rows[threadIdx.x] = row(static_cast<int>(threadIdx.x));
  }
};

// Whose rows are added to: each row of the other side adds its share.
enum class Side { kTarget, kSource };

}  // namespace matinee::seq2seq
