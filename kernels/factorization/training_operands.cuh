#pragma once

#include <memory>

#include "kernels/factorization/training_operands_cuda.h"
#include "kernels/support/cuda_graph.cuh"
#include "kernels/support/device_buffer.cuh"
#include "kernels/support/grid.h"

namespace matinee::factorization {

// Rows of users or of items on the device: factors, then the tail (kTailBytes).
struct DeviceRows {
  unsigned char* data;
  int64_t rows, row_bytes;

  MATINEE_HOST_DEVICE int64_t factor_bytes() const { return row_bytes - kTailBytes; }
  MATINEE_HOST_DEVICE unsigned char* row(int64_t index) const { return data + element(index, row_bytes, 0); }
};

// The cut of the ratings: RatingBlocks.
struct Cut {
  int32_t groups, parts;

  MATINEE_HOST_DEVICE int64_t block_tiles() const { return int64_t{parts} * parts; }
  MATINEE_HOST_DEVICE int64_t step_tiles() const { return int64_t{groups} * parts; }
  // The first tile of user group `a`'s block in stratum `stratum`.
  MATINEE_HOST_DEVICE int64_t first_tile(int32_t stratum, int64_t a) const {
    return (a * groups + (a + stratum) % groups) * block_tiles();
  }
};

// What changes from call to call. It lies on the device, so that the same graph serves every call.
struct DeviceEpoch {
  uint64_t rounding_key;
  float learning_rate;
  int32_t place;                                 // of the stratum that is worked on, in …
  int32_t strata[RatingBlocks::kMaximumGroups];  // … those of the call
};

// Ratings are read in windows of so many bytes; the buffer ends at a multiple, filled with zeros.
inline constexpr int64_t kWindowBytes = 128;

struct DeviceTraining {
  DeviceTraining(CudaResources& cuda, const RatingBlocks& blocks, const Objective& objective,
                 const FactorsView<float>& model, Storage storage);

  DeviceRows users() { return {user_rows.data(), user_count, row_bytes}; }
  DeviceRows items() { return {item_rows.data(), item_count, row_bytes}; }

  Storage storage;
  int64_t user_count, item_count;
  int64_t factors;    // padded
  int64_t row_bytes;  // of device_row_bytes()
  float mean;
  Cut cut;
  DeviceBuffer<unsigned char> user_rows, item_rows;
  DeviceBuffer<int32_t> ratings;  // user, item, value of each
  DeviceBuffer<int64_t> tile_offsets;
  DeviceBuffer<double> tile_squares;      // (groups, parts, parts) of one stratum
  DeviceBuffer<double> block_squares;     // (groups, groups): of the strata of a call, in the order they were taken
  DeviceBuffer<DeviceEpoch> epoch;        // one
  std::unique_ptr<CapturedWork> stratum;  // the steps of a stratum, once they have been captured …
  const void* stratum_kernel = nullptr;   // … with this kernel …
  Objective stratum_objective;            // … on this objective
};

}  // namespace matinee::factorization
