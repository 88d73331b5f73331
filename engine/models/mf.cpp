#include "engine/models/mf.h"

#include <cmath>

namespace matinee::engine {

void Mf::describe(Parameters& p) {
  options_.describe(p);
  p.real("regularization", regularization_, {.minimum = 0, .maximum = 1e6}, "",
         "Penalty λ on the vectors, applied once per rating: a user with n ratings is held by λ n.");
  p.real("bias_regularization", bias_regularization_, {.minimum = 0, .maximum = 1e6}, "",
         "The same penalty on the biases.");
}

void Mf::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  SgdTask task;
  task.objective.biases = options_.biases;
  task.objective.user_penalty = task.objective.item_penalty = static_cast<float>(regularization_);
  task.objective.user_bias_penalty = task.objective.item_bias_penalty = static_cast<float>(bias_regularization_);
  task.penalty_once_per_rating = true;
  task.report = [&](int64_t epoch, double squared_errors, const factorization::TrainingOperands& operands) {
    const int64_t ratings = operands.blocks().size();
    if (ratings == 0) return;
    // Each error taken just before its step: not the error of the model at the end of the epoch, which pmf reports.
    monitor.metric(epoch, "running_train_rmse", std::sqrt(squared_errors / static_cast<double>(ratings)));
  };
  train_factors(context, input, options_, options_.biases, task, monitor);
}

}  // namespace matinee::engine
