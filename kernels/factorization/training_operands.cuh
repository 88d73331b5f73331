#pragma once

#include "kernels/factorization/training_operands_cuda.h"
#include "kernels/support/device_buffer.cuh"
#include "kernels/support/grid.h"

namespace matinee::factorization {

// Rows of users or of items on the device, as device_stride() lays them out.
struct DeviceRows {
  float* data;
  int64_t rows, factors;  // padded

  MATINEE_HOST_DEVICE int64_t stride() const { return device_stride(factors); }
  MATINEE_HOST_DEVICE float* row(int64_t index) const { return data + element(index, stride(), 0); }
};

// The cut of the ratings: RatingBlocks.
struct Cut {
  int32_t groups, parts;

  MATINEE_HOST_DEVICE int64_t block_tiles() const { return int64_t{parts} * parts; }
  // The first tile of user group `a`'s block in stratum `stratum`.
  MATINEE_HOST_DEVICE int64_t first_tile(int32_t stratum, int64_t a) const {
    return (a * groups + (a + stratum) % groups) * block_tiles();
  }
};

struct DeviceTraining {
  DeviceTraining(CudaResources& cuda, const RatingBlocks& blocks, const Objective& objective,
                 const FactorsView<float>& model);

  DeviceRows users() { return {user_rows.data(), user_count, factors}; }
  DeviceRows items() { return {item_rows.data(), item_count, factors}; }

  int64_t user_count, item_count, factors;  // padded
  float mean;
  Cut cut;
  DeviceBuffer<float> user_rows, item_rows;
  DeviceBuffer<Rating> ratings;
  DeviceBuffer<int64_t> tile_offsets;
  DeviceBuffer<double> tile_squares;   // (groups, parts, parts) of one stratum
  DeviceBuffer<double> block_squares;  // (groups, groups): of the strata of an epoch, in the order they were taken
};

}  // namespace matinee::factorization
