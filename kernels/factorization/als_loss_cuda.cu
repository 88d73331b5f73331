#include "kernels/factorization/als_loss_cuda.h"
#include "kernels/support/launch.cuh"
#include "kernels/support/operand.cuh"
#include "kernels/support/transfer.cuh"
#include "kernels/support/warp_sum.cuh"

namespace matinee::factorization {
namespace {

constexpr int kWarp = 32;
constexpr int kThreads = 256;

// A warp adds the errors of one user's ratings, in their order; a lane adds the products k = lane, lane + 32, …, then
// the lanes are added by halves. Per rating 2 flops and 8 bytes a factor, of which the user's 4 come from the L1 cache:
// bound by the bandwidth to the items' rows.
__global__ void __launch_bounds__(kThreads)
    row_errors_kernel(const int64_t* __restrict__ offsets,                            // (users + 1)
                      const int32_t* __restrict__ items,                              // (ratings)
                      const float* __restrict__ user_rows,                            // (users, columns)
                      const float* __restrict__ item_rows,                            // (items, columns)
                      int64_t users, int64_t columns, double* __restrict__ errors) {  // (users)
  const int64_t user = grid_thread(blockIdx.x, blockDim.x, threadIdx.x) / kWarp;
  const int lane = threadIdx.x % kWarp;
  if (user >= users) return;
  double squares = 0;
  for (int64_t rating = offsets[user]; rating < offsets[user + 1]; ++rating) {
    double sum = 0;
    for (int64_t k = lane; k < columns; k += kWarp) {
      sum += static_cast<double>(user_rows[element(user, columns, k)]) *
             static_cast<double>(item_rows[element(items[rating], columns, k)]);
    }
    sum = warp_sum(sum);
    squares += (1 - sum) * (1 - sum);
  }
  if (lane == 0) errors[user] = squares;
}

}  // namespace

void als_row_errors_cuda(Context& context, SparseView by_user, const AlsFactors& factors, std::span<double> rows) {
  if (by_user.rows == 0) return;
  CudaResources& cuda = context.cuda();
  const int64_t columns = factors.users.columns;
  const Operand<int64_t> offsets(cuda, by_user.offsets, int64_t{by_user.rows} + 1);
  const Operand<int32_t> items(cuda, by_user.indices, by_user.size());
  const Operand<float> user_rows(cuda, factors.users.data, factors.users.rows * columns);
  const Operand<float> item_rows(cuda, factors.items.data, factors.items.rows * columns);
  DeviceBuffer<double> errors(cuda, by_user.rows);
  launch(cuda, Kernel("row_errors_kernel", row_errors_kernel), one_thread_each(int64_t{by_user.rows} * kWarp, kThreads),
         offsets.data(), items.data(), user_rows.data(), item_rows.data(), int64_t{by_user.rows}, columns,
         errors.data());
  download(cuda, rows, errors);
}

}  // namespace matinee::factorization
