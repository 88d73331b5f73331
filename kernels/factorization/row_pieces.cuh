#pragma once

#include "kernels/factorization/epoch_options.h"
#include "kernels/factorization/stored_number.h"
#include "kernels/factorization/training_operands.cuh"
#include "kernels/support/relaxed_access.cuh"

namespace matinee::factorization {

// 16 or 8 bytes of a row, or a bias. With lock-free updates others may be writing them.
template <Updates updates, typename Bytes>
__device__ inline Bytes read_part(const Bytes* address) {
  if constexpr (updates == Updates::kOrdered) return *address;
  return load_relaxed(address);
}

template <Updates updates, typename Bytes>
__device__ inline void write_part(Bytes* address, const Bytes& value) {
  if constexpr (updates == Updates::kOrdered) {
    *address = value;
  } else {
    store_relaxed(address, value);
  }
}

// The numbers of one access of 16 bytes, in fp32: the same four lanes of kParts chunks of 16 columns.
template <typename T>
struct Piece {
  static constexpr int kParts = 4 / sizeof(T);
  float4 parts[kParts];

  // The first column of a part; `piece` counts the pieces of a row.
  static __device__ int column(int piece, int part) {
    return (piece / kTeam * kParts + part) * kLanes + piece % kTeam * 4;
  }
};

template <typename T>
__device__ inline float widen_low(uint32_t word) {
  return widen(T{static_cast<uint16_t>(word)});
}

template <typename T>
__device__ inline float widen_high(uint32_t word) {
  return widen(T{static_cast<uint16_t>(word >> 16)});
}

template <typename T>
__device__ inline Piece<T> unpacked(const uint4& bits) {
  Piece<T> piece;
  if constexpr (sizeof(T) == 4) {
    piece.parts[0] =
        make_float4(__uint_as_float(bits.x), __uint_as_float(bits.y), __uint_as_float(bits.z), __uint_as_float(bits.w));
  } else {
    piece.parts[0] =
        make_float4(widen_low<T>(bits.x), widen_high<T>(bits.x), widen_low<T>(bits.y), widen_high<T>(bits.y));
    piece.parts[1] =
        make_float4(widen_low<T>(bits.z), widen_high<T>(bits.z), widen_low<T>(bits.w), widen_high<T>(bits.w));
  }
  return piece;
}

__device__ inline uint32_t joined(uint16_t low, uint16_t high) {
  return uint32_t{low} | uint32_t{high} << 16;
}

// `draw(column)`: the 16 bits that round the number of that column.
template <typename T, typename Draw>
__device__ inline uint2 packed(const float4& part, int column, const Draw& draw) {
  return make_uint2(joined(narrow<T>(part.x, draw(column)).bits, narrow<T>(part.y, draw(column + 1)).bits),
                    joined(narrow<T>(part.z, draw(column + 2)).bits, narrow<T>(part.w, draw(column + 3)).bits));
}

template <typename T, typename Draw>
__device__ inline uint4 packed(const Piece<T>& piece, int number, const Draw& draw) {
  if constexpr (sizeof(T) == 4) {
    const float4& part = piece.parts[0];
    return make_uint4(__float_as_uint(part.x), __float_as_uint(part.y), __float_as_uint(part.z),
                      __float_as_uint(part.w));
  } else {
    const uint2 low = packed<T>(piece.parts[0], Piece<T>::column(number, 0), draw);
    const uint2 high = packed<T>(piece.parts[1], Piece<T>::column(number, 1), draw);
    return make_uint4(low.x, low.y, high.x, high.y);
  }
}

// A row lies in pieces of 16 bytes, kTeam next to each other for the members of a team. The last ones of a row of
// halves have 8 where they are one chunk of columns, without a second.
inline constexpr int64_t kTeamBytes = kTeam * sizeof(uint4);

__device__ inline bool whole_piece(const DeviceRows& rows, int piece) {
  return piece / kTeam < rows.row_bytes / kTeamBytes;
}

__device__ inline uint4* piece_of(unsigned char* row, int piece) {
  return reinterpret_cast<uint4*>(row) + piece;
}

__device__ inline uint2* short_piece_of(unsigned char* row, int piece) {
  return reinterpret_cast<uint2*>(row + piece / kTeam * kTeamBytes) + piece % kTeam;
}

// Pieces of a row that each member of a team has.
__device__ inline int member_pieces(const DeviceRows& rows) {
  return static_cast<int>(pieces(rows.row_bytes, kTeamBytes));
}

template <typename T, Updates updates>
__device__ inline Piece<T> read_piece(const DeviceRows& rows, unsigned char* row, int piece) {
  if (sizeof(T) == sizeof(float) || whole_piece(rows, piece)) {
    return unpacked<T>(read_part<updates>(piece_of(row, piece)));
  }
  const uint2 bits = read_part<updates>(short_piece_of(row, piece));
  return unpacked<T>(make_uint4(bits.x, bits.y, 0, 0));
}

template <typename T, Updates updates>
__device__ inline void write_piece(const DeviceRows& rows, unsigned char* row, int piece, const uint4& bits) {
  if (sizeof(T) == sizeof(float) || whole_piece(rows, piece)) {
    write_part<updates>(piece_of(row, piece), bits);
  } else {
    write_part<updates>(short_piece_of(row, piece), make_uint2(bits.x, bits.y));
  }
}

}  // namespace matinee::factorization
