#include "engine/models/neighbour_model.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

constexpr auto kAxes = std::to_array<std::string_view>({"items", "users"});

[[noreturn]] void refuse(const TensorFile& file, const std::string& what) {
  fail(ErrorKind::kArtifact, "{}: {}. Publish an intact run (matinee rollback) or train again", file.path().string(),
       what);
}

double mean_level(std::span<const uint8_t> levels) {
  int64_t sum = 0;
  for (const uint8_t level : levels) sum += level;
  return static_cast<double>(sum) / static_cast<double>(levels.size());
}

}  // namespace

int64_t NeighbourModel::scoring_device_bytes(const DataShape& shape) const {
  const int64_t rows = axis_ == Axis::kItems ? shape.items : shape.users;
  const int64_t entries = rows * std::min(list_width(rows), std::max<int64_t>(rows - 1, 0));
  return entries * 8 + rows * 12 + shape.ratings * 5 + shape.users * 8;
}

int64_t NeighbourModel::list_width(int64_t rows) const {
  return std::min(neighbours_parameter(), std::max<int64_t>(rows - 1, 1));
}

int64_t NeighbourModel::list_bytes(int64_t rows) const {
  const int64_t entries = rows * std::min(list_width(rows), std::max<int64_t>(rows - 1, 0));
  return 2 * entries * 8 + rows * (16 + 4);  // similar_ and scoring_, means
}

void NeighbourModel::adopt(Lists similar, const TrainingInput& input) {
  similar_ = std::move(similar);
  set_means(input);
  prepare_scores();
}

void NeighbourModel::Lists::append(const similarity::NeighbourRows& found) {
  for (int64_t row = 0; row < found.indices.rows; ++row) {
    const int32_t count = found.counts[static_cast<std::size_t>(row)];
    const int32_t* others = found.indices.row(row);
    const float* similarities = found.similarities.row(row);
    indices.insert(indices.end(), others, others + count);
    weights.insert(weights.end(), similarities, similarities + count);
    offsets.push_back(static_cast<int64_t>(indices.size()));
  }
}

void NeighbourModel::set_means(const TrainingInput& input) {
  const SparseView ratings = axis_ == Axis::kItems ? input.by_item : input.by_user;
  const auto all = std::span(ratings.levels, static_cast<std::size_t>(ratings.size()));
  // Without any rating, the middle of the grid.
  mean_ = static_cast<float>(all.empty() ? (input.grid.minimum() + input.grid.maximum()) / 2
                                         : mean_level(all) * input.grid.step);
  means_.assign(static_cast<std::size_t>(ratings.rows), mean_);
  for (int32_t row = 0; row < ratings.rows; ++row) {
    if (ratings.row_size(row) == 0) continue;
    means_[static_cast<std::size_t>(row)] = static_cast<float>(mean_level(ratings.row_levels(row)) * input.grid.step);
  }
}

void NeighbourModel::add_lists(TensorWriter& file) const {
  file.note("axis", kAxes[static_cast<std::size_t>(axis_)]);
  file.add("neighbour_offsets", similar_.offsets);
  file.add("neighbour_indices", similar_.indices);
  file.add("similarities", similar_.weights);
}

void NeighbourModel::save(TensorWriter& file) const {
  add_lists(file);
  file.add("means", means_);
  file.add<float>("mean", std::span(&mean_, 1), {1});
}

NeighbourModel::Lists NeighbourModel::checked_lists(const TensorFile& file, int32_t rows) const {
  const std::string_view axis = kAxes[static_cast<std::size_t>(axis_)];
  if (file.note("axis") != axis) {
    refuse(file, fmt::format("similarities of {}, where the parameters say {}", file.note("axis"), axis));
  }
  Lists lists{file.vector<int64_t>("neighbour_offsets"), file.vector<int32_t>("neighbour_indices"),
              file.vector<float>("similarities")};
  const auto entries = static_cast<int64_t>(lists.indices.size());
  if (lists.offsets.empty() || lists.offsets.size() > static_cast<std::size_t>(rows) + 1 ||
      lists.offsets.front() != 0 || lists.offsets.back() != entries || lists.weights.size() != lists.indices.size() ||
      !std::is_sorted(lists.offsets.begin(), lists.offsets.end())) {
    refuse(file, fmt::format("the lists of neighbours do not fit together: {} offsets, {} indices, {} similarities",
                             lists.offsets.size(), entries, lists.weights.size()));
  }
  for (std::size_t n = 0; n < lists.indices.size(); ++n) {
    if (lists.indices[n] < 0 || lists.indices[n] >= rows || !std::isfinite(lists.weights[n])) {
      refuse(file, fmt::format("neighbour {} is number {} of {} with similarity {}", n, lists.indices[n], rows,
                               lists.weights[n]));
    }
  }
  return lists;
}

void NeighbourModel::load(const TensorFile& file) {
  means_ = file.vector<float>("means");
  mean_ = file.get<float>("mean", {1})[0];
  if (means_.size() > INT32_MAX || !std::isfinite(mean_) ||
      !std::all_of(means_.begin(), means_.end(), [](float mean) { return std::isfinite(mean); })) {
    refuse(file, "a mean rating is not finite");
  }
  similar_ = checked_lists(file, static_cast<int32_t>(means_.size()));
  if (similar_.offsets.size() != means_.size() + 1) {
    refuse(file, fmt::format("{} lists of neighbours, {} mean ratings", similar_.rows(), means_.size()));
  }
  prepare_scores();
}

void NeighbourModel::prepare_scores() {
  const auto weight = [&](int32_t row, int64_t entry) {
    const auto n = static_cast<std::size_t>(entry);
    if (!normalize_rows_) return similar_.weights[n];
    const float greatest = similar_.weights[static_cast<std::size_t>(similar_.offsets[static_cast<std::size_t>(row)])];
    return greatest > 0 ? similar_.weights[n] / greatest : similar_.weights[n];
  };
  const int32_t rows = similar_.rows();
  const bool transpose = axis_ == Axis::kItems;
  scoring_ = {};
  scoring_.indices.resize(similar_.indices.size());
  scoring_.weights.resize(similar_.weights.size());
  scoring_.offsets.assign(similar_.offsets.size(), 0);
  if (!transpose) scoring_.offsets = similar_.offsets;
  if (transpose) {
    for (const int32_t index : similar_.indices) ++scoring_.offsets[static_cast<std::size_t>(index) + 1];
    for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
      scoring_.offsets[row + 1] += scoring_.offsets[row];
    }
  }
  std::vector<int64_t> next(scoring_.offsets);
  for (int32_t row = 0; row < rows; ++row) {
    for (int64_t entry = similar_.offsets[static_cast<std::size_t>(row)];
         entry < similar_.offsets[static_cast<std::size_t>(row) + 1]; ++entry) {
      const int32_t neighbour = similar_.indices[static_cast<std::size_t>(entry)];
      const auto place = static_cast<std::size_t>(next[static_cast<std::size_t>(transpose ? neighbour : row)]++);
      scoring_.indices[place] = transpose ? row : neighbour;
      scoring_.weights[place] = weight(row, entry);
    }
  }
}

similarity::LevelValues NeighbourModel::level_values(const RatingGrid& grid) const {
  similarity::LevelValues values;
  for (std::size_t level = 0; level < values.size(); ++level) {
    values[level] = feedback_ == Feedback::kBinary ? 1.0F : static_cast<float>(grid.value(static_cast<int>(level)));
  }
  return values;
}

template <typename Matrix>
void NeighbourModel::score_into(Context& context, const History& history, std::span<const int32_t> users,
                                const Matrix& scores) const {
  const similarity::LevelValues values = level_values(history.grid);
  if (axis_ == Axis::kItems) {
    similarity::score_by_items(context, scoring_.view(), history.by_user, values, users, scores);
  } else {
    similarity::score_by_users(context, scoring_.view(), history.by_user, values, users, scores);
  }
}

void NeighbourModel::score(Context& context, const History& history, std::span<const int32_t> users,
                           MatrixView<float> scores) const {
  score_into(context, history, users, scores);
}

void NeighbourModel::score_on_device(Context& context, const History& history, std::span<const int32_t> users,
                                     const DeviceMatrix& scores) const {
  score_into(context, history, users, scores);
}

void NeighbourModel::predict(Context& context, const History& history, std::span<const int32_t> users,
                             std::span<const int32_t> items, std::span<float> ratings) const {
  const auto predict_by = axis_ == Axis::kItems ? similarity::predict_by_items : similarity::predict_by_users;
  predict_by(context, similar_.view(), history.by_user, history.grid.step, {means_, mean_}, users, items, ratings);
}

std::vector<ScoredItem> NeighbourModel::similar_items(int32_t item, int64_t count) const {
  std::vector<ScoredItem> similar;
  if (axis_ != Axis::kItems || item < 0 || item >= similar_.rows()) return similar;
  const int64_t begin = similar_.offsets[static_cast<std::size_t>(item)];
  const int64_t end = std::min(begin + count, similar_.offsets[static_cast<std::size_t>(item) + 1]);
  for (auto n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n) {
    similar.push_back({similar_.indices[n], similar_.weights[n]});
  }
  return similar;
}

}  // namespace matinee::engine
