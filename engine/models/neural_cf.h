#pragma once

#include <string>

#include "engine/model.h"
#include "engine/models/neural_cf_state.h"
#include "engine/models/neural_cf_training.h"
#include "kernels/neural_cf/score_network.h"

namespace matinee::engine {

// What gmf, mlp and neumf share: neural collaborative filtering (He et al., WWW 2017) of implicit feedback. Every
// training rating is a positive, negatives are drawn among what its user has not rated, anew in each epoch; the loss is
// the log loss of σ(x), and x, the log odds, are the scores. The network: kernels/neural_cf/network_shape.h.
class NeuralCf : public Model {
 public:
  int64_t host_bytes(const DataShape& shape) const override;
  bool trains_on_cuda() const override { return true; }
  int64_t device_bytes(const DataShape& shape) const override;
  bool scores_on_cuda() const override { return true; }
  int64_t scoring_device_bytes(const DataShape& shape) const override;
  bool can_start_from_another() const override { return true; }
  // Only from one of the same type, factors and layers.
  std::string obstacle_to_start_from(const Model& other) const override;
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  void save(TensorWriter& file) const override { state_.save(file); }
  void load(const TensorFile& file) override;
  void score(Context& context, const History& history, std::span<const int32_t> users,
             MatrixView<float> scores) const override;
  void score_on_device(Context& context, const History& history, std::span<const int32_t> users,
                       const DeviceMatrix& scores) const override;
  // By cosine of the items' vectors.
  std::vector<ScoredItem> similar_items(int32_t item, int64_t count) const override;

  const NeuralCfState& state() const { return state_; }
  // Of the parameters, for so many users and items.
  virtual neural_cf::NetworkShape shape(int64_t users, int64_t items) const = 0;

 protected:
  void describe_training(Parameters& parameters);
  void describe_product_weight(Parameters& parameters);
  // What training starts from where there is no earlier model.
  virtual void start(Context& context, const TrainingInput& input, NeuralCfState& state) const;

 private:
  neural_cf::ScoringNetwork scoring_network() const;
  // Throws Error(kArtifact) where the model was made for other data.
  void require_known(std::span<const int32_t> users, int64_t items) const;
  void adopt(NeuralCfState state);

  NeuralCfOptions options_;
  StartingValues start_;
  NeuralCfState state_;
  Buffer<float> item_halves_;
};

// Generalised matrix factorisation: x = h · (p ∘ q) + c.
class Gmf : public NeuralCf {
 public:
  std::string_view type() const override { return "gmf"; }
  void describe(Parameters& parameters) override;
  neural_cf::NetworkShape shape(int64_t users, int64_t items) const override;

 private:
  int64_t factors_ = 8;
};

// A tower of ReLU layers, each half as wide as the one below, on [p; q].
class Mlp : public NeuralCf {
 public:
  std::string_view type() const override { return "mlp"; }
  void describe(Parameters& parameters) override;
  neural_cf::NetworkShape shape(int64_t users, int64_t items) const override;

 private:
  int64_t factors_ = 8, layers_ = 3;
};

// Both, with vectors of their own, joined before one output unit.
class NeuMf : public NeuralCf {
 public:
  std::string_view type() const override { return "neumf"; }
  void describe(Parameters& parameters) override;
  neural_cf::NetworkShape shape(int64_t users, int64_t items) const override;
  std::string obstacle_to_reference(std::string_view parameter, const Model& other) const override;

 protected:
  void start(Context& context, const TrainingInput& input, NeuralCfState& state) const override;

 private:
  int64_t tower_factors() const { return tower_factors_ > 0 ? tower_factors_ : factors_; }

  int64_t factors_ = 8, tower_factors_ = 0, layers_ = 3;
  std::string gmf_, mlp_;
  double mix_ = 0.5;
};

}  // namespace matinee::engine
