#pragma once

#include <memory>
#include <span>
#include <vector>

#include "kernels/factorization/training_operands_cuda.h"
#include "kernels/support/cuda_graph.cuh"
#include "kernels/support/device_buffer.cuh"
#include "kernels/support/grid.h"

namespace matinee::factorization {

// Rows of users or of items on the device, at their places: those of a group lie next to each other.
struct DeviceRows {
  unsigned char* factors;
  float* biases;
  const float* shares;    // null: all 1
  const int32_t* begins;  // (groups + 1): the place of each group's first row
  int64_t row_bytes;

  MATINEE_HOST_DEVICE unsigned char* row(int64_t place) const { return factors + element(place, row_bytes, 0); }
};

// The cut of the ratings: RatingBlocks.
struct Cut {
  int32_t groups, parts;

  MATINEE_HOST_DEVICE int64_t block_tiles() const { return int64_t{parts} * parts; }
  MATINEE_HOST_DEVICE int64_t subgroups() const { return int64_t{groups} * parts; }
  // The item group that a stratum gives to user group `a`, and the first tile of their block.
  MATINEE_HOST_DEVICE int32_t item_group(int32_t stratum, int32_t a) const { return (a + stratum) % groups; }
  MATINEE_HOST_DEVICE int64_t first_tile(int32_t a, int32_t b) const {
    return (int64_t{a} * groups + b) * block_tiles();
  }
};

// What changes from call to call. It lies on the device, so that the same graph serves every call.
struct DeviceEpoch {
  uint64_t rounding_key;
  float learning_rate;
  int32_t strata[RatingBlocks::kMaximumGroups];  // those of the call
};

// Ratings are read in windows of so many bytes; the buffer ends at a multiple, filled with zeros.
inline constexpr int64_t kWindowBytes = 128;

// Users or items on the device.
struct DeviceSide {
  // `subgroups`: of each row, `parts` of them to a group.
  DeviceSide(CudaResources& cuda, std::span<const uint16_t> subgroups, const Cut& cut,
             const MatrixView<const float>& model_factors, const float* model_biases, const float* model_shares,
             Storage storage);

  DeviceRows view() {
    return {factors.data(), biases.data(), shares.size() == 0 ? nullptr : shares.data(), begins.data(), row_bytes};
  }
  int64_t size() const { return static_cast<int64_t>(rows.size()); }

  std::vector<int32_t> rows;  // of the model, by place
  int32_t most = 0;           // rows of the largest group
  int64_t row_bytes;          // of device_row_bytes()
  DeviceBuffer<int32_t> places, begins;
  DeviceBuffer<unsigned char> factors;
  DeviceBuffer<float> biases, shares;
};

// What a graph of the strata of a call holds for good.
struct CapturedStrata {
  const void* kernel = nullptr;
  int32_t count = 0;
  Objective objective;

  bool operator==(const CapturedStrata&) const = default;
};

struct DeviceTraining {
  DeviceTraining(CudaResources& cuda, const RatingBlocks& blocks, const Objective& objective,
                 const FactorsView<float>& model, Storage storage);

  Storage storage;
  int64_t factors;  // padded
  float mean;
  Cut cut;
  DeviceSide users, items;
  DeviceBuffer<int32_t> ratings;  // the places of user and item, the value of each
  DeviceBuffer<int64_t> tile_offsets;
  DeviceBuffer<double> block_squares;    // (groups, groups): of the strata of a call, in the order they were taken
  DeviceBuffer<DeviceEpoch> epoch;       // one
  std::unique_ptr<CapturedWork> strata;  // those of a call, once they have been captured
  CapturedStrata captured;
};

}  // namespace matinee::factorization
