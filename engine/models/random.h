#pragma once

#include "engine/model.h"

namespace matinee::engine {

// A score for each (user, item) that depends on nothing but the seed: the floor that every metric must clear.
class Random : public Model {
 public:
  std::string_view type() const override { return "random"; }
  void describe(Parameters&) override {}
  int64_t host_bytes(const DataShape&) const override { return 0; }
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  void save(TensorWriter& file) const override;
  void load(const TensorFile& file) override;
  void score(Context& context, const History& history, std::span<const int32_t> users,
             MatrixView<float> scores) const override;

 private:
  uint64_t seed_ = 0;
};

}  // namespace matinee::engine
