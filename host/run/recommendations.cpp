#include "host/run/recommendations.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "engine/artifacts/file_writer.h"
#include "engine/rank_unseen.h"
#include "host/run/tsv.h"
#include "kernels/support/buffer.h"
#include "kernels/support/keep_operands.h"

namespace matinee::host {
namespace {

constexpr int64_t kBlockBytes = 32 << 20;

// What one user takes in a block: scores, the best of them, their list.
int64_t bytes_per_user(int64_t items, int64_t count) {
  constexpr int64_t kScore = sizeof(float), kPlace = sizeof(ranking::RankedItem) + sizeof(engine::ScoredItem);
  return items * kScore + std::min(count, items) * kPlace + static_cast<int64_t>(sizeof(std::vector<int>));
}

int64_t users_per_block(const engine::DataShape& shape, int64_t count) {
  const int64_t fitting = kBlockBytes / bytes_per_user(shape.items, count);
  return std::clamp<int64_t>(fitting, 1, std::max<int64_t>(shape.users, 1));
}

}  // namespace

std::vector<std::vector<engine::ScoredItem>> best_unseen(Context& context, const engine::Model& model,
                                                         const engine::History& history, std::span<const int32_t> users,
                                                         int64_t count) {
  const int64_t rows = static_cast<int64_t>(users.size()), items = history.by_user.columns;
  count = std::min(count, items);
  Buffer<float> scores(context.on_cuda() ? 0 : rows * items);
  Buffer<ranking::RankedItem> best(rows * count);
  const MatrixView<float> score_view{scores.data(), context.on_cuda() ? 0 : rows, items, items};
  const MatrixView<ranking::RankedItem> best_view{best.data(), rows, count, count};
  engine::rank_unseen(context, model, history, users, best_view, score_view);
  std::vector<std::vector<engine::ScoredItem>> lists(users.size());
  for (int64_t row = 0; row < rows; ++row) {
    lists[static_cast<std::size_t>(row)].reserve(static_cast<std::size_t>(count));
    for (int64_t rank = 0; rank < count && best_view(row, rank).item >= 0; ++rank) {
      lists[static_cast<std::size_t>(row)].push_back({best_view(row, rank).item, best_view(row, rank).score});
    }
  }
  return lists;
}

void write_recommendations(const std::filesystem::path& path, Context& context, const engine::Model& model,
                           const RunData& data, const engine::SparseRatings& train, int64_t count,
                           const std::function<void(double, double)>& progress) {
  engine::FileWriter file(path);
  file.write("user\trank\titem\tscore\n");
  const int32_t users = data.users.size();
  const auto block = static_cast<int32_t>(users_per_block({users, data.items.size(), 0}, count));
  const KeepOperands kept(context);
  std::vector<int32_t> rows;
  fmt::memory_buffer text;
  for (int32_t begin = 0; begin < users; begin += block) {
    rows.resize(static_cast<std::size_t>(std::min(block, users - begin)));
    std::iota(rows.begin(), rows.end(), begin);
    const auto lists = best_unseen(context, model, {train.view(), data.grid}, rows, count);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      text.clear();
      const std::string user = tsv_field(data.users.id(rows[row]));
      for (std::size_t rank = 0; rank < lists[row].size(); ++rank) {
        fmt::format_to(std::back_inserter(text), "{}\t{}\t{}\t{}\n", user, rank + 1,
                       tsv_field(data.items.id(lists[row][rank].item)), lists[row][rank].score);
      }
      file.write(std::string_view(text.data(), text.size()));
    }
    progress(begin + static_cast<double>(rows.size()), users);
  }
  file.close();
}

int64_t recommendation_bytes(const engine::DataShape& shape, int64_t count) {
  constexpr int64_t kLine = 96;  // of text: two ids, rank, score
  return users_per_block(shape, count) * bytes_per_user(shape.items, count) + std::min(count, shape.items) * kLine;
}

}  // namespace matinee::host
