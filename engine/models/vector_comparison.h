#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/item_comparison.h"
#include "engine/model.h"
#include "kernels/support/buffer.h"

namespace matinee::engine {

// Cosines of one vector an item; 0 with a zero vector, which stands for an item of which nothing is known.
class VectorComparison : public ItemComparison {
 public:
  // `vectors` (items × dimensions).
  VectorComparison(Context& context, Buffer<float> vectors, int64_t items, int64_t dimensions);
  void compare(Context& context, int32_t first, MatrixView<float> rows) override;

  static int64_t bytes(int64_t items, int64_t dimensions) {
    constexpr int64_t kTitle = 64;
    return items * (2 * dimensions * static_cast<int64_t>(sizeof(float)) + kTitle);  // and once more while multiplied
  }

 private:
  Buffer<float> unit_;  // (items × dimensions), each of length 1 or 0
  int64_t items_, dimensions_;
};

// The title of every item, put right (movie_title.h); empty where it has none. Error(kInput) where no item has one.
std::vector<std::string> item_titles(const TrainingInput& input);

}  // namespace matinee::engine
