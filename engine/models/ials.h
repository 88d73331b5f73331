#pragma once

#include "engine/models/als_training.h"
#include "engine/models/factor_model.h"

namespace matinee::engine {

// Matrix factorisation of implicit feedback by alternating least squares (Hu, Koren and Volinsky, ICDM 2008; the
// objective of Rendle et al. 2021: als_objective.h). Whatever is rated is a positive; scores order items and are no
// ratings. Metric per epoch: loss, the value of the objective at its end.
class Ials : public FactorModel {
 public:
  std::string_view type() const override { return "ials"; }
  void describe(Parameters& parameters) override { options_.describe(parameters); }
  int64_t host_bytes(const DataShape& shape) const override;
  bool trains_on_cuda() const override { return true; }
  int64_t device_bytes(const DataShape& shape) const override;
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  bool predicts_ratings() const override { return false; }

 protected:
  int64_t factors_parameter() const override { return options_.factors; }

 private:
  AlsOptions options_;
};

}  // namespace matinee::engine
