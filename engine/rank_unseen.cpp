#include "engine/rank_unseen.h"

namespace matinee::engine {

void rank_unseen(Context& context, const Model& model, const History& history, std::span<const int32_t> users,
                 MatrixView<ranking::RankedItem> best, MatrixView<float> scores) {
  if (!context.on_cuda()) {
    model.score(context, history, users, scores);
    ranking::top_n(context, scores, history.by_user, users, best);
    return;
  }
  const DeviceMatrix there(context, static_cast<int64_t>(users.size()), history.by_user.columns);
  model.score_on_device(context, history, users, there);
  if (scores.rows > 0) there.copy_to(context, scores);
  ranking::top_n(context, there, history.by_user, users, best);
}

}  // namespace matinee::engine
