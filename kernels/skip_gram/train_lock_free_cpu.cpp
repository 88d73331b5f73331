#include "kernels/skip_gram/train_lock_free_cpu.h"

#include <algorithm>
#include <vector>

#include "kernels/skip_gram/window_queue_cpu.h"
#include "kernels/skip_gram/window_step_cpu.h"
#include "kernels/support/multiversion.h"
#include "kernels/support/processor_level.h"

namespace matinee::skip_gram {
namespace {

using namespace cpu;

constexpr int64_t kPieceWords = 4096;  // that a thread takes at a time

// Moves input rows where they are: a step is added to what is there by now.
struct Mover {
  const WindowRows& rows;

  template <typename Vector>
  [[gnu::always_inline]] void input(int i, int64_t k, const Vector& step) const {
    Vector now;
    load(rows.input[i] + k, now);
    store(rows.input[i] + k, now + step);
  }
};

// What a thread needs of its own.
struct Scratch {
  Windows windows;
  WindowQueue queue;
  LossSum loss;
  int64_t pairs = 0;
};

template <int width>
[[gnu::always_inline]] inline void train(const TrainingOperands& operands, int64_t epoch, Scratch& scratch) {
  const VectorsView<float> vectors = operands.vectors();
  const int64_t stride = vectors.input.stride;
  const Windows& windows = scratch.windows;
  WindowRows rows;
  Mover mover{rows};
  scratch.queue.for_each(
      operands, epoch, windows, windows.first,
      windows.last, [&](const WindowWords& words, float rate, const RowsAhead& ahead) __attribute__((always_inline)) {
        set_rows(words, vectors, rows);
        take_window<width>(rows, stride, rate, scratch.loss, ahead, mover);
        scratch.pairs += rows.inputs;
      });
}

MATINEE_V4 void train_v4(const TrainingOperands& operands, int64_t epoch, Scratch& scratch) {
  train<kSixteen>(operands, epoch, scratch);
}
MATINEE_V3 void train_v3(const TrainingOperands& operands, int64_t epoch, Scratch& scratch) {
  train<kEight>(operands, epoch, scratch);
}
void train_baseline(const TrainingOperands& operands, int64_t epoch, Scratch& scratch) {
  train<kEight>(operands, epoch, scratch);
}

}  // namespace

Trained train_lock_free_cpu(Context& context, const TrainingOperands& operands, const WordRange& range) {
  const auto train_windows = by_level(train_v4, train_v3, train_baseline);
  std::vector<Scratch> scratches(static_cast<std::size_t>(context.threads()));
  parallel_blocks(context, range.end - range.begin, kPieceWords, [&](int64_t begin, int64_t end, int worker) {
    Scratch& scratch = scratches[static_cast<std::size_t>(worker)];
    scratch.windows.collect(operands.corpus(), operands.draws().view(), range.epoch, range.begin + begin,
                            range.begin + end);
    train_windows(operands, range.epoch, scratch);
  });
  LossSum loss;
  int64_t pairs = 0;
  for (const Scratch& scratch : scratches) {
    loss.add(scratch.loss);
    pairs += scratch.pairs;
  }
  return {loss.value(), pairs, range.end - range.begin};
}

}  // namespace matinee::skip_gram
