#pragma once

#include <cstdint>
#include <string_view>

namespace simulated_gpu::ptx {

// Number types by their PTX names.
using u8 = uint8_t;
using s8 = int8_t;
using u16 = uint16_t;
using s16 = int16_t;
using u32 = uint32_t;
using s32 = int32_t;
using u64 = uint64_t;
using s64 = int64_t;
using f32 = float;
using f64 = double;
struct f16 {
  u16 bits;
};
struct bf16 {
  u16 bits;
};
template <class Half>
struct Pair {  // f16x2, bf16x2
  Half low, high;
};
__extension__ using u128 = unsigned __int128;
__extension__ using s128 = __int128;

template <class T>
struct TypeTag {
  using Type = T;
};
template <class... T>
struct TypeList {};

using Integers = TypeList<u16, s16, u32, s32, u64, s64>;
using Words = TypeList<u16, u32, u64>;  // what .b16, .b32 and .b64 are computed as
using Floats = TypeList<f32, f64>;
using Halves = TypeList<f16, bf16>;
using HalfPairs = TypeList<Pair<f16>, Pair<bf16>>;

template <class T>
inline constexpr std::string_view kTypeName;
template <>
inline constexpr std::string_view kTypeName<u8> = "u8";
template <>
inline constexpr std::string_view kTypeName<s8> = "s8";
template <>
inline constexpr std::string_view kTypeName<u16> = "u16";
template <>
inline constexpr std::string_view kTypeName<s16> = "s16";
template <>
inline constexpr std::string_view kTypeName<u32> = "u32";
template <>
inline constexpr std::string_view kTypeName<s32> = "s32";
template <>
inline constexpr std::string_view kTypeName<u64> = "u64";
template <>
inline constexpr std::string_view kTypeName<s64> = "s64";
template <>
inline constexpr std::string_view kTypeName<f16> = "f16";
template <>
inline constexpr std::string_view kTypeName<bf16> = "bf16";
template <>
inline constexpr std::string_view kTypeName<Pair<f16>> = "f16x2";
template <>
inline constexpr std::string_view kTypeName<Pair<bf16>> = "bf16x2";
template <>
inline constexpr std::string_view kTypeName<f32> = "f32";
template <>
inline constexpr std::string_view kTypeName<f64> = "f64";

// Bytes of a value of the type with this PTX name; 0 for a predicate, -1 for what is no type.
int type_bytes(std::string_view name);

// The type that computes in place of an untyped one: "b32" gives "u32".
std::string_view computed_as(std::string_view name);

}  // namespace simulated_gpu::ptx
