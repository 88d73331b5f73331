// The groups of instructions: each adds its opcodes to the table.
#pragma once

#include "ptx/decoder.h"

namespace simulated_gpu::ptx {

void add_arithmetic(DecodeTable&);
void add_integer_arithmetic(DecodeTable&);
void add_extended_precision(DecodeTable&);
void add_special_functions(DecodeTable&);
void add_bits(DecodeTable&);
void add_bit_fields(DecodeTable&);
void add_comparisons(DecodeTable&);
void add_moves(DecodeTable&);
void add_conversions(DecodeTable&);
void add_loads_and_stores(DecodeTable&);
void add_atomics(DecodeTable&);
void add_async_copies(DecodeTable&);
void add_collectives(DecodeTable&);
void add_control_flow(DecodeTable&);
void add_matrix_loads(DecodeTable&);
void add_matrix_multiply(DecodeTable&);
void add_wmma(DecodeTable&);

// mul and mad of floats and halves: opcodes that they share with integers.
void decode_float_multiply(Decoder&);
void decode_fma(Decoder&);

}  // namespace simulated_gpu::ptx
