#include "kernels/similarity/fuse_rows_cpu.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <vector>

#include "kernels/similarity/best_neighbours.h"

namespace matinee::similarity {
namespace {

constexpr int64_t kRowsPerTask = 4;

// Over all columns but the row's own.
struct Moments {
  double least = std::numeric_limits<double>::infinity(), greatest = -std::numeric_limits<double>::infinity();
  double mean = 0, deviation = 0;

  Moments(const float* row, int64_t columns, int64_t own) {
    const auto for_others = [&](const auto& visit) {
      for (int64_t n = 0; n < columns; ++n) {
        if (n != own) visit(static_cast<double>(row[n]));
      }
    };
    const auto others = static_cast<double>(columns - 1);
    if (columns < 2) return;
    double sum = 0, squares = 0;
    for_others([&](double value) {
      least = std::min(least, value);
      greatest = std::max(greatest, value);
      sum += value;
    });
    mean = sum / others;
    for_others([&](double value) { squares += (value - mean) * (value - mean); });
    deviation = std::sqrt(squares / others);
  }
  bool all_alike() const { return !(greatest > least); }
  double magnitude() const { return greatest < least ? 0 : std::max(std::abs(greatest), std::abs(least)); }
};

// value × slope + shift
struct Line {
  double slope = 0, shift = 0;
};

Line scale_line(RowScale scale, const Moments& first, const Moments& second) {
  const auto through = [](double from, double to, double slope) { return Line{slope, to - from * slope}; };
  if (second.all_alike()) return {};
  if (first.magnitude() == 0 || scale == RowScale::kRowMax) {
    const double greatest = first.magnitude() == 0 ? 1 : std::max(first.greatest, 0.0);
    return {second.greatest > 0 ? greatest / second.greatest : 0, 0};
  }
  if (scale == RowScale::kZScore) return through(second.mean, first.mean, first.deviation / second.deviation);
  return through(second.least, first.least, (first.greatest - first.least) / (second.greatest - second.least));
}

class RowFusion {
 public:
  RowFusion(int64_t columns, const FusionOptions& options)
      : options_(options), columns_(columns), scaled_(static_cast<std::size_t>(columns)), best_(options.neighbours) {}

  // Returns the greatest absolute first similarity.
  float start(const float* first, const float* second, int64_t own) {
    first_ = first;
    own_ = own;
    const Moments of_first(first, columns_, own), of_second(second, columns_, own);
    if (options_.scale == RowScale::kRank && of_first.magnitude() > 0 && !of_second.all_alike()) {
      scale_by_rank(second);
    } else {
      const Line line = scale_line(options_.scale, of_first, of_second);
      for (std::size_t n = 0; n < scaled_.size(); ++n) {
        scaled_[n] = static_cast<double>(second[n]) * line.slope + line.shift;
      }
    }
    return static_cast<float>(of_first.magnitude());
  }

  int32_t take(FusionRatio ratio, int32_t* indices, float* similarities) {
    best_.clear();
    const double sum = ratio.first + ratio.second;
    for (int64_t n = 0; n < columns_; ++n) {
      const double one = first_[n], other = scaled_[static_cast<std::size_t>(n)];
      const auto fused =
          ratio.second == 0 ? first_[n] : static_cast<float>((ratio.first * one + ratio.second * other) / sum);
      const bool kept = options_.keep_negative ? fused != 0 : fused > 0;
      if (kept && n != own_ && fused >= best_.least_similarity()) best_.offer(static_cast<int32_t>(n), fused);
    }
    return static_cast<int32_t>(best_.take(indices, similarities));
  }

 private:
  void scale_by_rank(const float* second) {
    firsts_.clear();
    order_.clear();
    for (int64_t n = 0; n < columns_; ++n) {
      if (n == own_) continue;
      firsts_.push_back(first_[n]);
      order_.push_back(static_cast<int32_t>(n));
    }
    std::ranges::sort(firsts_);
    std::ranges::sort(order_,
                      [&](int32_t a, int32_t b) { return second[a] != second[b] ? second[a] < second[b] : a < b; });
    for (std::size_t begin = 0, end = 0; begin < order_.size(); begin = end) {
      double sum = 0;
      for (end = begin; end < order_.size() && second[order_[end]] == second[order_[begin]]; ++end) {
        sum += static_cast<double>(firsts_[end]);
      }
      for (std::size_t n = begin; n < end; ++n) {
        scaled_[static_cast<std::size_t>(order_[n])] = sum / static_cast<double>(end - begin);
      }
    }
  }

  FusionOptions options_;
  int64_t columns_, own_ = 0;
  const float* first_ = nullptr;
  std::vector<double> scaled_;  // the second similarities on the scale of the first
  std::vector<float> firsts_;   // rising
  std::vector<int32_t> order_;  // columns by rising second similarity
  BestNeighbours best_;
};

}  // namespace

void fuse_rows_cpu(Context& context, MatrixView<const float> first, MatrixView<const float> second, int32_t first_row,
                   const FusionOptions& options, std::span<const FusionRatio> ratios,
                   std::span<const NeighbourRows> results, std::span<float> magnitudes) {
  std::vector<std::unique_ptr<RowFusion>> fusions(static_cast<std::size_t>(context.threads()));
  parallel_blocks(context, first.rows, kRowsPerTask, [&](int64_t begin, int64_t end, int worker) {
    auto& own = fusions[static_cast<std::size_t>(worker)];
    if (!own) own = std::make_unique<RowFusion>(first.columns, options);
    for (int64_t r = begin; r < end; ++r) {
      magnitudes[static_cast<std::size_t>(r)] = own->start(first.row(r), second.row(r), first_row + r);
      for (std::size_t n = 0; n < ratios.size(); ++n) {
        results[n].counts[static_cast<std::size_t>(r)] =
            own->take(ratios[n], results[n].indices.row(r), results[n].similarities.row(r));
      }
    }
  });
}

}  // namespace matinee::similarity
