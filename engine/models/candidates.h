#pragma once

#include <string>

#include "engine/model.h"

namespace matinee::engine {

// The offline module (math.md §9): for each user the `most` items that the user's cluster rates best and the `most`
// that a collaborative model scores best, together, without what the user has rated. It orders nothing: a model of type
// ranker does.
class Candidates : public Model {
 public:
  std::string_view type() const override { return "candidates"; }
  bool recommends() const override { return false; }
  void describe(Parameters& parameters) override;
  int64_t host_bytes(const DataShape& shape) const override;
  std::string obstacle_to_reference(std::string_view parameter, const Model& other) const override;
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  void save(TensorWriter& file) const override;
  void load(const TensorFile& file) override;
  const CandidateSets* candidates() const override { return &sets_; }

 private:
  std::string clusters_, collaborative_;
  int64_t most_ = 200;

  CandidateSets sets_;
  int64_t items_ = 0;
};

}  // namespace matinee::engine
