#include "engine/models/ease.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "engine/models/similar_vectors.h"
#include "kernels/dense/sweep.h"
#include "kernels/similarity/common_columns.h"
#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

constexpr int64_t kTile = 64;  // rows and columns that are transposed at once

[[noreturn]] void refuse(const TensorFile& file, const std::string& what) {
  fail(ErrorKind::kArtifact, "{}: {}. Publish an intact run (matinee rollback) or train again", file.path().string(),
       what);
}

}  // namespace

void Ease::describe(Parameters& parameters) {
  parameters.real(
      "l2", l2_, {.minimum = 0, .maximum = 1e12, .above_minimum = true}, "ratings",
      "λ: what is added to the number of ratings of every item on the diagonal of the Gram matrix; the more, "
      "the smaller the weights. What suits rises with the number of users.");
  parameters.integer("most_items", most_items_, {.minimum = 0, .maximum = 1'000'000}, "items",
                     "Only so many items with the most ratings get weights, and the others score 0; 0: all items. "
                     "Memory grows with its square (4 bytes a pair of items, twice that when it is loaded), time with "
                     "its cube.");
}

int64_t Ease::predicted_items(const DataShape& shape) const {
  return most_items_ > 0 ? std::min(most_items_, shape.items) : shape.items;
}

int64_t Ease::host_bytes(const DataShape& shape) const {
  constexpr int kThreads = 8;
  const int64_t items = predicted_items(shape);
  // In training the matrix and what the sweep needs; loaded, the file beside it.
  const int64_t matrix = items * items * static_cast<int64_t>(sizeof(float));
  return matrix + std::max(matrix, dense::sweep_bytes(items, kThreads)) + shape.items * 16;
}

int64_t Ease::scoring_device_bytes(const DataShape& shape) const {
  const int64_t items = predicted_items(shape);
  return items * items * 4 + (items + shape.items) * 4 + shape.ratings * 4 + shape.users * 12;
}

std::vector<int32_t> Ease::chosen_items(const TrainingInput& input) const {
  std::vector<int32_t> items(static_cast<std::size_t>(input.by_item.rows));
  std::iota(items.begin(), items.end(), 0);
  if (most_items_ == 0 || most_items_ >= input.by_item.rows) return items;
  const auto more_ratings = [&](int32_t a, int32_t b) {
    const int64_t of_a = input.by_item.row_size(a), of_b = input.by_item.row_size(b);
    return of_a != of_b ? of_a > of_b : a < b;
  };
  std::ranges::sort(items, more_ratings);
  items.resize(static_cast<std::size_t>(most_items_));
  std::ranges::sort(items);
  return items;
}

// How many pivots of a checkpoint have been swept.
int64_t Ease::restore(const TensorFile& file) {
  const int64_t swept = file.get<int64_t>("pivots", {1})[0];
  if (file.vector<int32_t>("items") != items_ || swept < 1 || swept > size()) {
    fail(ErrorKind::kArtifact, "{}: not a checkpoint of this training: remove it", file.path().string());
  }
  std::ranges::copy(file.finite("weights", {size(), size()}), weights_.data());
  return swept;
}

void Ease::add_matrix(TensorWriter& file) const {
  file.add("items", items_);
  file.add<float>("weights", weights_.span(), {size(), size()});
}

void Ease::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  items_ = chosen_items(input);
  item_count_ = input.by_item.rows;
  weights_ = Buffer<float>(size() * size());
  int64_t swept = 0;
  if (const TensorFile* checkpoint = monitor.checkpoint()) {
    swept = restore(*checkpoint);
  } else {
    monitor.progress(0, static_cast<double>(size()), "items");
    similarity::common_columns(context, input.by_item, input.by_user, items_, matrix());
    for (int64_t item = 0; item < size(); ++item) matrix()(item, item) += static_cast<float>(l2_);
  }
  while (swept < size()) {
    const int64_t pivots = std::min(dense::kMostPivots, size() - swept);
    try {
      dense::sweep(context, matrix(), swept, pivots);
    } catch (const Error& error) {
      fail(error.kind(), "the Gram matrix cannot be inverted with l2 = {}: {}. Set l2 to a larger number", l2_,
           error.what());
    }
    swept += pivots;
    monitor.progress(static_cast<double>(swept), static_cast<double>(size()), "items");
    monitor.offer_checkpoint([&](TensorWriter& file) {
      add_matrix(file);
      file.add<int64_t>("pivots", std::span(&swept, 1), {1});
    });
  }
  divide_by_diagonal(context);
}

// From the lower triangle of -P to B, whose column j is that of -P over P_jj, and 0 on the diagonal.
void Ease::divide_by_diagonal(Context& context) {
  const MatrixView<float> b = matrix();
  std::vector<float> diagonal(items_.size());
  for (int64_t item = 0; item < size(); ++item) diagonal[static_cast<std::size_t>(item)] = -b(item, item);
  const int64_t tiles = (size() + kTile - 1) / kTile;
  parallel_blocks(context, tiles, 1, [&](int64_t tile, int64_t, int) {
    for (int64_t left = 0; left <= tile * kTile; left += kTile) {
      for (int64_t row = tile * kTile; row < std::min((tile + 1) * kTile, size()); ++row) {
        for (int64_t column = left; column < std::min(left + kTile, row); ++column) {
          const float swept = b(row, column);
          b(row, column) = swept / diagonal[static_cast<std::size_t>(column)];
          b(column, row) = swept / diagonal[static_cast<std::size_t>(row)];
        }
      }
    }
  });
  for (int64_t item = 0; item < size(); ++item) b(item, item) = 0;
}

void Ease::save(TensorWriter& file) const {
  add_matrix(file);
  file.add<int64_t>("item_count", std::span(&item_count_, 1), {1});
}

void Ease::load(const TensorFile& file) {
  items_ = file.vector<int32_t>("items");
  item_count_ = file.get<int64_t>("item_count", {1})[0];
  if (std::ranges::adjacent_find(items_, std::greater_equal<>()) != items_.end() ||
      (!items_.empty() && (items_.front() < 0 || items_.back() >= item_count_))) {
    refuse(file, "the items with weights do not rise, or there are no such items");
  }
  const auto weights = file.finite("weights", {size(), size()});
  weights_ = Buffer<float>(static_cast<int64_t>(weights.size()));
  std::ranges::copy(weights, weights_.data());
}

similarity::ItemWeights Ease::weights() const {
  return {items_, {weights_.data(), size(), size(), size()}};
}

void Ease::score(Context& context, const History& history, std::span<const int32_t> users,
                 MatrixView<float> scores) const {
  similarity::score_by_weights(context, weights(), history.by_user, users, scores);
}

void Ease::score_on_device(Context& context, const History& history, std::span<const int32_t> users,
                           const DeviceMatrix& scores) const {
  similarity::score_by_weights(context, weights(), history.by_user, users, scores);
}

namespace {

class WeightComparison : public ItemComparison {
 public:
  explicit WeightComparison(const similarity::ItemWeights& weights) : weights_(weights) {}

  void compare(Context& context, int32_t first, MatrixView<float> rows) override {
    parallel_blocks(context, rows.rows, 1, [&](int64_t r, int64_t, int) {
      float* own = rows.row(r);
      std::fill_n(own, rows.columns, 0.0F);
      const auto found = std::ranges::lower_bound(weights_.items, static_cast<int32_t>(first + r));
      if (found == weights_.items.end() || *found != first + r) return;
      const int64_t column = found - weights_.items.begin();
      for (int64_t row = 0; row < weights_.weights.rows; ++row) {
        own[weights_.items[static_cast<std::size_t>(row)]] = weights_.weights(row, column);
      }
    });
  }

 private:
  similarity::ItemWeights weights_;
};

}  // namespace

std::unique_ptr<ItemComparison> Ease::item_comparison(Context&, const TrainingInput&) const {
  return std::make_unique<WeightComparison>(weights());
}

std::vector<ScoredItem> Ease::similar_items(int32_t item, int64_t count) const {
  std::vector<ScoredItem> similar;
  const auto found = std::ranges::lower_bound(items_, item);
  if (found == items_.end() || *found != item) return similar;
  const int64_t column = found - items_.begin();
  for (int64_t row = 0; row < size(); ++row) {
    const float weight = weights_[row * size() + column];
    if (weight > 0) similar.push_back({items_[static_cast<std::size_t>(row)], weight});
  }
  keep_best(similar, count);
  return similar;
}

}  // namespace matinee::engine
