#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <vector>

#include "kernels/support/buffer.h"
#include "kernels/support/machine_rates.h"

namespace matinee {
namespace {

constexpr int kTries = 5;
constexpr int64_t kCopiedBytes = int64_t{96} << 20;  // beyond the last level of cache
constexpr int64_t kSteps = 1 << 20;                  // multiply-adds of each accumulator
constexpr int kAccumulators = 128;                   // independent, enough to fill every pipeline

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double best_of(const std::function<void()>& work) {
  double best = seconds_of(work);
  for (int again = 1; again < kTries; ++again) best = std::min(best, seconds_of(work));
  return best;
}

template <bool fused>
[[gnu::always_inline]] inline float multiply_adds(float factor, float term) {
  float sums[kAccumulators] = {};
  for (int64_t step = 0; step < kSteps; ++step) {
    for (float& sum : sums) sum = fused ? __builtin_fmaf(sum, factor, term) : sum * factor + term;
  }
  float total = 0;
  for (const float sum : sums) total += sum;
  return total;
}

float multiply_adds_portable(float factor, float term) {
  return multiply_adds<false>(factor, term);
}

#if defined(__x86_64__)
#if defined(__clang__)
#define MATINEE_AVX512 "avx512f"
#else
#define MATINEE_AVX512 "avx512f,prefer-vector-width=512"
#endif
[[gnu::target("avx2,fma")]] float multiply_adds_avx2(float factor, float term) {
  return multiply_adds<true>(factor, term);
}
[[gnu::target(MATINEE_AVX512)]] float multiply_adds_avx512(float factor, float term) {
  return multiply_adds<true>(factor, term);
}
#endif

auto best_multiply_adds() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return multiply_adds_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return multiply_adds_avx2;
#endif
  return multiply_adds_portable;
}

double copy_rate(Context& context) {
  Buffer<char> from(kCopiedBytes), to(kCopiedBytes);
  const double seconds = best_of([&] {
    parallel_blocks(context, kCopiedBytes, int64_t{1} << 20, [&](int64_t begin, int64_t end, int) {
      std::memcpy(to.data() + begin, from.data() + begin, static_cast<std::size_t>(end - begin));
    });
  });
  return 2.0 * static_cast<double>(kCopiedBytes) / seconds;
}

double flop_rate(Context& context) {
  const auto work = best_multiply_adds();
  std::vector<float> results(static_cast<std::size_t>(context.threads()));  // keeps the sums from being left out
  const double seconds = best_of([&] {
    context.pool().run(context.threads(), [&](int64_t task, int) {
      results[static_cast<std::size_t>(task)] = work(0.999f, 0.001f * static_cast<float>(task + 1));
    });
  });
  return 2.0 * static_cast<double>(kSteps) * kAccumulators * context.threads() / seconds;
}

}  // namespace

MachineRates measure_machine_cpu(Context& context) {
  return {copy_rate(context), flop_rate(context)};
}

}  // namespace matinee
