#include <vector>

#include "kernels/dense/adam_step.h"
#include "kernels/dense/bias.h"
#include "kernels/dense/elementary.h"
#include "kernels/dense/linear.h"
#include "kernels/dense/matrix_product.h"
#include "kernels/dense/sgd_step.h"
#include "kernels/neural_cf/network_layers.cuh"
#include "kernels/neural_cf/sparse_step.cuh"
#include "kernels/neural_cf/training_step_cuda.h"
#include "kernels/support/float_pack.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::neural_cf {
namespace {

constexpr int kThreads = 256, kWarp = 32, kWarps = kThreads / kWarp;

// A warp per example: 8 bytes read and 8 written a number of the rows, 4 more a product: bound by memory.
__global__ void __launch_bounds__(kThreads)
    gather_kernel(ExamplesView examples, MatrixView<const float> users, MatrixView<const float> items,
                  MatrixView<float> user_rows, MatrixView<float> item_rows, MatrixView<float> products) {
  const int64_t example = grid_thread(blockIdx.x, kThreads, threadIdx.x) / kWarp;
  if (example >= examples.count) return;
  const float* user = row_of(users, examples.users[example]);
  const float* item = row_of(items, examples.items[example]);
  for (int64_t k = threadIdx.x % kWarp; k < users.columns; k += kWarp) {
    const float p = user[k], q = item[k];
    row_of(user_rows, example)[k] = p;
    row_of(item_rows, example)[k] = q;
    if (k < products.columns) row_of(products, example)[k] = p * q;
  }
}

// A thread per example: its loss, and `share` times the gradient of that with respect to its log odds in place of them.
__global__ void __launch_bounds__(kThreads)
    log_loss_kernel(const float* __restrict__ labels, int64_t count, float share, float* __restrict__ x,  // (count)
                    float* __restrict__ losses) {                                                         // (count)
  const int64_t n = grid_thread(blockIdx.x, kThreads, threadIdx.x);
  if (n >= count) return;
  const float odds = x[n];
  losses[n] = dense::binary_cross_entropy(odds, labels[n]);
  x[n] = (dense::sigmoid(odds) - labels[n]) * share;
}

// One block: 4 bytes and an addition an example.
__global__ void __launch_bounds__(kThreads)
    add_losses_kernel(const float* __restrict__ losses, int64_t count, double* __restrict__ total) {
  __shared__ double sums[kThreads];
  double sum = 0;
  for (int64_t n = threadIdx.x; n < count; n += kThreads) sum += static_cast<double>(losses[n]);
  sums[threadIdx.x] = sum;
  __syncthreads();
  for (int half = kThreads / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) sums[threadIdx.x] += sums[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x == 0) *total += sums[0];
}

// A warp per example: the gradient of what lies below the output unit. Columns below `product` of user_rows and
// item_rows are taken and replaced by their gradients; dz gets that of the last layer.
__global__ void __launch_bounds__(kThreads)
    output_gradient_kernel(const float* __restrict__ errors, const float* __restrict__ weights, int64_t product,
                           MatrixView<const float> last, MatrixView<float> user_rows, MatrixView<float> item_rows,
                           MatrixView<float> dz) {
  const int64_t example = grid_thread(blockIdx.x, kThreads, threadIdx.x) / kWarp;
  if (example >= user_rows.rows) return;
  const float error = errors[example];
  for (int64_t k = threadIdx.x % kWarp; k < product; k += kWarp) {
    float &p = row_of(user_rows, example)[k], &q = row_of(item_rows, example)[k];
    const float weight = error * weights[k], old = p;
    p = weight * q;
    q = weight * old;
  }
  for (int64_t k = threadIdx.x % kWarp; k < dz.columns; k += kWarp) {
    row_of(dz, example)[k] = row_of(last, example)[k] > 0.0f ? error * weights[product + k] : 0.0f;
  }
}

// A thread per number: dz = 0 where not a > 0.
__global__ void __launch_bounds__(kThreads) relu_gradient_kernel(MatrixView<const float> a, MatrixView<float> dz) {
  const int64_t n = grid_thread(blockIdx.x, kThreads, threadIdx.x);
  if (n >= a.rows * a.columns) return;
  const int64_t row = n / a.columns, column = n % a.columns;
  if (!(row_of(a, row)[column] > 0.0f)) row_of(dz, row)[column] = 0.0f;
}

MatrixView<float> tower_part(const MatrixView<float>& rows, const NetworkShape& shape) {
  return {rows.data + shape.product(), rows.rows, shape.embedding(), rows.stride};
}

class CudaStep : public TrainingStep {
 public:
  CudaStep(CudaResources& cuda, const NetworkShape& shape, int64_t most_examples)
      : shape_(shape),
        activations_(cuda, shape, most_examples),
        sorted_users_(cuda, shape.users, most_examples),
        sorted_items_(cuda, shape.items, most_examples),
        user_rows_(cuda, most_examples * shape.row()),
        item_rows_(cuda, most_examples * shape.row()),
        odds_(cuda, most_examples),
        losses_(cuda, most_examples),
        dense_gradient_(cuda, shape.dense()) {
    for (int64_t layer = 1; layer <= shape.layers; ++layer) {
      gradients_.emplace_back(cuda, most_examples * shape.width(layer));
    }
    dense_gradient_.clear();
  }

  void run(Context& context, TrainedNetwork& network, const ExamplesView& examples, const StepOptions& options,
           int64_t step) override {
    const float* dense = network.dense.parameters.data();
    const int64_t count = examples.count;
    forward(context, network, examples, options.share(count));
    output_gradient(context, dense, count);
    for (int64_t layer = shape_.layers; layer > 1; --layer) layer_gradient(context, dense, layer, count);
    if (shape_.has_tower()) first_layer_gradient(context, dense, count);
    descend(context, network, examples, options, step);
  }

  void add_loss(Context& context, TrainedNetwork& network, const ExamplesView& examples) override {
    forward(context, network, examples, 1);
  }

 private:
  MatrixView<float> user_rows(int64_t count) { return device_matrix(user_rows_.data(), count, shape_.row()); }
  MatrixView<float> item_rows(int64_t count) { return device_matrix(item_rows_.data(), count, shape_.row()); }
  MatrixView<float> gradient(int64_t layer, int64_t count) {
    return device_matrix(gradients_[static_cast<std::size_t>(layer - 1)].data(), count, shape_.width(layer));
  }
  MatrixView<float> dense_gradient(int64_t begin, int64_t rows, int64_t columns) {
    return device_matrix(dense_gradient_.data() + begin, rows, columns);
  }
  MatrixView<const float> half(const float* dense, int64_t begin) const {
    return device_matrix(dense + begin, shape_.embedding(), shape_.embedding());
  }

  // Adds to network.loss and leaves `share` times the gradient of the log odds in their place.
  void forward(Context& context, TrainedNetwork& network, const ExamplesView& examples, float share) {
    CudaResources& cuda = context.cuda();
    const float* dense = network.dense.parameters.data();
    const int64_t count = examples.count;
    launch(cuda, Kernel("gather_kernel", gather_kernel), {pieces(count, kWarps), kThreads}, examples,
           device_matrix(network.users.parameters.data(), shape_.users, shape_.row()),
           device_matrix(network.items.parameters.data(), shape_.items, shape_.row()), user_rows(count),
           item_rows(count), activations_.products(count));
    if (shape_.has_tower()) {
      const MatrixView<float> a = activations_.layer(1, count);
      dense::matrix_product(context, {tower_part(user_rows(count), shape_)},
                            dense::transpose(half(dense, shape_.user_half())), false, a);
      dense::matrix_product(context, {tower_part(item_rows(count), shape_)},
                            dense::transpose(half(dense, shape_.item_half())), true, a);
      add_bias_and_relu(cuda, dense + shape_.first_bias(), a);
      for (int64_t layer = 2; layer <= shape_.layers; ++layer) upper_layer(context, dense, layer, count);
    }
    output_unit(cuda, shape_, dense, activations_.features(count), odds_.data());
    launch(cuda, Kernel("log_loss_kernel", log_loss_kernel), one_thread_each(count, kThreads), examples.labels, count,
           share, odds_.data(), losses_.data());
    launch(cuda, Kernel("add_losses_kernel", add_losses_kernel), {1, kThreads}, losses_.data(), count,
           network.loss.data());
  }

  void upper_layer(Context& context, const float* dense, int64_t layer, int64_t count) {
    const auto weights = device_matrix(dense + shape_.weights(layer), shape_.width(layer), shape_.width(layer - 1));
    const MatrixView<float> a = activations_.layer(layer, count);
    dense::matrix_product(context, {activations_.layer(layer - 1, count)}, dense::transpose(weights), false, a);
    add_bias_and_relu(context.cuda(), dense + shape_.bias(layer), a);
  }

  void output_gradient(Context& context, const float* dense, int64_t count) {
    dense::linear_gradient(
        context, {}, activations_.features(count), device_matrix(odds_.data(), count, 1),
        {dense_gradient(shape_.output(), 1, shape_.features()), dense_gradient_.data() + shape_.output_bias()}, {});
    const bool tower = shape_.has_tower();
    launch(context.cuda(), Kernel("output_gradient_kernel", output_gradient_kernel), {pieces(count, kWarps), kThreads},
           odds_.data(), dense + shape_.output(), shape_.product(),
           tower ? activations_.layer(shape_.layers, count) : MatrixView<float>{}, user_rows(count), item_rows(count),
           tower ? gradient(shape_.layers, count) : MatrixView<float>{});
  }

  // From the gradient of a layer before its ReLU to that of the one below.
  void layer_gradient(Context& context, const float* dense, int64_t layer, int64_t count) {
    const MatrixView<float> dz = gradient(layer, count), below = activations_.layer(layer - 1, count);
    const int64_t outputs = shape_.width(layer), inputs = shape_.width(layer - 1);
    dense::linear_gradient(
        context, {device_matrix(dense + shape_.weights(layer), outputs, inputs)}, below, dz,
        {dense_gradient(shape_.weights(layer), outputs, inputs), dense_gradient_.data() + shape_.bias(layer)},
        gradient(layer - 1, count));
    launch(context.cuda(), Kernel("relu_gradient_kernel", relu_gradient_kernel),
           one_thread_each(below.rows * below.columns, kThreads), below, gradient(layer - 1, count));
  }

  // Leaves the gradients of the rows in their place.
  void first_layer_gradient(Context& context, const float* dense, int64_t count) {
    const int64_t width = shape_.embedding();
    const MatrixView<float> dz = gradient(1, count);
    dense::add_column_sums(context, dz, dense_gradient_.data() + shape_.first_bias());
    const auto side = [&](const MatrixView<float>& rows, int64_t begin) {
      const MatrixView<float> part = tower_part(rows, shape_);
      dense::matrix_product(context, dense::transpose(dz), {part}, true, dense_gradient(begin, width, width));
      dense::matrix_product(context, {dz}, {half(dense, begin)}, false, part);
    };
    side(user_rows(count), shape_.user_half());
    side(item_rows(count), shape_.item_half());
  }

  void descend(Context& context, TrainedNetwork& network, const ExamplesView& examples, const StepOptions& options,
               int64_t step) {
    CudaResources& cuda = context.cuda();
    const dense::AdamUpdate adam(options.adam, step);
    const float rate = options.adam.learning_rate, penalty = options.penalty * options.share(examples.count);
    const auto adam_step = [&](TrainedPart& part, float* gradient) {
      dense::adam_step(context, options.unclipped(), step, nullptr, part.adam_state(gradient));
    };
    const auto rows = [&](SortedRows& sorted, const int32_t* ids, const MatrixView<float>& gradient,
                          TrainedPart& part) {
      sorted.assign(cuda, ids, examples.count);
      float* parameters = part.parameters.data();
      switch (options.optimizer) {
        case Optimizer::kAdam:
          return sparse_adam(cuda, adam, sorted, gradient, penalty, parameters, part.mean.data(), part.square.data());
        case Optimizer::kSgd:
          return sparse_sgd(cuda, rate, sorted, gradient, penalty, parameters);
        case Optimizer::kDenseAdam:
          sum_gradients(cuda, sorted, gradient, penalty, parameters, part.gradient.data());
          return adam_step(part, part.gradient.data());
      }
    };
    rows(sorted_users_, examples.users, user_rows(examples.count), network.users);
    rows(sorted_items_, examples.items, item_rows(examples.count), network.items);
    if (!by_adam(options.optimizer)) {
      return dense::sgd_step(context, options.dense_rate(examples.count), network.dense.parameters.data(),
                             dense_gradient_.data(), shape_.dense());
    }
    adam_step(network.dense, dense_gradient_.data());
  }

  const NetworkShape shape_;
  DeviceActivations activations_;
  SortedRows sorted_users_, sorted_items_;
  DeviceBuffer<float> user_rows_, item_rows_;   // (examples, row): the rows, then their gradients
  DeviceBuffer<float> odds_, losses_;           // (examples): the log odds, then their gradient
  std::vector<DeviceBuffer<float>> gradients_;  // (examples, width) of each layer before its ReLU
  DeviceBuffer<float> dense_gradient_;          // zero between steps
};

}  // namespace

std::unique_ptr<TrainingStep> make_training_step_cuda(Context& context, const NetworkShape& shape,
                                                      int64_t most_examples) {
  return std::make_unique<CudaStep>(context.cuda(), shape, most_examples);
}

}  // namespace matinee::neural_cf
