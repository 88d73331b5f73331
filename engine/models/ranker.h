#pragma once

#include <string>
#include <vector>

#include "engine/model.h"

namespace matinee::engine {

// Orders each user's candidates by the scores of a trained model. Both are looked at once, when it is trained: its file
// holds all that recommending needs. A user's other items have one score, the greatest number below those of the
// user's candidates (0 where there are none): they tie, after every candidate, and rank_unseen() leaves them out of
// lists, so no ranker has a greater recall than its candidates.
class Ranker : public Model {
 public:
  std::string_view type() const override { return "ranker"; }
  void describe(Parameters& parameters) override;
  int64_t host_bytes(const DataShape& shape) const override;
  std::string obstacle_to_reference(std::string_view parameter, const Model& other) const override;
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  void save(TensorWriter& file) const override;
  void load(const TensorFile& file) override;
  void score(Context& context, const History& history, std::span<const int32_t> users,
             MatrixView<float> scores) const override;
  const CandidateSets* candidates() const override { return &sets_; }

 private:
  float checked(float score, int32_t user, int32_t item) const;

  std::string candidates_, model_;

  CandidateSets sets_;
  std::vector<float> scores_;  // of each entry of sets_.items
  int64_t items_ = 0;
};

}  // namespace matinee::engine
