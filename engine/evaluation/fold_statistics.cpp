#include "engine/evaluation/fold_statistics.h"

#include <cmath>
#include <numeric>

namespace matinee::engine {

FoldStatistics fold_statistics(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, std::sqrt(squares / (count - 1)), static_cast<int64_t>(values.size())};
}

}  // namespace matinee::engine
