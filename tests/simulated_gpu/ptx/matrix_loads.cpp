// ldmatrix, and what the matrix instructions share.
#include <cstring>

#include "ptx/groups.h"
#include "ptx/matrix.h"
#include "ptx/memory_access.h"

namespace simulated_gpu::ptx {

std::vector<u32>& new_row_list(Decoder& decoder) {
  std::vector<u32>& rows = decoder.module().row_lists.emplace_back();
  decoder.instruction.rows = &rows;
  return rows;
}

void append_rows(Decoder& decoder, std::vector<u32>& rows, size_t operand, u8 lane_bytes) {
  for (const std::string& name : decoder.operand_list(operand)) rows.push_back(decoder.row_of(name, lane_bytes));
}

void whole_warp(Decoder& decoder) {
  decoder.require_any({"sync"});
  decoder.require_any({"aligned"});
  decoder.instruction.control = Control::kCollective;
  decoder.instruction.members = decoder.symbols().constant(4, kAllLanes);
}

void require_whole_warp(const Warp& warp) {
  if (warp.mask != kAllLanes)
    stop("warp-mask", "not all 32 lanes take part, " + thread_at(warp, first_lane(warp.mask)));
}

namespace {

// Matrices of 8 x 8 elements of 16 bits. Lane 8 m + r has the address of row r of matrix m; afterwards lane l has
// elements (l / 4, l % 4 * 2) and the next of each matrix, or those of its transpose (variant 1).
void load_matrices(Warp& warp, const Instruction& i) {
  require_whole_warp(warp);
  const LaneAddresses addresses = addresses_of(warp, i);
  const u32 asked = i.elements == 4 ? kAllLanes : (1u << (8 * i.elements)) - 1;
  if (monitor()) report_access(warp, i, addresses, asked, 16, WarpAccess::Kind::kLoad);
  u16 matrices[4][8][8];
  for (u32 m = 0; m < i.elements; ++m)
    for (u32 r = 0; r < 8; ++r) std::memcpy(matrices[m][r], host_pointer(addresses[m * 8 + r]), 16);
  for (u32 m = 0; m < i.elements; ++m)
    for (u32 lane = 0; lane < kWarpSize; ++lane) {
      const u32 line = lane / 4, first = lane % 4 * 2;
      const u16 low = i.variant ? matrices[m][first][line] : matrices[m][line][first];
      const u16 high = i.variant ? matrices[m][first + 1][line] : matrices[m][line][first + 1];
      row<u32>(warp, i.parts[m])[lane] = u32{high} << 16 | low;
    }
}

void decode_load_matrices(Decoder& decoder) {
  Instruction& i = decoder.instruction;
  whole_warp(decoder);
  decoder.require_any({"m8n8"});
  const int count = decoder.require_any({"x1", "x2", "x4"});
  i.variant = decoder.take("trans");
  decoder.require_any({"shared", "shared::cta"});
  decoder.take_type();
  decoder.handler(&load_matrices);
  i.space = Space::kShared;
  decoder.vector(0, 4);
  if (i.elements != 1 << count) decoder.fail("wrong number of registers");
  decoder.memory(1);
}

}  // namespace

void add_matrix_loads(DecodeTable& table) {
  table["ldmatrix"] = &decode_load_matrices;
}

}  // namespace simulated_gpu::ptx
