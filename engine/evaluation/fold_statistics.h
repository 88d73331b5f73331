#pragma once

#include <cstdint>
#include <span>

namespace matinee::engine {

// What a number is over the folds of a job.
struct FoldStatistics {
  double mean = 0;
  double deviation = 0;  // sample standard deviation: squares are divided by folds - 1
  int64_t folds = 0;
};

// Of two values or more.
FoldStatistics fold_statistics(std::span<const double> values);

}  // namespace matinee::engine
