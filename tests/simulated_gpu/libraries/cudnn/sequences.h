#pragma once

#include <cstdint>
#include <vector>

#include "libraries/cudnn/descriptors.h"

namespace simulated_gpu::cudnn {

// The vectors of a batch in the order in which they are computed: step by step, and in each step the sequences that
// still run, the longest first. Those of a step are the first rows of the step before it.
struct Sequences {
  std::vector<int> order;      // which sequence is place p of a step
  std::vector<int64_t> start;  // first row of each step; last: rows of all

  explicit Sequences(const std::vector<int>& lengths);
  int steps() const { return int(start.size()) - 1; }
  int batch() const { return int(order.size()); }
  int64_t rows() const { return start.back(); }
  int running(int step) const { return step < steps() ? int(start[step + 1] - start[step]) : 0; }
};

// Vectors that memory of this description holds, with padding.
int64_t vectors_of(const cudnnRNNDataStruct& data);

// Reads the vectors of a batch, row by row of `sequences`; padding is not read.
std::vector<float> read_rows(const cudnnRNNDataStruct& data, const Sequences& sequences, const void* memory,
                             const char* name);
// Writes them, and `fill` into the padding.
void write_rows(const cudnnRNNDataStruct& data, const Sequences& sequences, const std::vector<float>& rows, float fill,
                void* memory, const char* name);

}  // namespace simulated_gpu::cudnn
