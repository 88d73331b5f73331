// Shuffles, votes, matches and reductions of a warp, whole, in tiles, and in branches.
#include <algorithm>
#include <random>
#include <vector>

#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "tests/ptx/any_schedule.h"

namespace simulated_gpu::test {
namespace ptx_warp {

namespace cg = cooperative_groups;

class PtxWarp : public AnySchedule {
 protected:
  static std::vector<unsigned> random_lanes(unsigned below, unsigned salt) {
    std::mt19937 random(unsigned(matinee::test::random_seed()) + salt);
    std::vector<unsigned> values(32);
    for (unsigned& value : values) value = unsigned(random() % below);
    return values;
  }
};

enum Kind { kUp, kDown, kXor, kIndex };

__global__ void shuffle_kernel(Kind kind, int width, const unsigned* values, const unsigned* operands, unsigned* out,
                               double* wide) {
  const unsigned t = threadIdx.x, x = values[t];
  const int operand = int(operands[t]);
  const double y = x * 1e-3;
  switch (kind) {
    case kUp:
      out[t] = __shfl_up_sync(~0u, x, unsigned(operand), width);
      wide[t] = __shfl_up_sync(~0u, y, unsigned(operand), width);
      break;
    case kDown:
      out[t] = __shfl_down_sync(~0u, x, unsigned(operand), width);
      wide[t] = __shfl_down_sync(~0u, y, unsigned(operand), width);
      break;
    case kXor:
      out[t] = __shfl_xor_sync(~0u, x, operand, width);
      wide[t] = __shfl_xor_sync(~0u, y, operand, width);
      break;
    case kIndex:
      out[t] = __shfl_sync(~0u, x, operand, width);
      wide[t] = __shfl_sync(~0u, y, operand, width);
      break;
  }
}
// As the CUDA programming guide tells it.
int shuffle_source(Kind kind, int width, int lane, int operand) {
  const int first = lane / width * width, last = first + width - 1;
  switch (kind) {
    case kUp:
      return lane - operand >= first ? lane - operand : lane;
    case kDown:
      return lane + operand <= last ? lane + operand : lane;
    case kXor:
      return (lane ^ operand) <= last ? lane ^ operand : lane;
    default:
      return first + operand % width;
  }
}
TEST_P(PtxWarp, Shuffle) {
  for (const Kind kind : {kUp, kDown, kXor, kIndex})
    for (int width = 1; width <= 32; width *= 2)
      for (const bool same : {true, false}) {
        const auto values = random_lanes(1'000'000, 1);
        auto operands = random_lanes(32, unsigned(2 + width));
        if (same || kind == kXor) std::fill(operands.begin(), operands.end(), operands[0]);
        const DeviceBuffer<unsigned> in(values), by(operands), out(32);
        const DeviceBuffer<double> wide(32);
        shuffle_kernel<<<1, 32>>>(kind, width, in.data(), by.data(), out.data(), wide.data());
        const auto result = out.values();
        const auto wide_result = wide.values();
        for (int lane = 0; lane < 32; ++lane) {
          const unsigned expected = values[shuffle_source(kind, width, lane, int(operands[lane]))];
          EXPECT_EQ(result[lane], expected) << "kind " << kind << " width " << width << " lane " << lane;
          EXPECT_EQ(wide_result[lane], expected * 1e-3);
        }
      }
}

__global__ void shuffle_predicate_kernel(const unsigned* values, unsigned* out) {
  const unsigned x = values[threadIdx.x];
  unsigned y, in_range;
  asm volatile("{ .reg .pred p; shfl.sync.down.b32 %0|p, %2, 5, 0x1f, 0xffffffff; selp.u32 %1, 1, 0, p; }"
               : "=r"(y), "=r"(in_range)
               : "r"(x));
  out[threadIdx.x] = y * 2 + in_range;
}
TEST_P(PtxWarp, ShufflePredicate) {
  const auto values = random_lanes(1000, 3);
  const DeviceBuffer<unsigned> in(values), out(32);
  shuffle_predicate_kernel<<<1, 32>>>(in.data(), out.data());
  const auto result = out.values();
  for (int i = 0; i < 32; ++i) EXPECT_EQ(result[i], i + 5 < 32 ? values[i + 5] * 2 + 1 : values[i] * 2);
}

struct Votes {
  unsigned ballot, any, all, uniform;
};
__global__ void vote_kernel(const unsigned* values, unsigned split, Votes* out) {
  const unsigned t = threadIdx.x, lanes = (1u << split) - 1;
  const bool holds = values[t] % 2 != 0;
  if (t < split)
    out[t] = {__ballot_sync(lanes, holds), unsigned(__any_sync(lanes, holds)), unsigned(__all_sync(lanes, holds)),
              unsigned(__uni_sync(lanes, holds))};
  else
    out[t] = {__ballot_sync(~lanes, !holds), unsigned(__any_sync(~lanes, !holds)), unsigned(__all_sync(~lanes, !holds)),
              unsigned(__uni_sync(~lanes, !holds))};
}
TEST_P(PtxWarp, Vote) {
  for (const unsigned split : {1u, 7u, 16u, 31u})
    for (const unsigned below : {1u, 2u, 40u}) {
      const auto values = random_lanes(below, split);
      const DeviceBuffer<unsigned> in(values);
      const DeviceBuffer<Votes> out(32);
      vote_kernel<<<1, 32>>>(in.data(), split, out.data());
      const auto result = out.values();
      for (unsigned t = 0; t < 32; ++t) {
        const unsigned from = t < split ? 0 : split, to = t < split ? split : 32;
        unsigned ballot = 0;
        for (unsigned i = from; i < to; ++i) ballot |= unsigned((values[i] % 2 != 0) == (t < split)) << i;
        const int count = __builtin_popcount(ballot);
        EXPECT_EQ(result[t].ballot, ballot);
        EXPECT_EQ(result[t].any, count > 0);
        EXPECT_EQ(result[t].all, count == int(to - from));
        EXPECT_EQ(result[t].uniform, count == 0 || count == int(to - from));
      }
    }
}

__global__ void match_kernel(const unsigned* values, unsigned* any, unsigned* any_wide, unsigned* all, unsigned* same) {
  const unsigned t = threadIdx.x;
  any[t] = __match_any_sync(~0u, values[t]);
  any_wide[t] = __match_any_sync(~0u, (unsigned long long)values[t] << 33);
  int predicate = 0;
  all[t] = __match_all_sync(~0u, values[t] / 4, &predicate);
  same[t] = unsigned(predicate);
}
TEST_P(PtxWarp, Match) {
  for (const unsigned below : {1u, 4u, 9u}) {
    const auto values = random_lanes(below, below);
    const DeviceBuffer<unsigned> in(values), any(32), any_wide(32), all(32), same(32);
    match_kernel<<<1, 32>>>(in.data(), any.data(), any_wide.data(), all.data(), same.data());
    const auto found = any.values();
    EXPECT_EQ(any_wide.values(), found);
    for (int t = 0; t < 32; ++t) {
      unsigned expected = 0;
      for (int i = 0; i < 32; ++i) expected |= unsigned(values[i] == values[t]) << i;
      EXPECT_EQ(found[t], expected);
    }
    const bool equal = std::all_of(values.begin(), values.end(), [&](unsigned x) { return x / 4 == values[0] / 4; });
    EXPECT_EQ(all.values(), std::vector<unsigned>(32, equal ? ~0u : 0u));
    EXPECT_EQ(same.values(), std::vector<unsigned>(32, equal));
  }
}

__global__ void reduce_kernel(const unsigned* values, unsigned* out) {  // lanes 3 to 30
  const unsigned x = values[threadIdx.x], lanes = 0x7ffffff8;
  if ((lanes >> threadIdx.x & 1) == 0) return;
  const unsigned results[] = {__reduce_add_sync(lanes, x),
                              __reduce_min_sync(lanes, x),
                              __reduce_max_sync(lanes, x),
                              __reduce_and_sync(lanes, x),
                              __reduce_or_sync(lanes, x),
                              __reduce_xor_sync(lanes, x),
                              unsigned(__reduce_min_sync(lanes, int(x))),
                              unsigned(__reduce_max_sync(lanes, int(x)))};
  if (threadIdx.x == 17)
    for (int i = 0; i < 8; ++i) out[i] = results[i];
}
TEST_P(PtxWarp, Reduce) {
  auto values = random_lanes(0xffffffffu, 9);
  const DeviceBuffer<unsigned> in(values), out(8);
  reduce_kernel<<<1, 32>>>(in.data(), out.data());
  std::vector<unsigned> expected = {0, ~0u, 0, ~0u, 0, 0, unsigned(INT32_MAX), unsigned(INT32_MIN)};
  for (int i = 3; i <= 30; ++i) {
    const unsigned x = values[i];
    expected[0] += x;
    expected[1] = std::min(expected[1], x);
    expected[2] = std::max(expected[2], x);
    expected[3] &= x;
    expected[4] |= x;
    expected[5] ^= x;
    expected[6] = unsigned(std::min(int(expected[6]), int(x)));
    expected[7] = unsigned(std::max(int(expected[7]), int(x)));
  }
  EXPECT_EQ(out.values(), expected);
}

// Tiles of eight lanes that take different numbers of turns, and the lanes of a branch as a group.
__global__ void tiles_kernel(const unsigned* values, unsigned* tile_sums, unsigned* branch_ranks) {
  const auto tile = cg::tiled_partition<8>(cg::this_thread_block());
  const unsigned t = threadIdx.x;
  unsigned sum = 0;
  for (unsigned turn = 0; turn <= tile.meta_group_rank(); ++turn)
    sum += cg::reduce(tile, values[t] + turn, cg::plus<unsigned>());
  tile_sums[t] = sum;
  if (values[t] % 3 == 0) {
    const cg::coalesced_group group = cg::coalesced_threads();
    branch_ranks[t] = group.thread_rank() * 100 + group.size();
  } else {
    branch_ranks[t] = __popc(__activemask()) + 10'000u;
  }
}
TEST_P(PtxWarp, TilesAndCoalescedGroups) {
  const auto values = random_lanes(1000, 5);
  const DeviceBuffer<unsigned> in(values), sums(32), ranks(32);
  tiles_kernel<<<1, 32>>>(in.data(), sums.data(), ranks.data());
  const auto found_sums = sums.values(), found_ranks = ranks.values();
  unsigned group = 0;
  for (const unsigned x : values) group += x % 3 == 0;
  unsigned rank = 0;
  for (unsigned t = 0; t < 32; ++t) {
    unsigned expected = 0;
    for (unsigned turn = 0; turn <= t / 8; ++turn)
      for (unsigned i = t / 8 * 8; i < t / 8 * 8 + 8; ++i) expected += values[i] + turn;
    EXPECT_EQ(found_sums[t], expected) << t;
    if (values[t] % 3 == 0)
      EXPECT_EQ(found_ranks[t], rank++ * 100 + group) << t;
    else
      EXPECT_EQ(found_ranks[t], 32 - group + 10'000) << t;
  }
}

// Lanes that have exited are waited for no more.
__global__ void exited_lanes_kernel(unsigned* out) {
  if (threadIdx.x < 20) {
    __syncwarp();
    out[threadIdx.x] = threadIdx.x;
    return;
  }
  out[threadIdx.x] = 100;
}
TEST_P(PtxWarp, ExitedLanes) {
  const DeviceBuffer<unsigned> out(32);
  exited_lanes_kernel<<<1, 32>>>(out.data());
  for (unsigned i = 0; i < 32; ++i) EXPECT_EQ(out.values()[i], i < 20 ? i : 100u);
}

INSTANTIATE_TEST_SUITE_P(Schedules, PtxWarp, all_conditions(), condition_name);

}  // namespace ptx_warp
}  // namespace simulated_gpu::test
