#pragma once

#include <cstdint>

#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::engine {

// How alike items are, as a trained model sees it, some rows at a time: nothing of items × items numbers is held.
class ItemComparison {
 public:
  virtual ~ItemComparison() = default;
  // rows(r, j): how alike item first + r and item j are, in host memory, finite; more is more alike, 0 says nothing.
  // What stands for an item and itself is undefined. The same bits for any number of threads, on the CPU only.
  virtual void compare(Context& context, int32_t first, MatrixView<float> rows) = 0;
};

// How a model that keeps neighbours of items scores by them.
struct NeighbourUse {
  bool keep_negative = false;   // negative similarities may be neighbours too
  bool normalize_rows = false;  // those of an item are divided by the greatest of them
  bool binary = true;           // a rating counts 1, not its value
};

}  // namespace matinee::engine
