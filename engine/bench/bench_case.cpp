#include "engine/bench/bench_case.h"

#include <algorithm>
#include <chrono>

namespace matinee::engine {

std::vector<BenchCase> bench_cases() {
  std::vector<BenchCase> all;
  for (const auto& cases : {similarity_bench_cases(), factorization_bench_cases(), ranking_bench_cases(),
                            skip_gram_bench_cases(), clustering_bench_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

BenchResult run_bench(Context& context, const BenchCase& bench, const BenchEffort& least) {
  const PreparedBench prepared = bench.prepare(context);
  prepared.run();
  std::vector<double> seconds;
  const auto runs = static_cast<std::size_t>(least.runs);
  for (double total = 0; seconds.size() < runs || total < least.seconds; total += seconds.back()) {
    const auto start = std::chrono::steady_clock::now();
    prepared.run();
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  return {.name = bench.name,
          .unit = bench.unit,
          .runs = static_cast<int>(seconds.size()),
          .seconds = *middle,
          .bytes_per_second = prepared.bytes / *middle,
          .flops_per_second = prepared.flops / *middle,
          .units_per_second = prepared.units / *middle};
}

}  // namespace matinee::engine
