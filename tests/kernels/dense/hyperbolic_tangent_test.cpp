#include "kernels/dense/hyperbolic_tangent.h"

#include <gtest/gtest.h>

#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"

namespace matinee::dense {
namespace {

TEST(ApplyTanh, AgreesWithTheReferenceInDoubleAsDoesItsGradient) {
  Context context({}, 2);
  const uint64_t seed = test::random_seed();
  for (const int64_t count : {0, 1, 31, 131, 70'001}) {
    const test::Matrix x = test::random_matrix(seed, 1, 1, count, 2), dy = test::random_matrix(seed, 2, 1, count);
    test::DeviceRows values(context, x), gradient(context, dy);
    apply_tanh(context, values.view().data, count);
    tanh_gradient(context, values.view().data, gradient.view().data, count);
    const test::Matrix expected = x.array().tanh();
    EXPECT_LE(test::relative_difference(values.numbers(), expected), 1e-6);
    const test::Matrix slopes = dy.array() * (1 - expected.array().square());
    const test::Matrix off = gradient.numbers() - slopes;
    EXPECT_TRUE((off.array().abs() <= 1e-6 * dy.array().abs()).all()) << off.cwiseAbs().sum();
  }
}

}  // namespace
}  // namespace matinee::dense
