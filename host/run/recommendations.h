#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "engine/model.h"
#include "host/run/run_data.h"

namespace matinee::host {

// The `count` best items that each of `users` has not rated, best first.
std::vector<std::vector<engine::ScoredItem>> best_unseen(Context& context, const engine::Model& model,
                                                         const engine::History& history, std::span<const int32_t> users,
                                                         int64_t count);

// recommendations/NAME.tsv: user, rank, item, score for every user, external ids, a header line. Memory O(block ×
// (items + count)).
void write_recommendations(const std::filesystem::path& path, Context& context, const engine::Model& model,
                           const RunData& data, const engine::SparseRatings& train, int64_t count,
                           const std::function<void(double, double)>& progress);

// Host bytes that write_recommendations needs beside model and ratings for lists of `count`.
int64_t recommendation_bytes(const engine::DataShape& shape, int64_t count);

}  // namespace matinee::host
