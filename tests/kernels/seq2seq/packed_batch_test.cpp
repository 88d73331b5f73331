#include "kernels/seq2seq/packed_batch.h"

#include <gmock/gmock.h>

#include "kernels/support/error.h"

namespace matinee::seq2seq {
namespace {

using testing::ElementsAre;

TEST(PackedBatch, OrdersRowsByStepAndThenBySequence) {
  Context context({}, 1);
  PackedBatch batch(context, 4, 5);
  batch.assign(context, std::vector<int32_t>{4, 2, 1});
  EXPECT_THAT(batch.active(), ElementsAre(3, 2, 1, 1));
  EXPECT_THAT(batch.offsets(), ElementsAre(0, 3, 5, 6, 7));
  EXPECT_EQ(batch.rows(), 7);
  EXPECT_EQ(batch.device_offsets()[4], 7);
  EXPECT_EQ(batch.device_lengths()[2], 1);
}

TEST(PackedBatch, CanBeEmptyAndFilledAgain) {
  Context context({}, 1);
  PackedBatch batch(context, 2, 3);
  batch.assign(context, {});
  EXPECT_EQ(batch.rows(), 0);
  EXPECT_EQ(batch.steps(), 0);
  batch.assign(context, std::vector<int32_t>{3, 3});
  EXPECT_EQ(batch.rows(), 6);
}

TEST(PackedBatch, RefusesLengthsThatAreNoneOrHaveNoRoom) {
  Context context({}, 1);
  PackedBatch batch(context, 2, 3);
  EXPECT_THROW(batch.assign(context, std::vector<int32_t>{1, 2}), Error);
  EXPECT_THROW(batch.assign(context, std::vector<int32_t>{1, 0}), Error);
  EXPECT_THROW(batch.assign(context, std::vector<int32_t>{4}), Error);
  EXPECT_THROW(batch.assign(context, std::vector<int32_t>{1, 1, 1}), Error);
}

}  // namespace
}  // namespace matinee::seq2seq
