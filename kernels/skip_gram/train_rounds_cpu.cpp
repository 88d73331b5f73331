#include "kernels/skip_gram/train_rounds_cpu.h"

#include <algorithm>
#include <barrier>
#include <vector>

#include "kernels/skip_gram/collect_windows.h"
#include "kernels/skip_gram/step_sums.h"
#include "kernels/skip_gram/window_queue_cpu.h"
#include "kernels/skip_gram/window_step_cpu.h"
#include "kernels/support/buffer.h"
#include "kernels/support/grid.h"
#include "kernels/support/multiversion.h"
#include "kernels/support/processor_level.h"

namespace matinee::skip_gram {
namespace {

using namespace cpu;

constexpr int64_t kWordsAtOnce = 1 << 18;     // whose windows are collected before the rounds over them run
constexpr int64_t kRowsAhead = 4;             // between the begin of a row's load and its move
constexpr int64_t kLeastWordsOfAThread = 16;  // of a round, before another thread is worth its barriers

// Adds the steps of a window to the sums of its rows.
template <int width>
struct Adder {
  using Registers = RegistersOf<width>;

  int32_t* input_sums[kMostInputs];

  [[gnu::always_inline]] void input(int i, int64_t k, const Numbers<width>& step) const {
    add(input_sums[i] + k, step);
  }

  // The steps that have moved a row.
  [[gnu::always_inline]] static void add_difference(const float* moved, const float* row, int64_t stride,
                                                    int32_t* sums) {
    for (int64_t k = 0; k < stride; k += width) {
      Numbers<width> after, before;
      load(moved + k, after);
      load(row + k, before);
      add(sums + k, after - before);
    }
  }

  // to_steps() of each number
  [[gnu::always_inline]] static void add(int32_t* sums, const Numbers<width>& step) {
    using Integers = typename Registers::Integers;
    Numbers<width> steps = step * kStepsPerOne;
    steps = steps < kMostSteps ? steps : Numbers<width>{} + kMostSteps;
    steps = steps > -kMostSteps ? steps : Numbers<width>{} - kMostSteps;
    const Numbers<width> half = (Numbers<width>)(((Integers)steps & INT32_MIN) | 0x3f000000);  // ½ with its sign
    typename Registers::Wrapping now;  // as on CUDA: a training that diverges wraps around, and its loss tells
    __builtin_memcpy(&now, sums, sizeof now);
    now += (typename Registers::Wrapping) __builtin_convertvector(steps + half, Integers);
    __builtin_memcpy(sums, &now, sizeof now);
  }
};

// What one thread has of its own.
struct Worker {
  Worker(int64_t rows, int64_t stride) : sums(rows, stride), moved_outputs(kMostOutputs * stride) {}

  WindowQueue queue;
  StepSums sums;
  Buffer<float> moved_outputs;  // of a window: its output rows, which only it sees moved
  LossSum loss;
  int64_t pairs = 0;
};

// Targets of a round that a thread takes.
struct Share {
  const Windows& windows;
  int64_t first, last;
};

// The steps of the share's windows, from the vectors as they are, into the worker's sums.
template <int width>
[[gnu::always_inline]] inline void add_windows(const TrainingOperands& operands, int64_t epoch, const Share& share,
                                               Worker& worker) {
  const VectorsView<float> vectors = operands.vectors();
  const int64_t stride = vectors.input.stride, vocabulary = vectors.input.rows;
  const std::size_t row_bytes = static_cast<std::size_t>(stride) * sizeof(float);
  WindowRows rows;
  Adder<width> adder;
  worker.sums.clear();
  worker.queue.for_each(
      operands, epoch, share.windows, share.first,
      share.last, [&](const WindowWords& words, float rate, const RowsAhead& ahead) __attribute__((always_inline)) {
        set_rows(words, vectors, rows);
        for (int i = 0; i < words.inputs; ++i) adder.input_sums[i] = worker.sums.row(words.input[i]);
        for (int j = 0; j < words.outputs; ++j) {
          rows.output[j] = worker.moved_outputs.data() + j * stride;
          __builtin_memcpy(rows.output[j], vectors.output.row(words.output[j]), row_bytes);
        }
        take_window<width>(rows, stride, rate, worker.loss, ahead, adder);
        for (int j = 0; j < words.outputs; ++j) {
          adder.add_difference(rows.output[j], vectors.output.row(words.output[j]), stride,
                               worker.sums.row(vocabulary + words.output[j]));
        }
        worker.pairs += rows.inputs;
      });
}

MATINEE_V4 void add_v4(const TrainingOperands& operands, int64_t epoch, const Share& share, Worker& worker) {
  add_windows<kSixteen>(operands, epoch, share, worker);
}
MATINEE_V3 void add_v3(const TrainingOperands& operands, int64_t epoch, const Share& share, Worker& worker) {
  add_windows<kEight>(operands, epoch, share, worker);
}
void add_baseline(const TrainingOperands& operands, int64_t epoch, const Share& share, Worker& worker) {
  add_windows<kEight>(operands, epoch, share, worker);
}

float* row_of(const VectorsView<float>& vectors, int64_t number) {
  const int64_t vocabulary = vectors.input.rows;
  return number < vocabulary ? vectors.input.row(number) : vectors.output.row(number - vocabulary);
}

// Moves rows of the worker `mine`, by all workers' sums: those that no other worker has, which lie in its own cache,
// and of the others its share.
MATINEE_MULTIVERSION
void move_rows_of(std::vector<Worker>& workers, std::size_t mine, const VectorsView<float>& vectors) {
  const StepSums& sums = workers[mine].sums;
  const int64_t stride = vectors.input.stride;
  std::vector<const int32_t*> others;
  others.reserve(workers.size());
  for (int64_t slot = 0; slot < sums.size(); ++slot) {
    if (slot + kRowsAhead < sums.size()) prefetch_row(row_of(vectors, sums.number(slot + kRowsAhead)), stride);
    const int64_t number = sums.number(slot);
    others.clear();
    int64_t before = 0;  // workers that have the row, too
    for (std::size_t worker = 0; worker < workers.size(); ++worker) {
      const int32_t* other = worker == mine ? nullptr : workers[worker].sums.find(number);
      if (other == nullptr) continue;
      others.push_back(other);
      before += worker < mine ? 1 : 0;
    }
    if (number % (std::ssize(others) + 1) != before) continue;
    const int32_t* own = sums.sums(slot);
    float* row = row_of(vectors, number);
    if (others.empty()) {
      for (int64_t k = 0; k < stride; ++k) row[k] = stepped(row[k], own[k]);
    } else {
      for (int64_t k = 0; k < stride; ++k) {
        auto steps = static_cast<uint32_t>(own[k]);
        for (const int32_t* other : others) steps += static_cast<uint32_t>(other[k]);
        row[k] = stepped(row[k], static_cast<int32_t>(steps));
      }
    }
  }
}

struct Rounds {
  const TrainingOperands& operands;
  int64_t epoch;
  std::vector<Worker> workers;
  std::barrier<> barrier;

  Rounds(const TrainingOperands& of, int64_t which, int64_t threads, int64_t most_rows)
      : operands(of), epoch(which), barrier(static_cast<std::ptrdiff_t>(threads)) {
    workers.reserve(static_cast<std::size_t>(threads));
    for (int64_t t = 0; t < threads; ++t) workers.emplace_back(most_rows, of.vectors().input.stride);
  }

  // All rounds over the windows, as one of the threads that do it together.
  void run(const Windows& windows, const std::vector<int64_t>& starts, int64_t thread) {
    const auto threads = static_cast<int64_t>(workers.size());
    const auto add_share = by_level(add_v4, add_v3, add_baseline);
    for (std::size_t round = 0; round + 1 < starts.size(); ++round) {
      const int64_t first = starts[round], count = starts[round + 1] - first;
      add_share(operands, epoch, {windows, first + count * thread / threads, first + count * (thread + 1) / threads},
                workers[static_cast<std::size_t>(thread)]);
      barrier.arrive_and_wait();
      move_rows_of(workers, static_cast<std::size_t>(thread), operands.vectors());
      barrier.arrive_and_wait();
    }
  }
};

}  // namespace

Trained train_rounds_cpu(Context& context, const TrainingOperands& operands, const WordRange& range) {
  const Settings& settings = operands.settings();
  const int64_t round = operands.round_words(), window_rows = 2 * settings.window + 1 + settings.negatives;
  const int64_t threads = std::clamp(round / kLeastWordsOfAThread, int64_t{1}, int64_t{context.threads()});
  Rounds rounds(operands, range.epoch, threads, std::min(2 * operands.vectors().input.rows, round * window_rows));
  const int64_t at_once = rounded_up(kWordsAtOnce, round);
  for (int64_t begin = range.begin; begin < range.end; begin += at_once) {
    const Windows windows =
        collect_windows(context, operands, range.epoch, begin, std::min(begin + at_once, range.end));
    const std::vector<int64_t> starts = round_starts(operands, windows);
    // Each task waits for the others at barriers, so that every thread has one.
    context.pool().run(threads, [&](int64_t thread, int) { rounds.run(windows, starts, thread); });
  }
  LossSum loss;
  int64_t pairs = 0;
  for (const Worker& worker : rounds.workers) {
    loss.add(worker.loss);
    pairs += worker.pairs;
  }
  return {loss.value(), pairs, range.end - range.begin};
}

}  // namespace matinee::skip_gram
