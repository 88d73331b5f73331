#pragma once

#include "engine/models/adaptive_priors.h"
#include "engine/models/factor_model.h"

namespace matinee::engine {

// Probabilistic matrix factorisation (Salakhutdinov and Mnih, NIPS 2007): the maximum a posteriori estimate under
// Gaussian noise and Gaussian priors, by SGD. E = ½ Σ e² + λ_U/2 Σ ‖p_u‖² + λ_V/2 Σ ‖q_i‖², λ_U = σ² / σ_U²,
// λ_V = σ² / σ_V², and likewise for the biases: the penalty counts once per row, so one rating's step takes 1/n of it.
// Metrics per epoch, of the model at its end: train_rmse, noise_variance (the maximum likelihood estimate of σ², in
// squared rating points), log_posterior (of the ratings and everything learnt, under the variances of that epoch). With
// adaptive priors also the variances estimated for the epoch to come: prior_noise_variance, prior_user_variance,
// prior_item_variance, prior_bias_variance.
class Pmf : public FactorModel {
 public:
  std::string_view type() const override { return "pmf"; }
  void describe(Parameters& parameters) override;
  int64_t host_bytes(const DataShape& shape) const override {
    return FactorModel::host_bytes(shape) + options_.extra_bytes(shape);
  }
  bool deterministic() const override { return options_.deterministic(); }
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;

 protected:
  int64_t factors_parameter() const override { return options_.factors; }
  factorization::Storage storage_parameter() const override { return options_.storage; }
  factorization::Link link_parameter() const override { return link_choice_; }

 private:
  double log_posterior(Context& context, double squared_errors, const PriorVariances& variances,
                       const factorization::TrainingOperands& operands) const;

  SgdOptions options_;
  factorization::Link link_choice_ = factorization::Link::kIdentity;
  bool center_ = true;
  double noise_variance_ = 0.6;
  double user_variance_ = 0.05;
  double item_variance_ = 0.05;
  double bias_variance_ = 0.2;
  bool adaptive_priors_ = false;
};

}  // namespace matinee::engine
