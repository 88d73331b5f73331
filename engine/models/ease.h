#pragma once

#include <cstdint>
#include <vector>

#include "engine/model.h"
#include "kernels/similarity/weight_scores.h"
#include "kernels/support/buffer.h"

namespace matinee::engine {

// Embarrassingly shallow autoencoders (Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019): the
// weights B (items × items) without a diagonal that say users' items best from their items, ‖X - XB‖² + l2 ‖B‖², in
// closed form: B = I - P diag(P)⁻¹, P = (XᵀX + l2 I)⁻¹. Whatever is rated is a positive; scores order items and are no
// ratings. It is computed anew whatever it starts from. Saved are "items", which have weights, rising,
// "weights", and "item_count", how many items there were.
class Ease : public Model {
 public:
  std::string_view type() const override { return "ease"; }
  void describe(Parameters& parameters) override;
  int64_t host_bytes(const DataShape& shape) const override;
  std::string_view memory_remedy() const override { return "most_items"; }
  bool scores_on_cuda() const override { return true; }
  int64_t scoring_device_bytes(const DataShape& shape) const override;
  // Error(kInput) where l2 is too small for single precision.
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  void save(TensorWriter& file) const override;
  void load(const TensorFile& file) override;
  void score(Context& context, const History& history, std::span<const int32_t> users,
             MatrixView<float> scores) const override;
  void score_on_device(Context& context, const History& history, std::span<const int32_t> users,
                       const DeviceMatrix& scores) const override;
  // Rows are columns of B: what the others say for the item.
  bool compares_items() const override { return true; }
  std::unique_ptr<ItemComparison> item_comparison(Context& context, const TrainingInput& input) const override;
  std::optional<NeighbourUse> neighbour_use() const override { return NeighbourUse{}; }
  // By what they say for the item: its column of B.
  std::vector<ScoredItem> similar_items(int32_t item, int64_t count) const override;

 private:
  int64_t size() const { return static_cast<int64_t>(items_.size()); }
  int64_t predicted_items(const DataShape& shape) const;
  MatrixView<float> matrix() { return {weights_.data(), size(), size(), size()}; }
  similarity::ItemWeights weights() const;
  std::vector<int32_t> chosen_items(const TrainingInput& input) const;
  int64_t restore(const TensorFile& file);
  void add_matrix(TensorWriter& file) const;
  void divide_by_diagonal(Context& context);

  double l2_ = 500;
  int64_t most_items_ = 0;

  std::vector<int32_t> items_;  // with weights, rising
  int64_t item_count_ = 0;      // of all items
  Buffer<float> weights_;       // (items × items), row-major: what each says for each
};

}  // namespace matinee::engine
