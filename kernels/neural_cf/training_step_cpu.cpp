#include <algorithm>
#include <functional>
#include <vector>

#include "kernels/dense/gemm_cpu.h"
#include "kernels/dense/sgd_step.h"
#include "kernels/neural_cf/row_loops_cpu.h"
#include "kernels/neural_cf/step_memory_cpu.h"
#include "kernels/neural_cf/training_step.h"
#include "kernels/support/grid.h"

namespace matinee::neural_cf {
namespace {

constexpr int64_t kWorthThreads = 1 << 20;  // multiply-adds of a batch: fewer are not worth waking a thread for

class CpuStep : public TrainingStep {
 public:
  CpuStep(Context& context, const NetworkShape& shape, int64_t most_examples)
      : shape_(shape),
        users_(shape.users, shape, most_examples),
        items_(shape.items, shape, most_examples),
        forward_(shape),
        backward_(static_cast<std::size_t>(shape.layers)),
        errors_(most_examples),
        half_gradients_(most_examples * shape.embedding()),
        sums_(std::min(kMostParts, pieces(most_examples, kChunk)) * shape.dense()),
        losses_(kMostParts),
        dense_gradient_(shape.dense()) {
    for (int worker = 0; worker < context.threads(); ++worker) workers_.emplace_back(shape);
  }

  void run(Context& context, TrainedNetwork& network, const ExamplesView& examples, const StepOptions& options,
           int64_t step) override {
    begin(context, network, examples);
    pack_backward();
    const float share = options.share(examples.count);
    propagate(network, examples, [&](int64_t first, int64_t count, Worker& worker, float* sums) {
      return propagate_chunk(examples, first, count, share, worker, sums);
    });
    const dense::AdamUpdate adam(options.adam, step);
    const RowStep rows = {options.optimizer, &adam, options.adam.learning_rate, options.penalty * share};
    descend(users_, items_, network.users, rows, shape_.user_half());
    descend(items_, users_, network.items, rows, shape_.item_half());
    if (options.optimizer == Optimizer::kDenseAdam) {
      for (TrainedPart* part : {&network.users, &network.items}) {
        dense::adam_step_cpu(context, options.unclipped(), step, nullptr, part->adam_state(part->gradient.data()));
      }
    }
    descend_dense(network, examples.count, options, step);
  }

  void add_loss(Context& context, TrainedNetwork& network, const ExamplesView& examples) override {
    begin(context, network, examples);
    propagate(network, examples, [&](int64_t first, int64_t count, Worker& worker, float*) {
      return forward_chunk(examples, first, count, 1, worker.activations);
    });
  }

 private:
  // How rows step.
  struct RowStep {
    Optimizer optimizer;
    const dense::AdamUpdate* adam;
    float learning_rate;  // of SGD
    float penalty;        // once per example
  };

  // Up to the first layer.
  void begin(Context& context, TrainedNetwork& network, const ExamplesView& examples) {
    context_ = &context;
    dense_ = network.dense.parameters.data();
    threaded_ = examples.count * work_of_example() >= kWorthThreads;
    tasks(2, [&](int64_t side, int) {
      if (side == 0) users_.groups.assign(examples.users, examples.count);
      if (side == 1) items_.groups.assign(examples.items, examples.count);
    });
    forward_.assign(dense_);
    make_halves(users_, network.users, true);
    make_halves(items_, network.items, false);
  }

  // Multiply-adds, roughly.
  int64_t work_of_example() const {
    int64_t work = 8 * shape_.row() + 16;
    for (int64_t layer = 2; layer <= shape_.layers; ++layer) work += 3 * shape_.width(layer) * shape_.width(layer - 1);
    return work;
  }

  void tasks(int64_t count, const std::function<void(int64_t task, int worker)>& body) {
    if (threaded_) return context_->pool().run(count, body);
    for (int64_t task = 0; task < count; ++task) body(task, 0);
  }

  MatrixView<const float> weights(int64_t begin, int64_t rows, int64_t columns) const {
    return {dense_ + begin, rows, columns, columns};
  }

  void pack_backward() {
    if (!shape_.has_tower()) return;
    const int64_t width = shape_.embedding();
    user_half_.pack(dense::as_is(weights(shape_.user_half(), width, width)));
    item_half_.pack(dense::as_is(weights(shape_.item_half(), width, width)));
    for (int64_t layer = 2; layer <= shape_.layers; ++layer) {
      backward_[static_cast<std::size_t>(layer - 1)].pack(
          dense::as_is(weights(shape_.weights(layer), shape_.width(layer), shape_.width(layer - 1))));
    }
  }

  // The rows of the batch, and their part of the first layer.
  void make_halves(Side& side, TrainedPart& table, bool user) {
    const int64_t different = side.groups.different();
    const MatrixView<const float> all = {table.parameters.data(), table.parameters.size() / shape_.row(), shape_.row(),
                                         shape_.row()};
    tasks(pieces(different, kChunk), [&](int64_t block, int worker) {
      const int64_t begin = block * kChunk, end = std::min(begin + kChunk, different);
      const MatrixView<float> rows = rows_of(side.rows_view(), begin, end);
      gather_rows(all, side.groups.rows() + begin, rows);
      if (!shape_.has_tower()) return;
      const MatrixView<float> halves = rows_of(side.halves_view(), begin, end);
      dense::GemmScratch& scratch = workers_[static_cast<std::size_t>(worker)].activations.scratch;
      if (user) forward_.user_halves(rows, halves, scratch);
      if (!user) forward_.item_halves(rows, halves, scratch);
    });
  }

  // Adds up what `chunk` returns: the loss of up to kChunk examples from `first` on; it may add to the part's sums.
  using Chunk = std::function<double(int64_t first, int64_t count, Worker& worker, float* sums)>;
  void propagate(TrainedNetwork& network, const ExamplesView& examples, const Chunk& chunk) {
    const Parts parts(examples.count);
    tasks(parts.number, [&](int64_t part, int worker) {
      const int64_t begin = part * parts.size, end = std::min(begin + parts.size, examples.count);
      float* sums = sums_.data() + part * shape_.dense();
      std::fill(sums + shape_.first_bias(), sums + shape_.dense(), 0.0f);
      double loss = 0;
      for (int64_t first = begin; first < end; first += kChunk) {
        loss += chunk(first, std::min(kChunk, end - first), workers_[static_cast<std::size_t>(worker)], sums);
      }
      losses_[part] = loss;
    });
    for (int64_t part = 0; part < parts.number; ++part) network.loss.data()[0] += losses_[part];
  }

  // Leaves `share` times the gradient of the log odds in errors_.
  double forward_chunk(const ExamplesView& examples, int64_t first, int64_t count, float share,
                       ChunkActivations& chunk) {
    float x[kChunk];
    forward_.run(users_.forward(first), items_.forward(first), count, chunk, x);
    return log_loss(x, examples.labels + first, count, share, errors_.data() + first);
  }

  // Forward and back to the first layer, with the gradient of what lies behind it.
  double propagate_chunk(const ExamplesView& examples, int64_t first, int64_t count, float share, Worker& worker,
                         float* sums) {
    ChunkActivations& chunk = worker.activations;
    const double loss = forward_chunk(examples, first, count, share, chunk);
    float* errors = errors_.data() + first;
    const MatrixView<const float> features = chunk.features.view(count);
    add_weighted_rows(errors, features, sums + shape_.output());
    for (int64_t n = 0; n < count; ++n) sums[shape_.output_bias()] += errors[n];
    if (!shape_.has_tower()) return loss;

    const MatrixView<float> bottom = half_gradients(first, count);
    const auto gradient_of = [&](int64_t layer) { return layer == 1 ? bottom : worker.gradient(shape_, layer, count); };
    output_gradient(errors, dense_ + shape_.output() + shape_.product(),
                    columns_of(features, shape_.product(), shape_.features()), gradient_of(shape_.layers));
    for (int64_t layer = shape_.layers; layer > 1; --layer) {
      const MatrixView<const float> dz = gradient_of(layer), below = chunk.layer(layer - 1, count);
      worker.packed.pack(dense::as_is(below));
      dense::multiply(dense::transposed(dz), worker.packed, true,
                      matrix(sums + shape_.weights(layer), shape_.width(layer), shape_.width(layer - 1)),
                      chunk.scratch);
      add_rows(dz, sums + shape_.bias(layer));
      dense::multiply(dense::as_is(dz), backward_[static_cast<std::size_t>(layer - 1)], false, gradient_of(layer - 1),
                      chunk.scratch);
      relu_gradient(below, gradient_of(layer - 1));
    }
    add_rows(bottom, sums + shape_.first_bias());
    return loss;
  }

  MatrixView<float> half_gradients(int64_t first, int64_t count) {
    return matrix(half_gradients_.data() + first * shape_.embedding(), count, shape_.embedding());
  }

  // The gradient of a side's rows and of its half of the first layer, and the step of the rows.
  void descend(Side& side, Side& other, TrainedPart& table, const RowStep& step, int64_t half) {
    const int64_t different = side.groups.different();
    const Parts parts(different);
    tasks(parts.number, [&](int64_t part, int number) {
      const int64_t begin = part * parts.size, end = std::min(begin + parts.size, different);
      float* sums = sums_.data() + part * shape_.dense() + half;
      Worker& worker = workers_[static_cast<std::size_t>(number)];
      for (int64_t first = begin; first < end; first += kChunk) {
        const int64_t count = std::min(kChunk, end - first);
        const ExampleLists lists = {side.groups.starts() + first, side.groups.examples()};
        const MatrixView<float> rows = rows_of(side.rows_view(), first, first + count);
        const MatrixView<float> gradient = matrix(worker.row_gradient.data(), count, shape_.row());
        if (shape_.has_product()) {
          sum_weighted_examples(lists, errors_.data(), other.groups.numbers(),
                                columns_of(other.rows_view(), 0, shape_.product()), dense_ + shape_.output(),
                                columns_of(gradient, 0, shape_.product()));
        }
        if (shape_.has_tower()) half_gradient(lists, rows, half, worker, gradient, sums, first > begin);
        if (step.penalty > 0) add_penalty(lists, step.penalty, rows, gradient);
        const int32_t* ids = side.groups.rows() + first;
        switch (step.optimizer) {
          case Optimizer::kAdam:
            adam_rows(*step.adam, ids, gradient, table.parameters.data(), table.mean.data(), table.square.data());
            break;
          case Optimizer::kSgd:
            sgd_rows(step.learning_rate, ids, gradient, table.parameters.data());
            break;
          case Optimizer::kDenseAdam:
            scatter_rows(gradient, ids, table.gradient.data());
            break;
        }
      }
    });
    add_parts(parts.number, half, half + shape_.item_half());
  }

  // Through the first layer.
  void half_gradient(const ExampleLists& lists, const MatrixView<float>& rows, int64_t half, Worker& worker,
                     const MatrixView<float>& gradient, float* sums, bool accumulate) {
    const int64_t width = shape_.embedding();
    const MatrixView<float> dz = matrix(worker.half_gradient.data(), rows.rows, width);
    dense::GemmScratch& scratch = worker.activations.scratch;
    sum_examples(lists, matrix(half_gradients_.data(), 0, width), dz);
    dense::multiply(dense::as_is(dz), half == shape_.user_half() ? user_half_ : item_half_, false,
                    columns_of(gradient, shape_.product(), shape_.row()), scratch);
    worker.packed.pack(dense::as_is(columns_of(rows, shape_.product(), shape_.row())));
    dense::multiply(dense::transposed(dz), worker.packed, accumulate, matrix(sums, width, width), scratch);
  }

  // Numbers begin … end-1 of the dense gradient: the sum of the parts.
  void add_parts(int64_t parts, int64_t begin, int64_t end) {
    std::copy(sums_.data() + begin, sums_.data() + end, dense_gradient_.data() + begin);
    for (int64_t part = 1; part < parts; ++part) {
      const float* sums = sums_.data() + part * shape_.dense();
      for (int64_t n = begin; n < end; ++n) dense_gradient_[n] += sums[n];
    }
  }

  void descend_dense(TrainedNetwork& network, int64_t count, const StepOptions& options, int64_t step) {
    add_parts(Parts(count).number, shape_.first_bias(), shape_.dense());
    if (options.optimizer == Optimizer::kSgd) {
      return dense::sgd_step_cpu(*context_, options.dense_rate(count), network.dense.parameters.data(),
                                 dense_gradient_.data(), shape_.dense());
    }
    dense::adam_step_cpu(*context_, options.unclipped(), step, nullptr,
                         network.dense.adam_state(dense_gradient_.data()));
  }

  const NetworkShape shape_;
  Context* context_ = nullptr;    // of this call
  const float* dense_ = nullptr;  // of this call: before the step
  bool threaded_ = false;
  Side users_, items_;
  ForwardCpu forward_;
  dense::PackedMatrix user_half_, item_half_;
  std::vector<dense::PackedMatrix> backward_;  // from 2 on, at number - 1
  Buffer<float> errors_;                       // (examples): the gradient of the log odds
  Buffer<float> half_gradients_;               // (examples, embedding): of the first layer before its ReLU
  Buffer<float> sums_;                         // (parts, dense): of the dense gradient
  Buffer<double> losses_;                      // (parts)
  Buffer<float> dense_gradient_;
  std::vector<Worker> workers_;
};

}  // namespace

std::unique_ptr<TrainingStep> make_training_step_cpu(Context& context, const NetworkShape& shape,
                                                     int64_t most_examples) {
  return std::make_unique<CpuStep>(context, shape, most_examples);
}

int64_t training_step_bytes(const NetworkShape& shape, int64_t most_examples) {
  const int64_t parts = std::min(kMostParts, pieces(most_examples, kChunk));
  return 4 * (most_examples * (3 * shape.embedding() + 2 * shape.row() + 16) + (parts + 3) * shape.dense() +
              shape.users + shape.items);
}

}  // namespace matinee::neural_cf
