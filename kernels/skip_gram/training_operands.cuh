#pragma once

#include "kernels/skip_gram/training_operands_cuda.h"
#include "kernels/support/device_buffer.cuh"
#include "kernels/support/grid.h"

namespace matinee::skip_gram {

// What kernels work on.
struct DeviceModel {
  int64_t vocabulary, stride;
  float* vectors;  // (2 × vocabulary, stride): input rows, then output rows
  // The rest is of no use to softmax. Steps of the round in progress, zero between rounds: as `vectors`.
  int32_t* sums;
  uint32_t* moved_in;  // (2 × vocabulary): the round in which a row was moved last
  DrawsView draws;     // without `keep`
  Settings settings;
  int64_t words;             // of the corpus
  unsigned long long* loss;  // Σ of steps of 2^-24, then whether a pair had diverged

  // Rows are numbered: inputs from 0 on, outputs from `vocabulary` on.
  MATINEE_HOST_DEVICE float* row(int64_t number) const { return vectors + element(number, stride, 0); }
  MATINEE_HOST_DEVICE int32_t* row_sums(int64_t number) const { return sums + element(number, stride, 0); }
};

struct DeviceTraining {
  DeviceTraining(CudaResources& cuda, const TrainingOperands& operands);

  DeviceModel model(const TrainingOperands& operands);

  DeviceBuffer<float> vectors;
  DeviceBuffer<int32_t> sums;
  DeviceBuffer<uint32_t> moved_in;
  DeviceBuffer<NoiseColumn> noise;
  DeviceBuffer<unsigned long long> loss;
  uint32_t rounds = 0;  // so far, for moved_in
};

}  // namespace matinee::skip_gram
