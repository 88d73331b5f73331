#pragma once

#include "engine/models/factor_model.h"

namespace matinee::engine {

// Matrix factorisation with biases by SGD. Loss squared (Koren, Bell and Volinsky 2009): of the ratings. Losses
// logistic (Rendle et al., RecSys 2020) and bpr (Rendle et al., UAI 2009): every training rating is a positive,
// negatives are drawn among what its user has not rated, anew in each epoch; the model ranks and predicts no ratings.
// The penalty λ counts once per step, so a row with n ratings is held by λ n. Metric per epoch, each error taken just
// before its step: running_train_rmse; of the other losses running_train_brier, the mean squared error of the predicted
// probability.
class Mf : public FactorModel {
 public:
  std::string_view type() const override { return "mf"; }
  void describe(Parameters& parameters) override;
  int64_t host_bytes(const DataShape& shape) const override {
    return FactorModel::host_bytes(shape) + options_.extra_bytes(shape);
  }
  bool deterministic() const override { return options_.deterministic(); }
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  bool predicts_ratings() const override { return loss_ == Loss::kSquared; }

 protected:
  int64_t factors_parameter() const override { return options_.factors; }
  factorization::Storage storage_parameter() const override { return options_.storage; }
  factorization::Link link_parameter() const override;
  int64_t examples_per_rating() const override;

 private:
  enum class Loss { kSquared, kLogistic, kBpr };
  enum class NegativesFrom { kUnrated, kAll };

  factorization::NegativeSampling sampling() const;

  SgdOptions options_;
  Loss loss_ = Loss::kSquared;
  int64_t negatives_ = 4;
  NegativesFrom negatives_from_ = NegativesFrom::kUnrated;
  double regularization_ = 0.1;
  double bias_regularization_ = 0.05;
};

}  // namespace matinee::engine
