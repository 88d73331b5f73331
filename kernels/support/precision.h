#pragma once

namespace matinee {

// How products of matrices of 32-bit floats are computed on a CUDA device; sums are in 32 bits always. The CPU, and
// whatever is no such product, computes in 32 bits.
enum class Precision {
  kFp32,
  kTf32,  // factors rounded to 11 significant bits, the range of fp32: tensor cores from compute capability 8.0 on
  kFp16,  // factors rounded to fp16: 11 significant bits, magnitudes of 6e-8 to 65504
};

}  // namespace matinee
