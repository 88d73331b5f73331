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
  const int64_t block = similarity::rows_per_call(true, rows, options_) * list_width(rows) * 16;
  return list_bytes(rows) + block + similarity::predicted_bytes(rows, columns, shape.ratings, options_);
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

int32_t ItemSimilarity::rows_of(const TrainingInput& input) const {
  return axis_ == Axis::kItems ? input.by_item.rows : input.by_user.rows;
}

std::string ItemSimilarity::obstacle_to_reference(std::string_view, const Model& other) const {
  return ActivityOptions::obstacle(other);
}

std::span<const double> ItemSimilarity::column_weights() const {
  return axis_ == Axis::kItems ? std::span<const double>(user_weights_) : std::span<const double>();
}

void ItemSimilarity::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  const int32_t rows = rows_of(input);
  similar_ = {};
  if (const TensorFile* checkpoint = monitor.checkpoint()) similar_ = checked_lists(*checkpoint, rows);
  user_weights_.clear();
  if (activity_.wanted()) {
    const UserClusters& clusters = *input.references.at(activity_.clusters)->user_clusters();
    user_weights_ = activity_weights(input.by_user, clusters.clusters, activity_.mix);
  }
  search(context, input, rows, monitor);
  if (axis_ == Axis::kUsers && activity_.wanted()) {
    weigh_neighbours(user_weights_, similar_.offsets, similar_.indices, similar_.weights);
  }
  adopt(std::move(similar_), input);
}

void ItemSimilarity::save(TensorWriter& file) const {
  NeighbourModel::save(file);
  if (activity_.wanted()) file.add("user_weights", user_weights_);
}

void ItemSimilarity::load(const TensorFile& file) {
  NeighbourModel::load(file);
  user_weights_.clear();
  if (!activity_.wanted()) return;
  user_weights_ = file.vector<double>("user_weights");
  if (!std::ranges::all_of(user_weights_, [](double weight) { return weight > 0 && weight <= 1; })) {
    fail(ErrorKind::kArtifact, "{}: a user's weight is not above 0 and at most 1: train again", file.path().string());
  }
}

void ItemSimilarity::search(Context& context, const TrainingInput& input, int32_t rows, TrainingMonitor& monitor) {
  const bool of_items = axis_ == Axis::kItems;
  const int64_t width = list_width(rows);
  similarity::Options options = options_;
  options.neighbours = width;
  const auto comparison = similarity::prepare_comparison(context, of_items ? input.by_item : input.by_user,
                                                         of_items ? input.by_user : input.by_item, options,
                                                         similarity::SearchWay::kCheapest, column_weights());
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
    similar_.append(found);
    monitor.progress(similar_.rows(), rows, of_items ? "items" : "users");
    monitor.offer_checkpoint([&](TensorWriter& file) { add_lists(file); });
  }
}

namespace {

class RatingComparison : public ItemComparison {
 public:
  explicit RatingComparison(similarity::Comparison comparison) : comparison_(std::move(comparison)) {}
  void compare(Context& context, int32_t first, MatrixView<float> rows) override {
    similarity::similarity_rows(context, comparison_, first, rows);
  }

 private:
  similarity::Comparison comparison_;
};

}  // namespace

std::unique_ptr<ItemComparison> ItemSimilarity::item_comparison(Context& context, const TrainingInput& input) const {
  return std::make_unique<RatingComparison>(similarity::prepare_comparison(
      context, input.by_item, input.by_user, options_, similarity::SearchWay::kCheapest, column_weights()));
}

int64_t ItemSimilarity::comparison_bytes(const DataShape& shape) const {
  return similarity::predicted_bytes(shape.items, shape.users, shape.ratings, options_);
}

std::optional<NeighbourUse> ItemSimilarity::neighbour_use() const {
  return NeighbourUse{options_.keep_negative, normalize_rows_, feedback_ == Feedback::kBinary};
}

}  // namespace matinee::engine
