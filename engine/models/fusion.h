#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/models/neighbour_model.h"
#include "kernels/similarity/fuse_rows.h"

namespace matinee::engine {

// Item similarity from two others (math.md §7): the similarity that ratings give and that of contents, fused by ratio
// row by row (fuse_rows.h), then the best neighbours, then scores as the collaborative model makes them. With the ratio
// 1:0 it is the collaborative item_similarity. An item of which the ratings say nothing gets neighbours by its content
// alone, with the mean of the other items' greatest collaborative similarity for their greatest. It is computed anew
// whatever it starts from.
class Fusion : public NeighbourModel {
 public:
  std::string_view type() const override { return "fusion"; }
  void describe(Parameters& parameters) override;
  int64_t host_bytes(const DataShape& shape) const override;
  std::string obstacle_to_reference(std::string_view parameter, const Model& other) const override;
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  void save(TensorWriter& file) const override;
  void load(const TensorFile& file) override;

  // Models of these parameters, but each with one of the ratios, trained at once: rows are computed once for all.
  std::vector<std::unique_ptr<Fusion>> train_each(Context& context, const TrainingInput& input,
                                                  std::span<const std::string> ratios, TrainingMonitor& monitor) const;
  // Predicted bytes of so many.
  int64_t bytes_of_each(const DataShape& shape, int64_t ratios) const;

 protected:
  int64_t neighbours_parameter() const override { return options_.neighbours; }

 private:
  static const Model& reference(const TrainingInput& input, const std::string& name);
  // Takes over how the collaborative model scores.
  void take_use(const Model& collaborative);
  similarity::FusionRatio ratio() const;
  int32_t rows_per_block(int64_t items) const;
  int64_t block_bytes(int64_t items, int64_t ratios) const;
  // Of models with ratios of their own but otherwise equal.
  static void fuse(Context& context, const TrainingInput& input, std::span<Fusion* const> models,
                   TrainingMonitor& monitor);
  void adopt_fused(std::span<const float> magnitudes, const TrainingInput& input);

  std::string collaborative_, content_, ratio_ = "1:1";
  similarity::FusionOptions options_;
};

}  // namespace matinee::engine
