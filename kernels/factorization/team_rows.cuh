#pragma once

#include "kernels/factorization/rating_update.h"
#include "kernels/factorization/row_pieces.cuh"
#include "kernels/factorization/tile_ratings.cuh"

namespace matinee::factorization {

// A team of kTeam threads has a row between them: member t holds the columns 16 c + 4 t … 16 c + 4 t + 3 of every chunk
// c, so that each member owns four of the 16 lanes of dot(), and reads them in accesses of 16 bytes. All members do the
// same arithmetic on biases. 8 teams make a warp; all its threads stay together.
inline constexpr int kMemberLanes = kLanes / kTeam;
static_assert(kMemberLanes == 4, "a member reads float4");

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
  template <typename T>
  __device__ void add(const Piece<T>& p, const Piece<T>& q) {
#pragma unroll
    for (int part = 0; part < Piece<T>::kParts; ++part) add(p.parts[part], q.parts[part]);
  }
  __device__ float total() {
    for (int distance = kTeam / 2; distance > 0; distance /= 2) {  // lanes 8 and 4 apart
      for (float& lane : lanes) lane += __shfl_xor_sync(~0u, lane, distance);
    }
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
  }
};

// team_member(), which with halves the compiler takes for another number each time: the terms of the columns' draws are
// computed where they are used and not held in registers from rating to rating.
template <typename T>
__device__ inline int drawing_member() {
  int member = team_member();
  if constexpr (sizeof(T) < sizeof(float)) asm volatile("" : "+r"(member));
  return member;
}

// A member's part of a row of at most kChunks chunks, in registers.
template <typename T, int kChunks, Updates updates>
struct MemberRow {
  static constexpr int kPieces = kChunks / Piece<T>::kParts;
  Piece<T> pieces[kPieces] = {};

  __device__ void load(const DeviceRows& rows, int64_t place) {
    unsigned char* row = rows.row(place);
    const int count = member_pieces(rows);
#pragma unroll
    for (int c = 0; c < kPieces; ++c) {
      if (c < count) pieces[c] = read_piece<T, updates>(rows, row, c * kTeam + team_member());
    }
  }
  // Leaves the numbers as they were stored. `member`: the thread's number in its team.
  template <typename Draw>
  __device__ void store(const DeviceRows& rows, int64_t place, int member, const Draw& draw) {
    unsigned char* row = rows.row(place);
    const int count = member_pieces(rows);
#pragma unroll
    for (int c = 0; c < kPieces; ++c) {
      if (c >= count) continue;
      const int piece = c * kTeam + member;
      const uint4 bits = packed<T>(pieces[c], piece, draw);
      write_piece<T, updates>(rows, row, piece, bits);
      if constexpr (sizeof(T) < sizeof(float)) pieces[c] = unpacked<T>(bits);
    }
  }
};

template <typename Row>
__device__ inline float row_product(const Row& p, const Row& q) {
  LaneSums sums;  // pieces beyond the row are zeros, which change no sum
#pragma unroll
  for (int c = 0; c < Row::kPieces; ++c) sums.add(p.pieces[c], q.pieces[c]);
  return sums.total();
}

// The same for rows of any length, which are read where they lie. All threads of the warp call it, also those of a team
// that has no rows just now.
template <typename T>
__device__ inline float row_product(const DeviceRows& rows, unsigned char* p, unsigned char* q, bool active) {
  LaneSums sums;
  for (int c = 0; active && c < member_pieces(rows); ++c) {
    const int piece = c * kTeam + team_member();
    sums.add(read_piece<T, Updates::kOrdered>(rows, p, piece), read_piece<T, Updates::kOrdered>(rows, q, piece));
  }
  return sums.total();
}

__device__ inline float rating_error(Link link, float value, float x) {
  return link == Link::kIdentity ? rating_error<Link::kIdentity>(value, x) : rating_error<Link::kLogOdds>(value, x);
}

__device__ inline float rating_gradient(Link link, float value, float error) {
  return link == Link::kLogistic ? rating_gradient<Link::kLogistic>(value, error)
                                 : rating_gradient<Link::kIdentity>(value, error);
}

}  // namespace matinee::factorization
