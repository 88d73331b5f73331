#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kernels/support/context.h"

namespace matinee::engine {

// One operation, ready to be run again and again on data that `run` owns.
struct PreparedBench {
  std::function<void()> run;
  double bytes = 0;  // that one run reads and writes where no operand stays in a cache (the operation's header)
  double flops = 0;  // of one run: additions and multiplications
  double units = 0;  // what a user counts: ratings, pairs of user and item
};

// A case of `matinee bench`.
struct BenchCase {
  std::string name;  // operation/variant
  std::string unit;  // of PreparedBench::units
  std::function<PreparedBench(Context&)> prepare;
  bool has_cuda_side = false;
};

struct BenchResult {
  std::string name, unit;
  int runs = 0;
  double seconds = 0;  // median of the runs
  double bytes_per_second = 0, flops_per_second = 0, units_per_second = 0;
};

// All cases, by operation.
std::vector<BenchCase> bench_cases();

struct BenchEffort {
  int runs = 5;
  double seconds = 0.5;
};

// Runs a case once to warm up, then at least so many times and for so many seconds.
BenchResult run_bench(Context& context, const BenchCase& bench, const BenchEffort& least);

// The cases of each domain.
std::vector<BenchCase> similarity_bench_cases();
std::vector<BenchCase> factorization_bench_cases();
std::vector<BenchCase> ranking_bench_cases();
std::vector<BenchCase> skip_gram_bench_cases();
std::vector<BenchCase> clustering_bench_cases();

}  // namespace matinee::engine
