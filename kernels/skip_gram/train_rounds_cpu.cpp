#include "kernels/skip_gram/train_rounds_cpu.h"

#include <algorithm>
#include <barrier>
#include <vector>

#include "kernels/skip_gram/collect_windows.h"
#include "kernels/skip_gram/round_plan.h"
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
constexpr int64_t kLeastWordsOfAThread = 16;  // of a round, before another thread is worth its barriers

// Steps of numbers, as integers of 2^-24, one register at a time.
template <int width>
struct Steps {
  using Integers = typename RegistersOf<width>::Integers;
  using Wrapping = typename RegistersOf<width>::Wrapping;

  // to_steps() of each number
  [[gnu::always_inline]] static void convert(const Numbers<width>& step, Integers& result) {
    Numbers<width> steps = step * kStepsPerOne;
    steps = steps < kMostSteps ? steps : Numbers<width>{} + kMostSteps;
    steps = steps > -kMostSteps ? steps : Numbers<width>{} - kMostSteps;
    const Numbers<width> half = (Numbers<width>)(((Integers)steps & INT32_MIN) | 0x3f000000);  // ½ with its sign
    result = __builtin_convertvector(steps + half, Integers);
  }

  [[gnu::always_inline]] static void add(int32_t* sums, const Numbers<width>& step) {
    Wrapping now;  // as on CUDA: a training that diverges wraps around, and its loss tells
    __builtin_memcpy(&now, sums, sizeof now);
    Integers steps;
    convert(step, steps);
    now += (Wrapping)steps;
    __builtin_memcpy(sums, &now, sizeof now);
  }

  // stepped() by a step that is the row's only one
  [[gnu::always_inline]] static void move(float* row, const Numbers<width>& step) {
    Integers steps;
    convert(step, steps);
    Numbers<width> now;
    load(row, now);
    store(row, now + __builtin_convertvector(steps, Numbers<width>) * kOneStep);
  }
};

// Takes the steps of a window: into the sums of its rows, or, where no other window of the round has a row, into the
// row itself.
template <int width>
struct Adder {
  const WindowRows& rows;
  int32_t* input_sums[kMostInputs];  // null: the row itself

  [[gnu::always_inline]] void input(int i, int64_t k, const Numbers<width>& step) const {
    if (input_sums[i] != nullptr) {
      Steps<width>::add(input_sums[i] + k, step);
    } else {
      Steps<width>::move(rows.input[i] + k, step);
    }
  }

  // The steps between a row and what it was moved to.
  [[gnu::always_inline]] static void output(const float* moved, float* row, int64_t stride, int32_t* sums) {
    for (int64_t k = 0; k < stride; k += width) {
      Numbers<width> after, before;
      load(moved + k, after);
      load(row + k, before);
      if (sums != nullptr) {
        Steps<width>::add(sums + k, after - before);
      } else {
        Steps<width>::move(row + k, after - before);
      }
    }
  }
};

// What one thread has of its own.
struct Worker {
  Worker(int64_t rows, int64_t stride_of)
      : stride(stride_of), plans{RoundPlan(rows), RoundPlan(rows)}, sums(rows * stride), moved(kMostOutputs * stride) {}

  // Of a slot of the round's plan; null where a window moves the row itself.
  int32_t* sums_of(int64_t slot) {
    const int32_t place = places[static_cast<std::size_t>(slot)];
    return place < 0 ? nullptr : sums.data() + place * stride;
  }

  int64_t stride;
  RoundPlan plans[2];           // of the rounds with even and with odd numbers: others still read the one before
  Buffer<int32_t> sums;         // steps per row and dimension
  std::vector<int32_t> places;  // (slots): of their sums, or negative
  Buffer<float> moved;          // of a window: its output rows, which only it sees moved
  LossSum loss;
  int64_t pairs = 0;
};

float* row_of(const VectorsView<float>& vectors, int64_t number) {
  const int64_t vocabulary = vectors.input.rows;
  return number < vocabulary ? vectors.input.row(number) : vectors.output.row(number - vocabulary);
}

// A round, as the worker `mine` sees it.
struct Round {
  std::vector<Worker>& workers;
  std::size_t mine, parity;
  const VectorsView<float>& vectors;

  Worker& worker() const { return workers[mine]; }
  const RoundPlan& plan() const { return worker().plans[parity]; }
  const RoundRows& rows_of(std::size_t other) const { return workers[other].plans[parity].rows; }

  bool others_have(int64_t number) const {
    for (std::size_t other = 0; other < workers.size(); ++other) {
      if (other != mine && rows_of(other).find(number) != RoundRows::kNone) return true;
    }
    return false;
  }

  // Gives sums, zero, to the rows that more than one window has.
  void place_sums() const {
    Worker& own = worker();
    const RoundRows& rows = plan().rows;
    own.places.clear();
    int32_t count = 0;
    for (int64_t slot = 0; slot < rows.size(); ++slot) {
      const bool once = rows.stands_once(slot) && !others_have(rows.number(slot));
      own.places.push_back(once ? -1 : count++);
    }
    std::fill_n(own.sums.data(), count * own.stride, 0);
  }
};

// Takes the steps of the plan's windows, from the vectors as they are.
template <int width>
[[gnu::always_inline]] inline void take_windows(const Round& round) {
  Worker& worker = round.worker();
  const RoundPlan& plan = round.plan();
  const int64_t stride = worker.stride;
  const std::size_t row_bytes = static_cast<std::size_t>(stride) * sizeof(float);
  WindowRows rows;
  float* output[kMostOutputs];
  int32_t* output_sums[kMostOutputs];
  Adder<width> adder{rows, {}};
  RowsAhead ahead;
  for (std::size_t w = 0; w < plan.windows.size(); ++w) {
    const PlannedWindow& window = plan.windows[w];
    const int32_t* slots = plan.slots.data() + window.first_place;
    rows.inputs = window.inputs;
    rows.outputs = window.outputs;
    for (int i = 0; i < window.inputs; ++i) {
      rows.input[i] = row_of(round.vectors, plan.rows.number(slots[i]));
      adder.input_sums[i] = worker.sums_of(slots[i]);
    }
    slots += window.inputs;
    for (int j = 0; j < window.outputs; ++j) {
      output[j] = row_of(round.vectors, plan.rows.number(slots[j]));
      output_sums[j] = worker.sums_of(slots[j]);
      rows.output[j] = worker.moved.data() + j * stride;
      __builtin_memcpy(rows.output[j], output[j], row_bytes);
    }
    ahead.count = 0;
    if (const std::size_t next = w + kAhead; next < plan.windows.size()) {
      for (int64_t slot = plan.windows[next].first_new_slot; slot < plan.new_slots_end(next); ++slot) {
        ahead.row[ahead.count++] = row_of(round.vectors, plan.rows.number(slot));
      }
    }
    take_window<width>(rows, stride, window.rate, worker.loss, ahead, adder);
    for (int j = 0; j < window.outputs; ++j) adder.output(rows.output[j], output[j], stride, output_sums[j]);
    worker.pairs += window.inputs;
  }
}

MATINEE_V4 void take_v4(const Round& round) {
  take_windows<kSixteen>(round);
}
MATINEE_V3 void take_v3(const Round& round) {
  take_windows<kEight>(round);
}
void take_baseline(const Round& round) {
  take_windows<kEight>(round);
}

// Moves rows by all workers' sums: those that no other worker has, and of the others a share.
MATINEE_MULTIVERSION
void move_rows(const Round& round) {
  Worker& worker = round.worker();
  const RoundRows& rows = round.plan().rows;
  std::vector<const int32_t*> others;
  others.reserve(round.workers.size());
  for (int64_t slot = 0; slot < rows.size(); ++slot) {
    const int32_t* own = worker.sums_of(slot);
    if (own == nullptr) continue;
    const int64_t number = rows.number(slot);
    others.clear();
    int64_t before = 0;  // workers that have the row, too
    for (std::size_t other = 0; other < round.workers.size(); ++other) {
      const int32_t place = other == round.mine ? RoundRows::kNone : round.rows_of(other).find(number);
      if (place == RoundRows::kNone) continue;
      others.push_back(round.workers[other].sums_of(place));
      before += other < round.mine ? 1 : 0;
    }
    if (number % (std::ssize(others) + 1) != before) continue;
    float* row = row_of(round.vectors, number);
    for (int64_t k = 0; k < worker.stride; ++k) {
      auto steps = static_cast<uint32_t>(own[k]);
      for (const int32_t* other : others) steps += static_cast<uint32_t>(other[k]);
      row[k] = stepped(row[k], static_cast<int32_t>(steps));
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
    const auto mine = static_cast<std::size_t>(thread);
    const auto take = by_level(take_v4, take_v3, take_baseline);
    const auto plan = [&](std::size_t round) {
      if (round + 1 >= starts.size()) return;
      const int64_t first = starts[round], count = starts[round + 1] - first;
      workers[mine].plans[round % 2].make(operands, epoch, windows, first + count * thread / threads,
                                          first + count * (thread + 1) / threads);
    };
    plan(0);
    barrier.arrive_and_wait();
    for (std::size_t n = 0; n + 1 < starts.size(); ++n) {
      const Round round{workers, mine, n % 2, operands.vectors()};
      round.place_sums();
      take(round);
      barrier.arrive_and_wait();
      move_rows(round);
      plan(n + 1);
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
