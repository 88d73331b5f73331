#pragma once

#include "engine/model.h"

namespace matinee::engine {

// The same list for everybody: an item's score is the number of its training ratings. Scores are exact up to 2^24
// ratings of one item.
class MostPopular : public Model {
 public:
  std::string_view type() const override { return "most_popular"; }
  void describe(Parameters&) override {}
  int64_t host_bytes(const DataShape& shape) const override;
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  void save(TensorWriter& file) const override;
  void load(const TensorFile& file) override;
  void score(Context& context, const History& history, std::span<const int32_t> users,
             MatrixView<float> scores) const override;

 private:
  std::vector<int64_t> counts_;  // (items), training ratings of each
};

}  // namespace matinee::engine
