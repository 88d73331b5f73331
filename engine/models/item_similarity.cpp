#include "engine/models/item_similarity.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

constexpr auto kKinds =
    std::to_array<std::string_view>({"cosine", "binary_cosine", "adjusted_cosine", "pearson", "jaccard"});
constexpr auto kNorms = std::to_array<std::string_view>({"all", "corated"});
constexpr auto kAxes = std::to_array<std::string_view>({"items", "users"});
constexpr auto kFeedbacks = std::to_array<std::string_view>({"ratings", "binary"});

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

void ItemSimilarity::describe(Parameters& parameters) {
  parameters.choice("similarity", options_.kind, kKinds,
                    "How alike two items are: cosine of their ratings; of who rated them (binary_cosine); of ratings "
                    "less each user's mean (adjusted_cosine); correlation over common users (pearson); common users "
                    "over all users of either (jaccard).");
  parameters.choice("axis", axis_, kAxes, "Compares items by their users, or users by their items.");
  parameters.integer("neighbours", options_.neighbours, {.minimum = 1, .maximum = 1'000'000}, "",
                     "How many most similar ones each item (or user) keeps.");
  parameters.real("shrink", options_.shrink, {.minimum = 0, .maximum = 1e9}, "common users",
                  "β: a similarity from n common users counts n / (n + β) of its value.");
  parameters.integer("min_common", options_.min_common, {.minimum = 1, .maximum = 1'000'000'000}, "common users",
                     "Fewer common users than this: similarity 0.");
  parameters.choice("norms", options_.norms, kNorms,
                    "Norms of cosine and adjusted_cosine go over all ratings or over those of common users (corated).");
  parameters.flag("iuf", options_.iuf,
                  "Weighs each common user u by 1 / ln(1 + number of u's ratings), so that those who rate everything "
                  "say less.");
  parameters.flag("keep_negative", options_.keep_negative,
                  "Lets negative similarities be neighbours too, where positive ones do not fill the list.");
  parameters.flag("normalize_rows", normalize_rows_, "Divides the similarities of each list by the greatest of them.");
  parameters.choice("feedback", feedback_, kFeedbacks,
                    "What a rating counts in a ranking score: its value, or 1 (binary).");
  parameters.group("activity",
                   "User activity, reading mixing: with axis items each common user of two items is weighed by it, "
                   "beside iuf; with axis users each neighbour, after the most similar ones were found.",
                   [&](Parameters& group) { activity_.describe(group); });
  options_.own_weights = activity_.wanted() && axis_ == Axis::kItems;
}

int64_t ItemSimilarity::host_bytes(const DataShape& shape) const {
  const int64_t rows = axis_ == Axis::kItems ? shape.items : shape.users;
  const int64_t columns = axis_ == Axis::kItems ? shape.users : shape.items;
  const int64_t entries = rows * std::min(list_width(rows), std::max<int64_t>(rows - 1, 0));
  const int64_t lists = 2 * entries * 8 + rows * (16 + 4);  // similar_ and scoring_, means
  const int64_t block = similarity::rows_per_call(true, rows, options_) * list_width(rows) * 16;
  return lists + block + similarity::predicted_bytes(rows, columns, shape.ratings, options_);
}

int64_t ItemSimilarity::device_bytes(const DataShape& shape) const {
  const bool of_items = axis_ == Axis::kItems;
  return similarity::predicted_device_bytes(of_items ? shape.items : shape.users, of_items ? shape.users : shape.items,
                                            shape.ratings, options_);
}

int64_t ItemSimilarity::least_device_bytes(const DataShape& shape) const {
  const bool of_items = axis_ == Axis::kItems;
  return similarity::least_device_bytes(of_items ? shape.items : shape.users, of_items ? shape.users : shape.items,
                                        shape.ratings, options_);
}

int64_t ItemSimilarity::scoring_device_bytes(const DataShape& shape) const {
  const int64_t rows = axis_ == Axis::kItems ? shape.items : shape.users;
  const int64_t entries = rows * std::min(list_width(rows), std::max<int64_t>(rows - 1, 0));
  return entries * 8 + rows * 12 + shape.ratings * 5 + shape.users * 8;
}

int64_t ItemSimilarity::list_width(int64_t rows) const {
  return std::min(options_.neighbours, std::max<int64_t>(rows - 1, 1));
}

int32_t ItemSimilarity::rows_of(const TrainingInput& input) const {
  return axis_ == Axis::kItems ? input.by_item.rows : input.by_user.rows;
}

std::string ItemSimilarity::obstacle_to_reference_named(std::string_view, const Model& other) const {
  return ActivityOptions::obstacle(other);
}

std::vector<double> ItemSimilarity::user_weights(const TrainingInput& input) const {
  if (!activity_.wanted()) return {};
  const UserClusters& clusters = *input.references.at(activity_.clusters)->user_clusters();
  return activity_weights(input.by_user, clusters.clusters, activity_.mix);
}

void ItemSimilarity::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  const int32_t rows = rows_of(input);
  similar_ = {};
  if (const TensorFile* checkpoint = monitor.checkpoint()) similar_ = checked_lists(*checkpoint, rows);
  const std::vector<double> weights = user_weights(input);
  search(context, input, rows, weights, monitor);
  if (axis_ == Axis::kUsers && activity_.wanted()) {
    weigh_neighbours(weights, similar_.offsets, similar_.indices, similar_.weights);
  }
  set_means(input);
  prepare_scores();
}

void ItemSimilarity::search(Context& context, const TrainingInput& input, int32_t rows,
                            std::span<const double> user_weights, TrainingMonitor& monitor) {
  const bool of_items = axis_ == Axis::kItems;
  const int64_t width = list_width(rows);
  similarity::Options options = options_;
  options.neighbours = width;
  const auto comparison = similarity::prepare_comparison(
      context, of_items ? input.by_item : input.by_user, of_items ? input.by_user : input.by_item, options,
      similarity::SearchWay::kCheapest, of_items ? user_weights : std::span<const double>());
  if (!comparison.way_reason.empty()) monitor.note(comparison.way_reason);
  // So many between two offers of a checkpoint.
  const int32_t rows_per_block = std::min(rows, similarity::rows_per_call(context.on_cuda(), rows, options));
  Buffer<int32_t> indices(rows_per_block * width), counts(rows_per_block);
  Buffer<float> similarities(indices.size());
  const auto entries = static_cast<std::size_t>(rows * std::min<int64_t>(width, std::max(rows - 1, 0)));
  similar_.indices.reserve(entries);
  similar_.weights.reserve(entries);
  while (similar_.rows() < rows) {
    const int64_t block = std::min(rows_per_block, rows - similar_.rows());
    const similarity::NeighbourRows found{{indices.data(), block, width, width},
                                          {similarities.data(), block, width, width},
                                          counts.span().first(static_cast<std::size_t>(block))};
    similarity::top_neighbours(context, comparison, similar_.rows(), found);
    append(found);
    monitor.progress(similar_.rows(), rows, of_items ? "items" : "users");
    monitor.offer_checkpoint([&](TensorWriter& file) { add_lists(file); });
  }
}

void ItemSimilarity::append(const similarity::NeighbourRows& found) {
  for (int64_t row = 0; row < found.indices.rows; ++row) {
    const int32_t count = found.counts[static_cast<std::size_t>(row)];
    const int32_t* indices = found.indices.row(row);
    const float* similarities = found.similarities.row(row);
    similar_.indices.insert(similar_.indices.end(), indices, indices + count);
    similar_.weights.insert(similar_.weights.end(), similarities, similarities + count);
    similar_.offsets.push_back(static_cast<int64_t>(similar_.indices.size()));
  }
}

void ItemSimilarity::set_means(const TrainingInput& input) {
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

void ItemSimilarity::add_lists(TensorWriter& file) const {
  file.note("axis", kAxes[static_cast<std::size_t>(axis_)]);
  file.add("neighbour_offsets", similar_.offsets);
  file.add("neighbour_indices", similar_.indices);
  file.add("similarities", similar_.weights);
}

void ItemSimilarity::save(TensorWriter& file) const {
  add_lists(file);
  file.add("means", means_);
  file.add<float>("mean", std::span(&mean_, 1), {1});
}

// `rows`: how many there are in the end; a checkpoint has the lists of the first ones.
ItemSimilarity::Lists ItemSimilarity::checked_lists(const TensorFile& file, int32_t rows) const {
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

void ItemSimilarity::load(const TensorFile& file) {
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

void ItemSimilarity::prepare_scores() {
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

similarity::LevelValues ItemSimilarity::level_values(const RatingGrid& grid) const {
  similarity::LevelValues values;
  for (std::size_t level = 0; level < values.size(); ++level) {
    values[level] = feedback_ == Feedback::kBinary ? 1.0F : static_cast<float>(grid.value(static_cast<int>(level)));
  }
  return values;
}

template <typename Matrix>
void ItemSimilarity::score_into(Context& context, const History& history, std::span<const int32_t> users,
                                const Matrix& scores) const {
  const similarity::LevelValues values = level_values(history.grid);
  if (axis_ == Axis::kItems) {
    similarity::score_by_items(context, scoring_.view(), history.by_user, values, users, scores);
  } else {
    similarity::score_by_users(context, scoring_.view(), history.by_user, values, users, scores);
  }
}

void ItemSimilarity::score(Context& context, const History& history, std::span<const int32_t> users,
                           MatrixView<float> scores) const {
  score_into(context, history, users, scores);
}

void ItemSimilarity::score_on_device(Context& context, const History& history, std::span<const int32_t> users,
                                     const DeviceMatrix& scores) const {
  score_into(context, history, users, scores);
}

void ItemSimilarity::predict(Context& context, const History& history, std::span<const int32_t> users,
                             std::span<const int32_t> items, std::span<float> ratings) const {
  const auto predict_by = axis_ == Axis::kItems ? similarity::predict_by_items : similarity::predict_by_users;
  predict_by(context, similar_.view(), history.by_user, history.grid.step, {means_, mean_}, users, items, ratings);
}

std::vector<ScoredItem> ItemSimilarity::similar_items(int32_t item, int64_t count) const {
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
