// What the matrix instructions share: element types in registers, and the product.
#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "ptx/decoder.h"
#include "ptx/half_precision.h"
#include "ptx/lanes.h"

namespace simulated_gpu::ptx {

struct tf32 {  // a float of which only the upper 19 bits count
  u32 bits;
};

// Elements lie in registers of 4 bytes from the low end (f64: one in 8 bytes).
template <class Element>
inline constexpr u32 kPerRegister = sizeof(Element) >= 4 ? 1 : 4 / sizeof(Element);

template <class Element>
using SumOf = std::conditional_t<std::is_integral_v<Element>, s64, f64>;

// Element k of a register.
template <class Element>
SumOf<Element> element_of(Lane<Element> bits, u32 k) {
  if constexpr (std::is_same_v<Element, tf32>)
    return static_cast<f64>(std::bit_cast<f32>(bits & 0xffffe000));
  else if constexpr (sizeof(Element) >= 4)
    return static_cast<SumOf<Element>>(std::bit_cast<Element>(bits));
  else
    return static_cast<SumOf<Element>>(widen(from_lane<Element>(bits >> (8 * sizeof(Element) * k))));
}

// The sum as an element: rounded once; integers wrap around or are clamped.
template <class Element>
Element from_sum(SumOf<Element> sum, bool saturate) {
  if constexpr (std::is_same_v<Element, s32>) {
    if (saturate) return sum > INT32_MAX ? INT32_MAX : sum < INT32_MIN ? INT32_MIN : static_cast<s32>(sum);
    return static_cast<s32>(static_cast<u32>(sum));
  } else if constexpr (kIsHalf<Element>) {
    return narrow<Element>(round_to_odd(sum));
  } else {
    return static_cast<Element>(sum);
  }
}

// Puts element k into a register, leaving its others.
template <class Element>
void set_element(Lane<Element>& bits, u32 k, Element value) {
  if constexpr (sizeof(Element) >= 4)
    bits = std::bit_cast<Lane<Element>>(value);
  else {
    const u32 shift = 8 * static_cast<u32>(sizeof(Element)) * k, mask = (1u << (8 * sizeof(Element))) - 1;
    bits = (bits & ~(mask << shift)) | to_lane(value) << shift;
  }
}

// c (m x n) += a (m x k) * b (k x n), row by row. Products and sums of floats are in double: exact, or nearly, where a
// GPU rounds more often.
template <class Sum>
void multiply_add(Sum* c, const Sum* a, const Sum* b, u32 m, u32 n, u32 k) {
  for (u32 row = 0; row < m; ++row)
    for (u32 inner = 0; inner < k; ++inner) {
      const Sum factor = a[row * k + inner];
      for (u32 column = 0; column < n; ++column) c[row * n + column] += factor * b[inner * n + column];
    }
}

// The rows of the registers in an operand {…}, added to a list that lives as long as the module.
void append_rows(Decoder&, std::vector<u32>& rows, size_t operand, u8 lane_bytes);
std::vector<u32>& new_row_list(Decoder&);

// Takes .sync.aligned and has all lanes of the warp meet.
void whole_warp(Decoder&);
// Stops where a lane is missing.
void require_whole_warp(const Warp&);

}  // namespace simulated_gpu::ptx
