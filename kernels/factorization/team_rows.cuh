#pragma once

#include "kernels/factorization/rating_update.h"
#include "kernels/factorization/training_operands.cuh"

namespace matinee::factorization {

// A team of kTeam threads has a row between them: member t holds the columns 16 c + 4 t … 16 c + 4 t + 3 of every chunk
// c, so that a chunk is read in accesses of 16 bytes, one line of 64 bytes a team, and each member owns four of the 16
// lanes of dot(). All members do the same arithmetic on biases. 8 teams make a warp; all its threads stay together.
inline constexpr int kMemberLanes = kLanes / kTeam;
static_assert(kMemberLanes == 4, "a member reads float4");

__device__ inline int team_member() {
  return static_cast<int>(threadIdx.x) % kTeam;
}

// The largest count of the warp's teams.
__device__ inline int64_t longest_of_warp(int64_t count) {
  for (int distance = kTeam; distance < 32; distance *= 2) {
    count = max(count, __shfl_xor_sync(~0u, count, distance));
  }
  return count;
}

// The ratings of a team's tile. All threads of the warp read together, also those of teams that are done.
struct TileRatings {
  const int32_t* words = nullptr;  // user, item, value of each
  int64_t count = 0;

  __device__ TileRatings() = default;
  __device__ TileRatings(const Rating* ratings, const int64_t* offsets, int64_t tile)
      : words(reinterpret_cast<const int32_t*>(ratings + offsets[tile])), count(offsets[tile + 1] - offsets[tile]) {}

  // Each member reads one word and tells the others. Beyond the end: a rating of user -1.
  __device__ Rating operator[](int64_t n) const {
    static_assert(sizeof(Rating) == 12);
    const int32_t word = n < count && team_member() < 3 ? words[3 * n + team_member()] : -1;
    const int32_t user = __shfl_sync(~0u, word, 0, kTeam), item = __shfl_sync(~0u, word, 1, kTeam);
    return {user, item, __int_as_float(__shfl_sync(~0u, word, 2, kTeam))};
  }
};

__device__ inline float4* member_factors(float* row, int chunk) {
  return reinterpret_cast<float4*>(row) + chunk * kTeam + team_member();
}

__device__ inline float2* member_tail(float* row, int64_t factors) {
  return reinterpret_cast<float2*>(row + factors) + team_member();
}

// What a member adds up for its lanes, and the end of dot() over the team: the upper half of the lanes on the lower
// half until one is left. Every member gets the result.
struct LaneSums {
  float lanes[kMemberLanes] = {};

  __device__ void add(const float4& p, const float4& q) {
    lanes[0] += p.x * q.x;
    lanes[1] += p.y * q.y;
    lanes[2] += p.z * q.z;
    lanes[3] += p.w * q.w;
  }
  __device__ float total() {
    for (int distance = kTeam / 2; distance > 0; distance /= 2) {  // lanes 8 and 4 apart
      for (float& lane : lanes) lane += __shfl_xor_sync(~0u, lane, distance);
    }
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
  }
};

// A member's part of a row of at most kChunks chunks, in registers.
template <int kChunks>
struct MemberRow {
  float4 factors[kChunks] = {};
  float2 tail = {};  // bias, share

  __device__ void load(const DeviceRows& rows, int64_t index) {
    float* row = rows.row(index);
    const int chunks = static_cast<int>(rows.factors / kLanes);
#pragma unroll
    for (int c = 0; c < kChunks; ++c) {
      if (c < chunks) factors[c] = *member_factors(row, c);
    }
    tail = *member_tail(row, rows.factors);
  }
  __device__ void store(const DeviceRows& rows, int64_t index, bool with_bias) const {
    float* row = rows.row(index);
    const int chunks = static_cast<int>(rows.factors / kLanes);
#pragma unroll
    for (int c = 0; c < kChunks; ++c) {
      if (c < chunks) *member_factors(row, c) = factors[c];
    }
    if (with_bias) *member_tail(row, rows.factors) = tail;
  }
};

template <int kChunks>
__device__ inline float row_product(const MemberRow<kChunks>& p, const MemberRow<kChunks>& q) {
  LaneSums sums;  // chunks beyond the row are zeros, which change no sum
#pragma unroll
  for (int c = 0; c < kChunks; ++c) sums.add(p.factors[c], q.factors[c]);
  return sums.total();
}

// The same for rows of any length, which are read where they lie. All threads of the warp call it, also those of a team
// that has no rows just now.
__device__ inline float row_product(float* p, float* q, int64_t factors, bool active) {
  LaneSums sums;
  for (int c = 0; active && c < factors / kLanes; ++c) sums.add(*member_factors(p, c), *member_factors(q, c));
  return sums.total();
}

__device__ inline float rating_error(Link link, float value, float x) {
  return link == Link::kIdentity ? rating_error<Link::kIdentity>(value, x) : rating_error<Link::kLogOdds>(value, x);
}

__device__ inline float rating_gradient(Link link, float value, float error) {
  return link == Link::kLogistic ? rating_gradient<Link::kLogistic>(value, error)
                                 : rating_gradient<Link::kIdentity>(value, error);
}

// block_squares[a] = Σ of the squares of block a's tiles, in their order. Launches a kernel over the groups.
void add_tile_squares(CudaResources& cuda, DeviceTraining& training, double* block_squares);

// Σ over strata of Σ over their blocks, once the kernels are done.
double sum_of_squares(CudaResources& cuda, const DeviceTraining& training, int64_t strata);

}  // namespace matinee::factorization
