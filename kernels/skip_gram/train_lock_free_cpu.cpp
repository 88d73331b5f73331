#include "kernels/skip_gram/train_lock_free_cpu.h"

#include <algorithm>
#include <vector>

#include "kernels/skip_gram/window_rows.h"
#include "kernels/skip_gram/window_step_cpu.h"
#include "kernels/support/multiversion.h"

namespace matinee::skip_gram {
namespace {

using namespace cpu;

constexpr int64_t kPieceWords = 4096;  // that a thread takes at a time
constexpr int64_t kAhead = 3;          // windows between the begin of a row's load and its use

// Moves rows where they are. A row that stands in a window twice is moved twice: what is stored is added to what is
// there by now.
struct Mover {
  const WindowRows& rows;

  [[gnu::always_inline]] void input(int i, int64_t k, const Eight&, const Eight& step) const {
    add(const_cast<float*>(rows.input[i]) + k, step);
  }
  [[gnu::always_inline]] void output(int j, int64_t k, const Eight& step) const {
    add(const_cast<float*>(rows.output[j]) + k, step);
  }
  [[gnu::always_inline]] static void add(float* to, const Eight& step) {
    Eight now;
    load(to, now);
    store(to, now + step);
  }
};

void prefetch_row(const float* row, int64_t stride) {
  constexpr int64_t kLineFloats = 16;
  for (int64_t k = 0; k < stride; k += kLineFloats) __builtin_prefetch(row + k, 1);
}

// What a thread needs of its own.
struct Scratch {
  explicit Scratch(int64_t stride) : input_steps(static_cast<std::size_t>(kMostInputs * stride)) {}

  Windows windows;
  WindowWords words[kAhead + 1];
  std::vector<float> input_steps;
  LossSum loss;
  int64_t pairs = 0;
};

[[gnu::always_inline]] inline WindowRows rows_of(const WindowWords& words, const VectorsView<float>& vectors) {
  WindowRows rows;
  rows.inputs = words.inputs;
  rows.outputs = words.outputs;
  for (int i = 0; i < words.inputs; ++i) rows.input[i] = vectors.input.row(words.input[i]);
  for (int j = 0; j < words.outputs; ++j) rows.output[j] = vectors.output.row(words.output[j]);
  return rows;
}

void choose_ahead(const TrainingOperands& operands, const Philox& generator, int64_t target, Scratch& scratch) {
  WindowWords& words = scratch.words[target % (kAhead + 1)];
  words.choose(scratch.windows, target, operands.draws().view(), generator);
  const VectorsView<float>& vectors = operands.vectors();
  for (int j = 0; j < words.outputs; ++j) prefetch_row(vectors.output.row(words.output[j]), vectors.output.stride);
  if (words.inputs > 0) prefetch_row(vectors.input.row(words.input[words.inputs - 1]), vectors.input.stride);
}

MATINEE_MULTIVERSION_FUSED
void train_windows(const TrainingOperands& operands, int64_t epoch, Scratch& scratch) {
  const Windows& windows = scratch.windows;
  const Philox generator = operands.draws().view().generator(epoch);
  const VectorsView<float> vectors = operands.vectors();
  const int64_t size = operands.corpus().size(), stride = vectors.input.stride;
  alignas(32) float pulls[kMostInputs * kMostOutputs];
  for (int64_t target = windows.first; target < windows.last + kAhead; ++target) {
    if (target < windows.last) choose_ahead(operands, generator, target, scratch);
    const int64_t now = target - kAhead;
    if (now < windows.first) continue;
    const WindowWords& words = scratch.words[now % (kAhead + 1)];
    if (words.inputs == 0) continue;
    const WindowRows rows = rows_of(words, vectors);
    const int64_t place = windows.begin + windows.places[static_cast<std::size_t>(now)];
    multiply_rows(rows, stride, pulls);
    pull(rows.inputs, rows.outputs, learning_rate_at(operands.settings(), epoch, size, place), pulls, scratch.loss);
    Mover mover{rows};
    move_rows(rows, stride, pulls, scratch.input_steps.data(), mover);
    scratch.pairs += rows.inputs;
  }
}

}  // namespace

Trained train_lock_free_cpu(Context& context, const TrainingOperands& operands, const WordRange& range) {
  std::vector<Scratch> scratches(static_cast<std::size_t>(context.threads()), Scratch(operands.vectors().input.stride));
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
