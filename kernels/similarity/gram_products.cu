#include <algorithm>

#include "kernels/similarity/gram_products.cuh"
#include "kernels/similarity/neighbour_candidates.cuh"
#include "kernels/support/block_selection.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::similarity {
namespace {

constexpr int kThreads = 256;
constexpr int32_t kRowStep = 8;  // rows of a product are rounded up to so many

// The products of a block of rows with the rows of a group: (products, chunks of columns, rows, others).
struct ProductsView {
  const int32_t* data;
  int32_t count, chunks, rows, others;
  uint64_t codes;  // per product a byte: which sum it adds to, and above that the logarithm of its weight, / 8

  __device__ SumField sum(int32_t product) const { return static_cast<SumField>(codes >> (8 * product) & 15); }
  __device__ int32_t shift(int32_t product) const { return static_cast<int32_t>(codes >> (8 * product + 4) & 15) * 8; }
};

uint64_t code_of(const GramProduct& product) {
  const uint64_t weight = product.weight == 1 ? 0 : product.weight == 1 << 8 ? 1 : 2;
  return static_cast<uint64_t>(product.sum) | weight << 4;
}

// A warp writes one row of one matrix, 128 columns at a time, 4 consecutive ones a lane.
template <typename Value>
__global__ void __launch_bounds__(kThreads)
    fill_gram_kernel(const int64_t* __restrict__ offsets,  // (rows + 1)
                     const int32_t* __restrict__ columns,  // (ratings)
                     const Value* __restrict__ values,     // (ratings)
                     int32_t rows, int64_t padded_rows, int64_t padded_columns, Digit digit,
                     int8_t* __restrict__ matrix) {  // (padded_rows, padded_columns)
  const int lane = static_cast<int>(threadIdx.x % 32);
  const int64_t row = grid_thread(blockIdx.x, blockDim.x, threadIdx.x) / 32;
  if (row >= padded_rows) return;
  int64_t loaded = row < rows ? offsets[row] : 0;
  const int64_t end = row < rows ? offsets[row + 1] : 0;
  int64_t column = 0;
  int32_t value = 0, at_hand = 32;
  uint32_t* line = reinterpret_cast<uint32_t*>(matrix + element(row, padded_columns, 0));
  for (int64_t first = 0; first < padded_columns; first += 128) {
    uint32_t word = 0;
    for (;;) {
      if (at_hand == 32) {
        const bool there = loaded + lane < end;
        column = there ? columns[loaded + lane] : INT64_MAX;
        value = there ? static_cast<uint8_t>(digit_of(digit, values[loaded + lane])) : 0;
        loaded += 32;
        at_hand = 0;
      }
      const int64_t in_line = __shfl_sync(~0u, column, at_hand) - first;
      if (in_line >= 128) break;
      const auto bits = static_cast<uint32_t>(__shfl_sync(~0u, value, at_hand));
      if (in_line / 4 == lane) word |= bits << (in_line % 4 * 8);
      ++at_hand;
    }
    line[first / 4 + lane] = word;
  }
}

// The sums of a pair from the products, in the registers of a lane.
template <SumSet kSet>
__device__ PairSums<int64_t> gathered_sums(const ProductsView& products, int32_t row, int32_t other) {
  PairSums<int64_t> sums;
  for (int32_t product = 0; product < products.count; ++product) {
    int64_t total = 0;
    for (int32_t chunk = 0; chunk < products.chunks; ++chunk) {
      const int64_t plane = element(product, products.chunks, chunk);
      total += products.data[element(element(plane, products.rows, row), products.others, other)];
    }
    total *= int64_t{1} << products.shift(product);
    const SumField field = products.sum(product);
    if (field == SumField::kCount) sums.count += total;
    if constexpr (kSet != SumSet::kCount) {
      if (field == SumField::kXY) sums.xy += total;
    }
    if constexpr (kSet == SumSet::kMoments) {
      if (field == SumField::kX) sums.x += total;
      if (field == SumField::kY) sums.y += total;
      if (field == SumField::kXX) sums.xx += total;
      if (field == SumField::kYY) sums.yy += total;
    }
  }
  sums.weight = sums.count;
  return sums;
}

// A block takes one row and one split of the group, kWarpsPerBlock tiles a round, a warp each.
template <SumSet kSet>
__global__ void __launch_bounds__(kSortThreads, 2)
    rank_products_kernel(ProductsView products, const double* __restrict__ norms, const double* __restrict__ counts,
                         int32_t rows, Measure measure, TileGroup group, SearchTarget target) {
  __shared__ BlockSelection selection;
  const auto lane = static_cast<int32_t>(threadIdx.x % 32), warp = static_cast<int32_t>(threadIdx.x / 32);
  const auto split = static_cast<int32_t>(blockIdx.x / static_cast<uint32_t>(target.rows));
  const auto target_row = static_cast<int32_t>(blockIdx.x % static_cast<uint32_t>(target.rows));
  const int32_t row = target.first_row + target_row;
  selection.clear();
  const RowNorm own{norms[row], counts[row]};
  const int32_t first_tile = split * kTilesPerSplit;
  const int32_t last_tile = min(first_tile + kTilesPerSplit, group.count);
  for (int32_t round_tile = first_tile; round_tile < last_tile; round_tile += kWarpsPerBlock) {
    const int32_t tile = round_tile + warp;
    uint64_t candidates[kLaneCells] = {};
    if (tile < last_tile) {
#pragma unroll 1
      for (int32_t cell = 0; cell < kLaneCells; ++cell) {
        const int32_t in_group = tile * kTileRows + cell * 32 + lane;
        const PairSums<int64_t> sums = gathered_sums<kSet>(products, target_row, in_group);
        const uint64_t candidate = candidate_of<kSet>(measure, sums, sums.count > 0, own, norms, counts, row,
                                                      group.first * kTileRows + in_group, rows);
#pragma unroll
        for (int32_t place = 0; place < kLaneCells; ++place) {
          if (place == cell) candidates[place] = candidate;
        }
      }
    }
    store_or_offer(selection, candidates, target, target_row, tile, tile < last_tile, lane,
                   round_tile + kWarpsPerBlock >= last_tile);
  }
  store_list(selection, target, split, target_row);
}

int64_t padded_rows(const DeviceComparison& comparison) {
  return int64_t{comparison.tiles()} * kTileRows + kRowStep;
}

int32_t chunks(const DeviceComparison& comparison) {
  return static_cast<int32_t>(
      pieces(comparison.padded_columns(), columns_per_product(comparison.recipe.greatest_digit)));
}

template <typename Value>
void fill(CudaResources& cuda, const DeviceComparison& comparison, const Value* values, int8_t* matrices) {
  const int64_t rows = padded_rows(comparison), columns = comparison.padded_columns();
  for (const Digit digit : comparison.recipe.matrices) {
    launch(cuda, Kernel("fill_gram_kernel", fill_gram_kernel<Value>), one_thread_each(rows * 32, kThreads),
           comparison.row_offsets.data(), comparison.row_columns.data(), values, comparison.rows, rows, columns, digit,
           matrices);
    matrices += rows * columns;
  }
}

// C (rows, others) = A (rows, columns) B (others, columns)ᵀ, as cuBLAS sees it with the first index running fastest.
void multiply(CudaResources& cuda, const int8_t* rows_data, const int8_t* others_data, int64_t stride, int32_t rows,
              int32_t others, int32_t columns, int32_t* product) {
  const int32_t one = 1, zero = 0;
  const auto ld = static_cast<int>(stride);
  check_cublas(cublas().gemm_ex(cuda.blas(), CUBLAS_OP_T, CUBLAS_OP_N, others, rows, columns, &one, others_data,
                                CUDA_R_8I, ld, rows_data, CUDA_R_8I, ld, &zero, product, CUDA_R_32I, others,
                                CUBLAS_COMPUTE_32I, CUBLAS_GEMM_DEFAULT),
               "cublasGemmEx of 8-bit integers");
}

template <SumSet kSet>
void rank(CudaResources& cuda, const DeviceComparison& comparison, const ProductsView& products, const Measure& measure,
          TileGroup group, const SearchTarget& target) {
  launch(cuda, Kernel("rank_products_kernel", rank_products_kernel<kSet>),
         {int64_t{splits(group)} * target.rows, kSortThreads, 0}, products, comparison.norms.data(),
         comparison.counts.data(), comparison.rows, measure, group, target);
}

}  // namespace

int64_t gram_matrix_bytes(const DeviceComparison& comparison) {
  return static_cast<int64_t>(comparison.recipe.matrices.size()) * padded_rows(comparison) *
         comparison.padded_columns();
}

void fill_gram_matrices(CudaResources& cuda, const DeviceComparison& comparison, int8_t* matrices) {
  if (comparison.narrow) {
    fill(cuda, comparison, comparison.row_levels.data(), matrices);
  } else {
    fill(cuda, comparison, comparison.row_values.data(), matrices);
  }
}

int64_t gram_product_elements(const DeviceComparison& comparison, int32_t rows, TileGroup group) {
  return static_cast<int64_t>(comparison.recipe.products.size()) * chunks(comparison) * rounded_up(rows, kRowStep) *
         group.count * kTileRows;
}

void search_products(CudaResources& cuda, const DeviceComparison& comparison, const Measure& measure, TileGroup group,
                     int32_t* products, const SearchTarget& target) {
  const GramRecipe& recipe = comparison.recipe;
  const int64_t columns = comparison.padded_columns(), chunk = columns_per_product(recipe.greatest_digit);
  const int64_t matrix = padded_rows(comparison) * columns;
  ProductsView view{};
  view.data = products;
  view.count = static_cast<int32_t>(recipe.products.size());
  view.chunks = chunks(comparison);
  view.rows = static_cast<int32_t>(rounded_up(target.rows, kRowStep));
  view.others = group.count * kTileRows;
  for (std::size_t n = 0; n < recipe.products.size(); ++n) {
    const GramProduct& product = recipe.products[n];
    view.codes |= code_of(product) << (8 * n);
    const int8_t* rows_data = comparison.matrices.data() + product.row * matrix + element(target.first_row, columns, 0);
    const int8_t* others_data =
        comparison.matrices.data() + product.other * matrix + element(group.first * int64_t{kTileRows}, columns, 0);
    for (int64_t begin = 0; begin < columns; begin += chunk) {
      multiply(cuda, rows_data + begin, others_data + begin, columns, view.rows, view.others,
               static_cast<int32_t>(std::min(chunk, columns - begin)), products);
      products += int64_t{view.rows} * view.others;
    }
  }
  switch (sums_of(measure.kind, measure.norms)) {
    case SumSet::kCount:
      return rank<SumSet::kCount>(cuda, comparison, view, measure, group, target);
    case SumSet::kProduct:
      return rank<SumSet::kProduct>(cuda, comparison, view, measure, group, target);
    case SumSet::kMoments:
      return rank<SumSet::kMoments>(cuda, comparison, view, measure, group, target);
  }
}

}  // namespace matinee::similarity
