#pragma once

#include "engine/models/factor_model.h"

namespace matinee::engine {

// Matrix factorisation with biases by SGD (Koren, Bell and Volinsky 2009). The penalty λ counts once per rating, so a
// row with n ratings is held by λ n. Metric per epoch: train_rmse, of the error of each rating just before its step.
class Mf : public FactorModel {
 public:
  std::string_view type() const override { return "mf"; }
  void describe(Parameters& parameters) override;
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;

 protected:
  int64_t factors_parameter() const override { return options_.factors; }

 private:
  SgdOptions options_;
  double regularization_ = 0.1;
  double bias_regularization_ = 0.05;
};

}  // namespace matinee::engine
