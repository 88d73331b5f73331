#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/support/array.h"
#include "kernels/support/context.h"

namespace matinee::seq2seq {

// A batch of sequences of different lengths, laid out without padding: the longest comes first, and the rows of all of
// them at time step 0 are followed by the rows of those that have a step 1, and so on. Row number offsets()[t] + b is
// step t of sequence b: a matrix of rows() rows holds one vector for each. Nothing is computed for steps that are not
// there, and the sequences that are active at a step are consecutive rows.
class PackedBatch {
 public:
  PackedBatch() = default;
  // Room for batches of so many sequences, none of more steps.
  PackedBatch(Context& context, int64_t most_sequences, int64_t most_steps);

  // `lengths`: steps of each sequence, 1 or more, falling. Error(kConfig) for others or more than there is room for.
  void assign(Context& context, std::span<const int32_t> lengths);

  int64_t sequences() const { return static_cast<int64_t>(lengths_.size()); }
  int64_t steps() const { return static_cast<int64_t>(active_.size()); }
  int64_t rows() const { return offsets_.back(); }
  // In host memory.
  std::span<const int32_t> lengths() const { return lengths_; }  // (sequences)
  std::span<const int32_t> active() const { return active_; }    // (steps): sequences that have the step
  std::span<const int64_t> offsets() const { return offsets_; }  // (steps + 1)
  // In the memory of the device.
  const int32_t* device_lengths() const { return device_lengths_.data(); }
  const int64_t* device_offsets() const { return device_offsets_.data(); }

 private:
  int64_t most_sequences_ = 0, most_steps_ = 0;
  std::vector<int32_t> lengths_, active_;
  std::vector<int64_t> offsets_ = {0};
  Array<int32_t> device_lengths_;
  Array<int64_t> device_offsets_;
};

}  // namespace matinee::seq2seq
