#pragma once

#include <cstdint>
#include <vector>

#include "engine/model.h"
#include "engine/models/user_activity.h"
#include "kernels/similarity/neighbour_scores.h"
#include "kernels/similarity/top_neighbours.h"

namespace matinee::engine {

// Neighbourhood collaborative filtering (math.md §1): the most similar items of each item, or users of each user, and
// scores from them. Similarities are exact functions of the ratings, so a warm start has nothing to keep: `initial` is
// ignored and all is computed again.
class ItemSimilarity : public Model {
 public:
  std::string_view type() const override { return "item_similarity"; }
  void describe(Parameters& parameters) override;
  int64_t host_bytes(const DataShape& shape) const override;
  bool trains_on_cuda() const override { return true; }
  bool scores_on_cuda() const override { return true; }
  int64_t device_bytes(const DataShape& shape) const override;
  int64_t least_device_bytes(const DataShape& shape) const override;
  int64_t scoring_device_bytes(const DataShape& shape) const override;
  std::string obstacle_to_reference_named(std::string_view name, const Model& other) const override;
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  void save(TensorWriter& file) const override;
  void load(const TensorFile& file) override;
  void score(Context& context, const History& history, std::span<const int32_t> users,
             MatrixView<float> scores) const override;
  void score_on_device(Context& context, const History& history, std::span<const int32_t> users,
                       const DeviceMatrix& scores) const override;
  bool predicts_ratings() const override { return true; }
  void predict(Context& context, const History& history, std::span<const int32_t> users, std::span<const int32_t> items,
               std::span<float> ratings) const override;
  // Empty with axis users, where nothing is known of similar items.
  std::vector<ScoredItem> similar_items(int32_t item, int64_t count) const override;

 private:
  template <typename Matrix>
  void score_into(Context& context, const History& history, std::span<const int32_t> users, const Matrix& scores) const;

  enum class Axis { kItems, kUsers };
  enum class Feedback { kRatings, kBinary };

  // Compressed rows, as in similarity::NeighbourLists.
  struct Lists {
    std::vector<int64_t> offsets = {0};
    std::vector<int32_t> indices;
    std::vector<float> weights;

    int32_t rows() const { return static_cast<int32_t>(offsets.size()) - 1; }
    similarity::NeighbourLists view() const { return {rows(), offsets.data(), indices.data(), weights.data()}; }
  };

  // Places in a list: `neighbours`, where there are so many other rows.
  int64_t list_width(int64_t rows) const;
  int32_t rows_of(const TrainingInput& input) const;
  void search(Context& context, const TrainingInput& input, int32_t rows, std::span<const double> user_weights,
              TrainingMonitor& monitor);
  void append(const similarity::NeighbourRows& found);
  // Of users by their activity; empty where that is not wanted.
  std::vector<double> user_weights(const TrainingInput& input) const;
  void set_means(const TrainingInput& input);
  void add_lists(TensorWriter& file) const;
  Lists checked_lists(const TensorFile& file, int32_t rows) const;
  void prepare_scores();
  similarity::LevelValues level_values(const RatingGrid& grid) const;

  similarity::Options options_;
  ActivityOptions activity_;
  Axis axis_ = Axis::kItems;
  bool normalize_rows_ = false;
  Feedback feedback_ = Feedback::kRatings;

  Lists similar_;             // best first; the weights are similarities
  std::vector<float> means_;  // (rows of the axis), mean rating; without ratings, of all
  float mean_ = 0;            // of all ratings
  Lists scoring_;             // axis items: similar_ transposed; users: similar_; normalized where asked for
};

}  // namespace matinee::engine
