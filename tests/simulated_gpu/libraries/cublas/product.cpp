#include "libraries/cublas/product.h"

#include <cstring>

namespace simulated_gpu::cublas {
namespace {

// op(X) with the summed dimension contiguous: row r of the result is x(r, 0..k).
template <typename T, typename Element>
std::vector<T> pack(int64_t rows, int64_t k, Element element) {
  std::vector<T> packed(size_t(rows * k));
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t l = 0; l < k; ++l) packed[size_t(row * k + l)] = element(row, l);
  }
  return packed;
}

// Index of element (row, column) of op(X) in memory.
size_t place(const Operand& x, bool transposed, int64_t row, int64_t column, int64_t index) {
  return size_t(index * x.stride + (transposed ? row * x.leading + column : column * x.leading + row));
}

template <typename T>
struct Packed {
  std::vector<T> a, b;  // rows of op(A), columns of op(B)
};

template <typename T, typename Load>
Packed<T> pack_both(const Gemm& gemm, int64_t index, Load load_element) {
  const bool ta = gemm.transpose_a != CUBLAS_OP_N, tb = gemm.transpose_b != CUBLAS_OP_N;
  return {pack<T>(gemm.m, gemm.k,
                  [&](int64_t i, int64_t l) { return load_element(gemm.a, place(gemm.a, ta, i, l, index)); }),
          pack<T>(gemm.n, gemm.k,
                  [&](int64_t j, int64_t l) { return load_element(gemm.b, place(gemm.b, tb, l, j, index)); })};
}

// dot(i, j) for every element, handed to `use`.
template <typename Sum, typename T, typename Use>
void for_all_dots(const Gemm& gemm, const Packed<T>& packed, Use use) {
  for (int64_t j = 0; j < gemm.n; ++j) {
    const T* b = packed.b.data() + j * gemm.k;
    for (int64_t i = 0; i < gemm.m; ++i) {
      const T* a = packed.a.data() + i * gemm.k;
      Sum sum = 0;
      for (int64_t l = 0; l < gemm.k; ++l) sum += Sum(a[l]) * Sum(b[l]);
      use(i, j, sum);
    }
  }
}

}  // namespace

void multiply_integers(const Gemm& gemm, int64_t index, int32_t alpha, int32_t beta) {
  const auto packed = pack_both<int16_t>(
      gemm, index, [](const Operand& x, size_t at) { return int16_t(static_cast<const int8_t*>(x.data)[at]); });
  auto* c = static_cast<int32_t*>(const_cast<void*>(gemm.c.data));
  for_all_dots<int32_t>(gemm, packed, [&](int64_t i, int64_t j, int32_t sum) {
    int32_t& out = c[place(gemm.c, false, i, j, index)];
    const uint32_t old = beta == 0 ? 0u : uint32_t(beta) * uint32_t(out);  // beta 0: C is not read
    out = int32_t(uint32_t(alpha) * uint32_t(sum) + old);
  });
}

void multiply_floats(const Gemm& gemm, int64_t index, double alpha, double beta, Rounding rounding) {
  const auto packed =
      pack_both<double>(gemm, index, [&](const Operand& x, size_t at) { return load(x.data, x.type, at, rounding); });
  void* c = const_cast<void*>(gemm.c.data);
  for_all_dots<double>(gemm, packed, [&](int64_t i, int64_t j, double sum) {
    const size_t at = place(gemm.c, false, i, j, index);
    const double old = beta == 0 ? 0.0 : beta * load(c, gemm.c.type, at, Rounding::kNone);
    store(c, gemm.c.type, at, alpha * sum + old);
  });
}

}  // namespace simulated_gpu::cublas
