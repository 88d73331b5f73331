#include "kernels/skip_gram/vectors_view.h"

#include <algorithm>

#include "kernels/support/philox.h"

namespace matinee::skip_gram {

void start_vectors(uint64_t seed, int64_t dimensions, const VectorsView<float>& vectors) {
  const Philox draws(seed, stream_id(RandomStream::kVectors));
  const double width = 2.0 / static_cast<double>(dimensions);
  uint64_t next = 0;
  for (int64_t word = 0; word < vectors.input.rows; ++word) {
    float* row = vectors.input.row(word);
    for (int64_t k = 0; k < dimensions; ++k) row[k] = static_cast<float>((draws.uniform(next++) - 0.5) * width);
    std::fill(row + dimensions, row + vectors.input.columns, 0.0f);
    std::fill_n(vectors.output.row(word), vectors.output.columns, 0.0f);
  }
}

}  // namespace matinee::skip_gram
