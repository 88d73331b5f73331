#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/ranking/top_n.h"
#include "kernels/support/error.h"
#include "kernels/support/multiversion.h"

namespace matinee::ranking {
namespace {

constexpr int64_t kUsersPerTask = 8;
constexpr int64_t kLane = 16;  // scores compared at once

bool better(const RankedItem& left, const RankedItem& right) {
  return left.score > right.score || (left.score == right.score && left.item < right.item);
}

// The first place in begin .. end-1 whose score may enter the list: not <= threshold. NaN always may, and a NaN
// threshold admits everything.
MATINEE_MULTIVERSION int64_t next_candidate(const float* scores, int64_t begin, int64_t end, float threshold) {
  for (; begin + kLane <= end; begin += kLane) {
    int admitted = 0;
    for (int64_t lane = 0; lane < kLane; ++lane) admitted |= !(scores[begin + lane] <= threshold);
    if (admitted != 0) break;
  }
  while (begin < end && scores[begin] <= threshold) ++begin;
  return begin;
}

// Collects up to 2n candidates; when full, keeps the n best, whose worst is the new threshold. Items come in rising
// order, so that one that equals the threshold loses its tie.
class Selection {
 public:
  explicit Selection(int64_t size) : size_(size), capacity_(std::max<int64_t>(2 * size, 64)) {
    candidates_.reserve(static_cast<std::size_t>(capacity_));
  }

  void restart() {
    candidates_.clear();
    threshold_ = std::numeric_limits<float>::quiet_NaN();
  }

  // Takes in items begin .. end-1 of the row.
  void scan(const float* scores, int64_t begin, int64_t end, int32_t user) {
    while ((begin = next_candidate(scores, begin, end, threshold_)) < end) {
      if (std::isnan(scores[begin])) {
        fail(ErrorKind::kDiverged,
             "the score of user {} for item {} is not a number: the model diverged; train it with a smaller learning "
             "rate",
             user, begin);
      }
      candidates_.push_back({static_cast<int32_t>(begin), scores[begin]});
      if (static_cast<int64_t>(candidates_.size()) == capacity_) keep_best();
      ++begin;
    }
  }

  void write_best(RankedItem* best, int64_t length) {
    std::sort(candidates_.begin(), candidates_.end(), better);
    const auto found = std::min<int64_t>(length, static_cast<int64_t>(candidates_.size()));
    std::copy_n(candidates_.begin(), found, best);
    std::fill(best + found, best + length, RankedItem{});
  }

 private:
  void keep_best() {
    const auto last = candidates_.begin() + (size_ - 1);
    std::nth_element(candidates_.begin(), last, candidates_.end(), better);
    threshold_ = last->score;
    candidates_.resize(static_cast<std::size_t>(size_));
  }

  int64_t size_, capacity_;
  float threshold_ = 0;
  std::vector<RankedItem> candidates_;
};

}  // namespace

void top_n_cpu(Context& context, MatrixView<const float> scores, const SparseView& seen, std::span<const int32_t> users,
               MatrixView<RankedItem> best) {
  const int64_t length = std::min(best.columns, scores.columns);
  if (length == 0) {
    for (int64_t row = 0; row < best.rows; ++row) std::fill_n(best.row(row), best.columns, RankedItem{});
    return;
  }
  std::vector<Selection> selections(static_cast<std::size_t>(context.threads()), Selection(length));
  parallel_blocks(context, scores.rows, kUsersPerTask, [&](int64_t begin, int64_t end, int worker) {
    Selection& selection = selections[static_cast<std::size_t>(worker)];
    for (int64_t row = begin; row < end; ++row) {
      const int32_t user = users[static_cast<std::size_t>(row)];
      selection.restart();
      int64_t unscanned = 0;
      for (const int32_t item : seen.row_indices(user)) {
        selection.scan(scores.row(row), unscanned, item, user);
        unscanned = item + 1;
      }
      selection.scan(scores.row(row), unscanned, scores.columns, user);
      selection.write_best(best.row(row), best.columns);
    }
  });
}

}  // namespace matinee::ranking
