#include "ptx/groups.h"

namespace simulated_gpu::ptx {

const DecodeTable& decode_table() {
  static const DecodeTable table = [] {
    DecodeTable all;
    for (const auto add :
         {add_arithmetic, add_integer_arithmetic, add_extended_precision, add_special_functions, add_bits,
          add_bit_fields, add_comparisons, add_moves, add_conversions, add_loads_and_stores, add_atomics,
          add_async_copies, add_collectives, add_control_flow, add_matrix_loads, add_matrix_multiply, add_wmma})
      add(all);
    return all;
  }();
  return table;
}

}  // namespace simulated_gpu::ptx
