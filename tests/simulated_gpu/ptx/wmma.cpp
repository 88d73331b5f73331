// wmma.load, wmma.store, wmma.mma: matrix products whose spread over the lanes is the machine's own affair. Here each
// lane takes pieces of up to 16 bytes, neighbours beside neighbours, so that a warp moves whole rows.
#include <cstring>
#include <string>

#include "ptx/groups.h"
#include "ptx/matrix.h"
#include "ptx/memory_access.h"

namespace simulated_gpu::ptx {
namespace {

struct Shape {
  u32 m, n, k;
};
constexpr Shape kShapes[] = {{16, 16, 16}, {32, 8, 16}, {8, 32, 16}, {16, 16, 8}};
constexpr u32 kMostElements = 512;

// A matrix as its elements are numbered: line after line, where a line is a row or a column.
struct Tile {
  u32 rows, columns;
  bool by_column;

  u32 line_length() const { return by_column ? rows : columns; }
  u32 elements() const { return rows * columns; }
  // The place of element `number` in the matrix written row by row.
  u32 place(u32 number) const { return by_column ? number % rows * columns + number / rows : number; }
};

// a and b are numbered as they lie in memory, c and d row by row.
enum Operand : u8 { kA, kB, kC };
Tile tile_of(const Shape& shape, Operand operand, bool by_column) {
  if (operand == kA) return {shape.m, shape.k, by_column};
  if (operand == kB) return {shape.k, shape.n, by_column};
  return {shape.m, shape.n, false};
}

template <class Element>
u32 piece_of(const Tile& tile) {  // elements in one piece
  return std::min<u32>(16 / sizeof(Element), tile.elements() / kWarpSize);
}
// Number of the e-th element of a lane.
template <class Element>
u32 number_of(const Tile& tile, u32 lane, u32 e) {
  const u32 piece = piece_of<Element>(tile);
  return (e / piece * kWarpSize + lane) * piece + e % piece;
}

// Some fragments have room for more elements than there are: each is there more than once then.
template <class Element>
void set_lane_elements(const Warp& warp, const std::vector<u32>& rows, u32 lane, u32 e, u32 elements, Element value) {
  for (u32 slot = e; slot < rows.size() * kPerRegister<Element>; slot += elements)
    set_element(row<Lane<Element>>(warp, rows[slot / kPerRegister<Element>])[lane], slot % kPerRegister<Element>,
                value);
}
template <class Element>
Element lane_element(const Warp& warp, const u32* rows, u32 lane, u32 e) {
  constexpr u32 kWidth = kPerRegister<Element>;
  const u32 bits = row<u32>(warp, rows[e / kWidth])[lane];
  return from_lane<Element>(bits >> (8 * sizeof(Element) * (e % kWidth)) % 32);
}

// variant: the shape; target: the operand, and bit 2: by columns in memory.
constexpr u32 kByColumn = 4;

// Calls visit(lane, e, address) for each element, and tells the monitor of the accesses by pieces.
template <class Element, class Visit>
void for_each_element(Warp& warp, const Instruction& i, WarpAccess::Kind kind, Visit visit) {
  require_whole_warp(warp);
  const auto operand = static_cast<Operand>(i.target & 3);
  const bool by_column = i.target & kByColumn;
  const Tile tile = tile_of(kShapes[i.variant], operand, by_column);
  const u64 base = addresses_of(warp, i)[0];
  const u64 stride = row<u32>(warp, i.b)[0];
  const auto address_of = [&](u32 lane, u32 e) {
    const u32 place = tile.place(number_of<Element>(tile, lane, e));
    const u32 y = place / tile.columns, x = place % tile.columns;
    return base + sizeof(Element) * (by_column ? x * stride + y : y * stride + x);
  };
  const u32 elements = tile.elements() / kWarpSize;
  const u32 piece = tile.by_column == by_column ? piece_of<Element>(tile) : 1;
  for (u32 e = 0; e < elements; e += piece) {
    LaneAddresses addresses;
    for (u32 lane = 0; lane < kWarpSize; ++lane) addresses.lane[lane] = address_of(lane, e);
    report_if_watched(warp, i, addresses, piece * static_cast<u32>(sizeof(Element)), kind);
  }
  for (u32 lane = 0; lane < kWarpSize; ++lane)
    for (u32 e = 0; e < elements; ++e) visit(lane, e, address_of(lane, e));
}

template <class Element>
void load_fragment(Warp& warp, const Instruction& i) {
  const u32 elements = tile_of(kShapes[i.variant], static_cast<Operand>(i.target & 3), false).elements() / kWarpSize;
  for_each_element<Element>(warp, i, WarpAccess::Kind::kLoad, [&](u32 lane, u32 e, u64 address) {
    Element value;
    std::memcpy(&value, host_pointer(address), sizeof value);
    set_lane_elements(warp, *i.rows, lane, e, elements, value);
  });
}
template <class Element>
void store_fragment(Warp& warp, const Instruction& i) {
  for_each_element<Element>(warp, i, WarpAccess::Kind::kStore, [&](u32 lane, u32 e, u64 address) {
    const Element value = lane_element<Element>(warp, i.rows->data(), lane, e);
    std::memcpy(host_pointer(address), &value, sizeof value);
  });
}

template <class Element>
void gather(const Warp& warp, const u32* rows, const Tile& tile, SumOf<Element>* matrix) {
  for (u32 lane = 0; lane < kWarpSize; ++lane)
    for (u32 e = 0; e < tile.elements() / kWarpSize; ++e)
      matrix[tile.place(number_of<Element>(tile, lane, e))] =
          element_of<Element>(to_lane(lane_element<Element>(warp, rows, lane, e)), 0);
}

// rows: registers of d, a, b, c; immediate: bit 0 a by columns, bit 1 b by columns, bit 2 clamp, then from bit 8 the
// numbers of registers of d, a and b, 8 bits each.
template <class In, class C>
void multiply_fragments(Warp& warp, const Instruction& i) {
  using Sum = SumOf<C>;
  require_whole_warp(warp);
  const Shape shape = kShapes[i.variant];
  const Tile of_a = tile_of(shape, kA, i.immediate & 1), of_b = tile_of(shape, kB, i.immediate & 2);
  const Tile of_c = tile_of(shape, kC, false);
  const auto registers = [&](int operand) { return static_cast<u32>(i.immediate >> (8 + 8 * operand)) & 255; };
  const u32* d = i.rows->data();
  const u32* rows_a = d + registers(0);
  const u32* rows_b = rows_a + registers(1);
  Sum a[kMostElements], b[kMostElements], c[kMostElements];
  gather<In>(warp, rows_a, of_a, a);
  gather<In>(warp, rows_b, of_b, b);
  gather<C>(warp, rows_b + registers(2), of_c, c);
  multiply_add(c, a, b, shape.m, shape.n, shape.k);
  for (u32 lane = 0; lane < kWarpSize; ++lane)
    for (u32 e = 0; e < of_c.elements() / kWarpSize; ++e) {
      const C value = from_sum<C>(c[of_c.place(number_of<C>(of_c, lane, e))], i.immediate & 4);
      set_element<C>(row<u32>(warp, d[e / kPerRegister<C>])[lane], e % kPerRegister<C>, value);
    }
  warp.counts.matrix_operations++;
}

int take_shape(Decoder& decoder) {
  return decoder.require_any({"m16n16k16", "m32n8k16", "m8n32k16", "m16n16k8"});
}

void decode_transfer(Decoder& decoder, bool loads) {
  Instruction& i = decoder.instruction;
  whole_warp(decoder);
  const int operand = loads ? decoder.require_any({"a", "b", "c"}) : decoder.require_any({"d"}) + kC;
  i.target = static_cast<u32>(operand) | (decoder.require_any({"row", "col"}) == 1 ? kByColumn : 0);
  i.variant = static_cast<u8>(take_shape(decoder));
  constexpr Space kSpaces[] = {Space::kGlobal, Space::kShared, Space::kShared};
  const int space = decoder.take_any({"global", "shared", "shared::cta"});
  i.space = space < 0 ? Space::kGeneric : kSpaces[space];
  const std::string type = decoder.take_type();
  const int bytes = type_bytes(type);
  if (bytes == 8) decoder.fail("no such variant");
  if (loads)
    decoder.handler(bytes == 1 ? &load_fragment<u8> : bytes == 2 ? &load_fragment<f16> : &load_fragment<u32>);
  else
    decoder.handler(bytes == 2 ? &store_fragment<f16> : bytes == 4 ? &store_fragment<u32> : nullptr);
  append_rows(decoder, new_row_list(decoder), loads ? 0 : 1, 4);
  decoder.memory(loads ? 1 : 0);
  i.b = decoder.source(2, 4);
}

Handler multiply_handler(const std::string& in, const std::string& d, const std::string& c) {
  if (d != c) return nullptr;
  if (in == "s8") return d == "s32" ? &multiply_fragments<s8, s32> : nullptr;
  if (in == "u8") return d == "s32" ? &multiply_fragments<u8, s32> : nullptr;
  if (in == "f16" && d == "f16") return &multiply_fragments<f16, f16>;
  if (d != "f32") return nullptr;
  if (in == "f16") return &multiply_fragments<f16, f32>;
  if (in == "bf16") return &multiply_fragments<bf16, f32>;
  return in == "tf32" ? &multiply_fragments<tf32, f32> : nullptr;
}

void decode_multiply_fragments(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  whole_warp(decoder);
  for (int bit : {1, 2})
    if (decoder.require_any({"row", "col"}) == 1) i.immediate |= bit;
  i.variant = static_cast<u8>(take_shape(decoder));
  if (decoder.take("satfinite")) i.immediate |= 4;
  const std::string d = decoder.take_type();  // .d.c of halves, else .d.a.b.c
  std::string a = decoder.take_type(), c = a;
  if (const auto b = decoder.take_optional_type()) {
    if (*b != a) decoder.fail("no such variant");
    c = decoder.take_type();
  } else {
    a = "f16";
  }
  decoder.handler(multiply_handler(a, d, c));
  std::vector<u32>& rows = new_row_list(decoder);
  for (size_t operand = 0; operand < 4; ++operand) {
    if (operand < 3) i.immediate |= static_cast<s64>(decoder.operand_list(operand).size()) << (8 + 8 * operand);
    append_rows(decoder, rows, operand, 4);
  }
}

void decode_wmma(Decoder& decoder) {
  const int what = decoder.require_any({"load", "store", "mma"});
  if (what == 2)
    decode_multiply_fragments(decoder);
  else
    decode_transfer(decoder, what == 0);
}

}  // namespace

void add_wmma(DecodeTable& table) {
  table["wmma"] = &decode_wmma;
}

}  // namespace simulated_gpu::ptx
