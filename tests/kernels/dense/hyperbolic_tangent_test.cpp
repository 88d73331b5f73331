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
    EXPECT_LE(test::relative_difference(gradient.numbers(), dy.array() * (1 - expected.array().square())), 1e-6);
  }
}

}  // namespace
}  // namespace matinee::dense
