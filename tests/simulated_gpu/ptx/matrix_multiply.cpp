// mma.sync: products of small matrices whose elements are spread over the lanes as the PTX manual draws it.
#include <string>

#include "ptx/groups.h"
#include "ptx/matrix.h"

namespace simulated_gpu::ptx {
namespace {

struct Shape {
  u32 m, n, k;
};
constexpr Shape kShapes[] = {{16, 8, 4}, {16, 8, 8}, {16, 8, 16}, {16, 8, 32}, {8, 8, 16}, {8, 8, 4}};
constexpr u32 kMostM = 16, kMostN = 8, kMostK = 32;

// Where lane 4 group + quad keeps things: a register holds kPerRegister neighbours along k (of a, b) or n (of c).
// a: rows group (and group + 8), from column quad * width; b: the same with rows and columns exchanged.
template <class Element, class Visit>
void for_each_of_a(const Shape& shape, Visit visit) {
  constexpr u32 kWidth = kPerRegister<Element>;
  const u32 halves = shape.m / 8, registers = shape.m * shape.k / kWarpSize / kWidth;
  for (u32 lane = 0; lane < kWarpSize; ++lane)
    for (u32 r = 0; r < registers; ++r)
      for (u32 k = 0; k < kWidth; ++k)
        visit(lane, r, k, lane / 4 + 8 * (r % halves), lane % 4 * kWidth + k + 4 * kWidth * (r / halves));
}
template <class Element, class Visit>
void for_each_of_b(const Shape& shape, Visit visit) {
  constexpr u32 kWidth = kPerRegister<Element>;
  const u32 registers = shape.n * shape.k / kWarpSize / kWidth;
  for (u32 lane = 0; lane < kWarpSize; ++lane)
    for (u32 r = 0; r < registers; ++r)
      for (u32 k = 0; k < kWidth; ++k) visit(lane, r, k, lane % 4 * kWidth + k + 4 * kWidth * r, lane / 4);
}
// c and d: rows group and group + 8, columns 2 quad and the next.
template <class Element, class Visit>
void for_each_of_c(const Shape& shape, Visit visit) {
  constexpr u32 kWidth = kPerRegister<Element>;
  for (u32 lane = 0; lane < kWarpSize; ++lane)
    for (u32 e = 0; e < shape.m * shape.n / kWarpSize; ++e)
      visit(lane, e / kWidth, e % kWidth, lane / 4 + e / 2 * 8, lane % 4 * 2 + e % 2);
}
template <class Element>
u32 registers_of(u32 elements) {
  return elements / kWarpSize / kPerRegister<Element>;
}

// rows: registers of d, a, b, c. variant: the shape; immediate 1: clamp integers.
template <class A, class B, class C>
void multiply(Warp& warp, const Instruction& i) {
  using Sum = SumOf<C>;
  require_whole_warp(warp);
  const Shape shape = kShapes[i.variant];
  const u32* of_d = i.rows->data();
  const u32* of_a = of_d + registers_of<C>(shape.m * shape.n);
  const u32* of_b = of_a + registers_of<A>(shape.m * shape.k);
  const u32* of_c = of_b + registers_of<B>(shape.k * shape.n);
  Sum a[kMostM * kMostK], b[kMostK * kMostN], c[kMostM * kMostN];
  for_each_of_a<A>(shape, [&](u32 lane, u32 r, u32 k, u32 y, u32 x) {
    a[y * shape.k + x] = element_of<A>(row<Lane<A>>(warp, of_a[r])[lane], k);
  });
  for_each_of_b<B>(shape, [&](u32 lane, u32 r, u32 k, u32 y, u32 x) {
    b[y * shape.n + x] = element_of<B>(row<Lane<B>>(warp, of_b[r])[lane], k);
  });
  for_each_of_c<C>(shape, [&](u32 lane, u32 r, u32 k, u32 y, u32 x) {
    c[y * shape.n + x] = element_of<C>(row<Lane<C>>(warp, of_c[r])[lane], k);
  });
  multiply_add(c, a, b, shape.m, shape.n, shape.k);
  for_each_of_c<C>(shape, [&](u32 lane, u32 r, u32 k, u32 y, u32 x) {
    set_element<C>(row<Lane<C>>(warp, of_d[r])[lane], k, from_sum<C>(c[y * shape.n + x], i.immediate));
  });
  warp.counts.matrix_operations++;
}

struct Types {
  std::string d, a, b, c;
};

Handler handler_of(const Types& types) {
  if (types.c != types.d) return nullptr;
  if (types.a == "s8" || types.a == "u8") {
    if (types.c != "s32") return nullptr;
    if (types.a == "s8")
      return types.b == "s8" ? &multiply<s8, s8, s32> : types.b == "u8" ? &multiply<s8, u8, s32> : nullptr;
    return types.b == "u8" ? &multiply<u8, u8, s32> : types.b == "s8" ? &multiply<u8, s8, s32> : nullptr;
  }
  if (types.a != types.b) return nullptr;
  if (types.a == "f64" && types.c == "f64") return &multiply<f64, f64, f64>;
  if (types.a == "f16" && types.c == "f16") return &multiply<f16, f16, f16>;
  if (types.c != "f32") return nullptr;
  if (types.a == "f16") return &multiply<f16, f16, f32>;
  if (types.a == "bf16") return &multiply<bf16, bf16, f32>;
  return types.a == "tf32" ? &multiply<tf32, tf32, f32> : nullptr;
}

size_t registers_in(Decoder& decoder, size_t operand) {
  return decoder.operand_list(operand).size();
}

// Checks each operand's number of registers against the shape: so that no combination is taken for another.
void check_registers(Decoder& decoder, const Shape& shape, const Types& types) {
  const auto expect = [&](size_t operand, const std::string& type, u32 elements) {
    const u32 bits = elements / kWarpSize * static_cast<u32>(type_bytes(type)) * 8;
    const u32 registers = type == "f64" ? bits / 64 : bits / 32;
    if (registers == 0 || registers_in(decoder, operand) != registers) decoder.fail("no such variant");
  };
  expect(0, types.d, shape.m * shape.n);
  expect(1, types.a, shape.m * shape.k);
  expect(2, types.b, shape.k * shape.n);
  expect(3, types.c, shape.m * shape.n);
}

void decode_multiply_matrices(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  whole_warp(decoder);
  i.variant = static_cast<u8>(decoder.require_any({"m16n8k4", "m16n8k8", "m16n8k16", "m16n8k32", "m8n8k16", "m8n8k4"}));
  decoder.require_any({"row"});
  decoder.require_any({"col"});
  i.immediate = decoder.take("satfinite");
  Types types;
  for (std::string* type : {&types.d, &types.a, &types.b, &types.c}) *type = decoder.take_type();
  decoder.handler(handler_of(types));
  check_registers(decoder, kShapes[i.variant], types);
  std::vector<u32>& rows = new_row_list(decoder);
  for (size_t operand = 0; operand < 4; ++operand) append_rows(decoder, rows, operand, lane_bytes_of(types.d));
}

}  // namespace

void add_matrix_multiply(DecodeTable& table) {
  table["mma"] = &decode_multiply_matrices;
}

}  // namespace simulated_gpu::ptx
