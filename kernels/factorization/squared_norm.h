#pragma once

#include <cstdint>

#include "kernels/factorization/stored_matrix.h"
#include "kernels/support/context.h"
#include "kernels/support/host_device.h"

namespace matinee::factorization {

// The rows are cut into kNormBlocks blocks, each added up in kNormLanes lanes: lane l takes the columns l, l + 8, … of
// each row.
inline constexpr int64_t kNormBlocks = 1024;
inline constexpr int64_t kNormLanes = 8;

MATINEE_HOST_DEVICE constexpr int64_t norm_block_begin(int64_t rows, int64_t block) {
  return rows * block / kNormBlocks;
}

// Σ m_ij² in double of a matrix in the memory of the context's device. Additions in the order of rows and columns
// inside a lane, then of the lanes, then of the blocks: the same bits for any number of threads, and on CUDA. Reads the
// matrix once.
double squared_norm(Context& context, const StoredMatrix& matrix);

double squared_norm_cpu(Context& context, const StoredMatrix& matrix);

}  // namespace matinee::factorization
