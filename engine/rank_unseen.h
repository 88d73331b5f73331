#pragma once

#include <cstdint>
#include <span>

#include "engine/model.h"
#include "kernels/ranking/top_n.h"

namespace matinee::engine {

// The best items that each of `users` has not rated (ranking::top_n), by the model's scores. On CUDA the scores stay on
// the device, and come to the host where `scores` has rows for them; on the CPU it must. Of a model that
// chooses from candidates, these only.
void rank_unseen(Context& context, const Model& model, const History& history, std::span<const int32_t> users,
                 MatrixView<ranking::RankedItem> best, MatrixView<float> scores);

}  // namespace matinee::engine
