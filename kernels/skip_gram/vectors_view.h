#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/support/matrix_view.h"

namespace matinee::skip_gram {

// Rows of vectors are padded with zeros to a multiple of kLanes.
inline constexpr int kLanes = 16;

constexpr int64_t padded(int64_t dimensions) {
  return (dimensions + kLanes - 1) / kLanes * kLanes;
}

// The model: the vector of a word where it stands in a window (what users call its vector) and where it is the word to
// be told. Rows start at multiples of 64 bytes, are padded(dimensions) long and zero beyond the dimensions.
template <typename T>
struct VectorsView {
  MatrixView<T> input;   // (vocabulary, padded)
  MatrixView<T> output;  // (vocabulary, padded)

  operator VectorsView<const T>() const requires(!std::is_const_v<T>) { return {input, output}; }
};

// How a training starts (as word2vec): input uniform in ±1 / (2 dimensions), a draw for each word and dimension of the
// seed, whatever the vocabulary's size; output and padding zero.
void start_vectors(uint64_t seed, int64_t dimensions, const VectorsView<float>& vectors);

}  // namespace matinee::skip_gram
