#include <cstdio>

#include <gtest/gtest.h>

#include "kernels/skip_gram/train_words.h"
#include "tests/support/cuda_device.h"
#include "tests/support/launch_counters.h"
#include "tests/support/words_problem.h"

namespace matinee::skip_gram {
namespace {

// Bytes of the 32-byte sectors that an epoch moves, per word, and in how many launches.
struct Moved {
  double bytes_per_word;
  int launches;
};

Moved moved(bool deterministic, int64_t dimensions) {
  const uint64_t seed = 11;  // the same words for all widths
  test::WordsProblem problem(2000, 40, 60, dimensions, seed);
  const Settings settings{.subsample = 0, .epochs = 1, .seed = seed, .deterministic = deterministic};
  const auto launches = test::launches_of([&] {
    Context context(test::cuda_device(), 2);
    test::train_all(context, problem, settings);
  });
  const auto counted = test::counted(launches, deterministic ? "train_rounds_kernel" : "train_lock_free_kernel");
  return {32 * counted.sectors / static_cast<double>(problem.corpus().size()), counted.launches};
}

// Lock-free, a word needs its input row and six output rows read and written: 14 rows; what warps read anew at the ends
// of their runs, draws and lists come on top.
TEST(SkipGramCounters, LockFreeMovesLittleMoreThanTheRowsOfEachWord) {
  MATINEE_NEEDS_CUDA();
  if (!test::device_counts_launches()) GTEST_SKIP() << "this device counts nothing";
  for (const int dimensions : {96, 304}) {
    const double needed = 14 * 4.0 * dimensions;
    const Moved found = moved(false, dimensions);
    std::printf("%d dimensions: %.0f bytes a word, %.0f needed\n", dimensions, found.bytes_per_word, needed);
    EXPECT_LE(found.bytes_per_word, 1.5 * needed);
    EXPECT_EQ(found.launches, 1);
  }
}

// By rounds, 6 input rows and twice 6 output rows are read, as many as there are different ones added to by atomics,
// and numbers and sums of these read and written, once for all windows of a round: at most 78 rows. What does not grow
// with the rows is mostly blocks that wait for each other, and left out.
TEST(SkipGramCounters, RoundsMoveRowsAsOftenAsTheirKernelSays) {
  MATINEE_NEEDS_CUDA();
  if (!test::device_counts_launches()) GTEST_SKIP() << "this device counts nothing";
  const Moved narrow = moved(true, 96), wide = moved(true, 304);
  const double rows = (wide.bytes_per_word - narrow.bytes_per_word) / (4 * (304 - 96));
  std::printf("%.1f rows a word\n", rows);
  EXPECT_LE(rows, 78);
  EXPECT_GE(rows, 18);
  EXPECT_EQ(wide.launches, 1);
}

// With softmax, the output rows lie in shared memory: of device memory a pair needs its input row, read and then moved,
// and the steps of each chunk of words, written and read; products and sums come on top. Of one chunk, whose block
// waits for no other.
TEST(SkipGramCounters, SoftmaxReadsNoOutputRowForEachPair) {
  MATINEE_NEEDS_CUDA();
  if (!test::device_counts_launches()) GTEST_SKIP() << "this device counts nothing";
  constexpr int64_t kVocabulary = 32, kDimensions = 304, kRow = 4 * kDimensions;
  test::WordsProblem problem(kVocabulary, 10, 12, kDimensions, 11);
  std::vector<Trained> epochs;
  const auto launches = test::launches_of([&] {
    Context context(test::cuda_device(), 2);
    epochs = test::train_all(context, problem, {.subsample = 0, .epochs = 1, .output = Output::kSoftmax});
  });
  const auto found = test::counted(launches, "train_softmax_kernel");
  const auto pairs = static_cast<double>(epochs[0].pairs);
  const double a_pair = (32 * found.sectors - static_cast<double>(2 * kVocabulary * kRow)) / pairs;
  constexpr double kNeeded = 5 * kRow;
  std::printf("%.0f pairs: %.0f bytes each, %.0f needed\n", pairs, a_pair, kNeeded);
  EXPECT_GE(pairs, 50);
  EXPECT_LE(a_pair, 1.5 * kNeeded);
  EXPECT_EQ(found.launches, 1);
}

}  // namespace
}  // namespace matinee::skip_gram
