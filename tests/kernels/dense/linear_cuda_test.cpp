#include <array>

#include <gtest/gtest.h>

#include "kernels/dense/linear.h"
#include "tests/support/cuda_device.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"

namespace matinee::dense {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;
using test::relative_difference;

struct Result {
  Matrix y, dx, weights, bias;
};

// Forward and backward three times; dx of the last two on top of each other.
Result three_steps(Context& context, int64_t rows, int64_t inputs, int64_t outputs) {
  const uint64_t seed = test::random_seed();
  DeviceRows x(context, random_matrix(seed, 1, rows, inputs)), w(context, random_matrix(seed, 2, outputs, inputs));
  DeviceRows b(context, random_matrix(seed, 3, 1, outputs)), dy(context, random_matrix(seed, 4, rows, outputs));
  DeviceRows y(context, Matrix::Zero(rows, outputs)), dx(context, Matrix::Zero(rows, inputs));
  DeviceRows dw(context, Matrix::Zero(outputs, inputs)), db(context, Matrix::Zero(1, outputs));
  for (int step = 0; step < 3; ++step) {
    linear(context, {w.view(), b.view().data}, x.view(), y.view());
    linear_gradient(context, {w.view(), b.view().data}, x.view(), dy.view(), {dw.view(), db.view().data}, dx.view(),
                    step == 2);
  }
  return {y.numbers(), dx.numbers(), dw.numbers(), db.numbers()};
}

TEST(LinearCuda, AgreesWithTheCpuOnOddShapes) {
  MATINEE_NEEDS_CUDA();
  Context cpu(Device{}, 2), cuda(test::cuda_device(), 2);
  for (const auto& [rows, inputs, outputs] :
       {std::array{1, 1, 1}, {31, 33, 131}, {131, 31, 1}, {0, 5, 3}, {33, 0, 5}, {128, 64, 32}}) {
    const Result expected = three_steps(cpu, rows, inputs, outputs), found = three_steps(cuda, rows, inputs, outputs);
    EXPECT_LE(relative_difference(found.y, expected.y), 1e-5) << rows << " × " << inputs << " × " << outputs;
    EXPECT_LE(relative_difference(found.dx, expected.dx), 1e-5) << rows << " × " << inputs << " × " << outputs;
    EXPECT_LE(relative_difference(found.weights, expected.weights), 1e-5)
        << rows << " × " << inputs << " × " << outputs;
    EXPECT_EQ(found.bias, expected.bias) << rows << " × " << inputs << " × " << outputs;
  }
}

}  // namespace
}  // namespace matinee::dense
