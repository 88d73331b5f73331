#include <array>

#include <gtest/gtest.h>

#include "kernels/seq2seq/embedding.h"
#include "tests/support/cuda_device.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"
#include "tests/support/random_tokens.h"

namespace matinee::seq2seq {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;

struct Result {
  Matrix vectors, table_gradient;
};

// Three steps, of fewer and fewer tokens.
Result three_steps(Context& context, int64_t rows, int64_t vocabulary, int64_t dimensions) {
  const uint64_t seed = test::random_seed();
  TokenRows tokens(context, rows, vocabulary);
  DeviceRows table(context, random_matrix(seed, 1, vocabulary, dimensions));
  DeviceRows vectors(context, Matrix::Zero(rows, dimensions)),
      gradient(context, random_matrix(seed, 2, rows, dimensions));
  DeviceRows table_gradient(context, random_matrix(seed, 3, vocabulary, dimensions));
  for (int64_t step = 0; step < 3; ++step) {
    const int64_t count = rows - rows * step / 4;
    tokens.assign(context, test::random_tokens(seed + static_cast<uint64_t>(step), count, vocabulary));
    const MatrixView<float> to = {vectors.view().data, count, dimensions, dimensions};
    embed(context, tokens, table.view(), to);
    embed_gradient(context, tokens, {gradient.view().data, count, dimensions, dimensions}, table_gradient.view());
  }
  return {vectors.numbers(), table_gradient.numbers()};
}

TEST(EmbeddingCuda, HasTheBitsOfTheCpuOnOddShapes) {
  MATINEE_NEEDS_CUDA();
  Context cpu(Device{}, 2), cuda(test::cuda_device(), 2);
  for (const auto& [rows, vocabulary, dimensions] :
       {std::array{0, 3, 4}, {1, 1, 1}, {31, 7, 33}, {131, 3, 131}, {333, 500, 31}, {200, 2, 132}, {131, 33, 300}}) {
    const Result expected = three_steps(cpu, rows, vocabulary, dimensions);
    const Result found = three_steps(cuda, rows, vocabulary, dimensions);
    ASSERT_EQ(found.vectors, expected.vectors) << rows << " of " << vocabulary << " × " << dimensions;
    ASSERT_EQ(found.table_gradient, expected.table_gradient) << rows << " of " << vocabulary << " × " << dimensions;
  }
}

}  // namespace
}  // namespace matinee::seq2seq
