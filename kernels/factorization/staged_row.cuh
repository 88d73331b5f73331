#pragma once

#include "kernels/factorization/team_rows.cuh"
#include "kernels/support/warp_sum.cuh"

namespace matinee::factorization {

inline constexpr int kWarp = 32;
inline constexpr int kLongRowThreads = 16 * kWarp;  // of a block at most

// A row too long for registers: a warp has it in shared memory, in fp32 and in the order of its columns, so that it is
// read from global memory once. Each thread keeps to the pieces that it staged itself; only dot() reads across, between
// two calls of __syncwarp().
template <typename T, Updates updates>
class StagedRow {
 public:
  __device__ StagedRow(const DeviceRows& rows, int64_t place, float* staged)
      : rows_(rows), row_(rows.row(place)), staged_(staged) {
    for (int piece = lane(); piece < pieces(); piece += kWarp) put(piece, read_piece<T, updates>(rows, row_, piece));
  }

  __device__ int pieces() const { return member_pieces(rows_) * kTeam; }
  __device__ Piece<T> piece(int number) const {
    Piece<T> result;
#pragma unroll
    for (int part = 0; part < Piece<T>::kParts; ++part) {
      result.parts[part] = *reinterpret_cast<const float4*>(staged_ + Piece<T>::column(number, part));
    }
    return result;
  }
  template <typename Draw>
  __device__ void store(int number, const Piece<T>& value, const Draw& draw) const {
    write_piece<T, updates>(rows_, row_, number, packed<T>(value, number, draw));
  }
  __device__ const float* numbers() const {
    return staged_;
  }

 private:
  static __device__ int lane() {
    return static_cast<int>(threadIdx.x) % kWarp;
  }
  __device__ void put(int number, const Piece<T>& value) {
#pragma unroll
    for (int part = 0; part < Piece<T>::kParts; ++part) {
      *reinterpret_cast<float4*>(staged_ + Piece<T>::column(number, part)) = value.parts[part];
    }
  }

  const DeviceRows rows_;
  unsigned char* row_;
  float* staged_;
};

// dot() of two staged rows: a thread has one of the 16 lanes, both halves of the warp the same ones.
__device__ inline float staged_product(const float* p, const float* q, int64_t columns) {
  const int lane = static_cast<int>(threadIdx.x) % kLanes;
  float sum = 0;
  for (int64_t k = lane; k < columns; k += kLanes) sum += p[k] * q[k];
  return warp_sum<kLanes>(sum);
}

}  // namespace matinee::factorization
