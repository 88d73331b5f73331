#include "engine/rank_unseen.h"

#include <algorithm>

namespace matinee::engine {
namespace {

// A model that chooses from candidates lists nothing else: its other items, which stand behind them, leave their places
// empty.
void leave_candidates(const CandidateSets& sets, std::span<const int32_t> users,
                      const MatrixView<ranking::RankedItem>& best) {
  for (int64_t row = 0; row < best.rows; ++row) {
    const auto candidates = sets.of(users[static_cast<std::size_t>(row)]);
    for (int64_t place = 0; place < best.columns; ++place) {
      if (!std::ranges::binary_search(candidates, best(row, place).item)) best(row, place) = {};
    }
  }
}

}  // namespace

void rank_unseen(Context& context, const Model& model, const History& history, std::span<const int32_t> users,
                 MatrixView<ranking::RankedItem> best, MatrixView<float> scores) {
  if (!context.on_cuda()) {
    model.score(context, history, users, scores);
    ranking::top_n(context, scores, history.by_user, users, best);
  } else {
    const DeviceMatrix there(context, static_cast<int64_t>(users.size()), history.by_user.columns);
    model.score_on_device(context, history, users, there);
    if (scores.rows > 0) there.copy_to(context, scores);
    ranking::top_n(context, there, history.by_user, users, best);
  }
  if (model.candidates() != nullptr) leave_candidates(*model.candidates(), users, best);
}

}  // namespace matinee::engine
