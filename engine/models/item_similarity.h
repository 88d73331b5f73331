#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "engine/models/neighbour_model.h"
#include "engine/models/user_activity.h"
#include "kernels/similarity/top_neighbours.h"

namespace matinee::engine {

// Neighbourhood collaborative filtering (math.md §1): the most similar items of each item, or users of each user, and
// scores from them. Similarities are exact functions of the ratings, so a warm start has nothing to keep: `initial` is
// ignored and all is computed again.
class ItemSimilarity : public NeighbourModel {
 public:
  std::string_view type() const override { return "item_similarity"; }
  void describe(Parameters& parameters) override;
  int64_t host_bytes(const DataShape& shape) const override;
  bool trains_on_cuda() const override { return true; }
  int64_t device_bytes(const DataShape& shape) const override;
  int64_t least_device_bytes(const DataShape& shape) const override;
  std::string obstacle_to_reference(std::string_view parameter, const Model& other) const override;
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  void save(TensorWriter& file) const override;
  void load(const TensorFile& file) override;

  bool compares_items() const override { return axis_ == Axis::kItems; }
  std::unique_ptr<ItemComparison> item_comparison(Context& context, const TrainingInput& input) const override;
  int64_t comparison_bytes(const DataShape& shape) const override;
  std::optional<NeighbourUse> neighbour_use() const override;

 protected:
  int64_t neighbours_parameter() const override { return options_.neighbours; }

 private:
  int32_t rows_of(const TrainingInput& input) const;
  void search(Context& context, const TrainingInput& input, int32_t rows, TrainingMonitor& monitor);
  // Of users as columns of a comparison; empty where they are not weighed there.
  std::span<const double> column_weights() const;

  similarity::Options options_;
  ActivityOptions activity_;
  std::vector<double> user_weights_;  // by activity; empty where that is not wanted
};

}  // namespace matinee::engine
