#include "engine/models/mf.h"

#include <array>
#include <cmath>

namespace matinee::engine {

using factorization::Link;

void Mf::describe(Parameters& p) {
  constexpr std::array<std::string_view, 3> kLosses = {"squared", "logistic", "bpr"};
  constexpr std::array<std::string_view, 2> kNegativesFrom = {"unrated", "all"};
  options_.describe(p);
  p.choice("loss", loss_, kLosses,
           "squared: error of the predicted rating. logistic: every rating is a positive, told from drawn negatives. "
           "bpr: every rating is to stand before drawn negatives. With the last two the model predicts no ratings.");
  p.integer("negatives", negatives_, {.minimum = 1, .maximum = 1000}, "items",
            "Drawn for each rating and epoch with the losses logistic and bpr.");
  p.choice("negatives_from", negatives_from_, kNegativesFrom,
           "unrated: items that the user has not rated. all: any items, with loss logistic only; an item that a user "
           "with many ratings has rated is then drawn against that rating now and then, which tempers the model's "
           "certainty about such users (so in Rendle et al. 2020).");
  p.real("regularization", regularization_, {.minimum = 0, .maximum = 1e6}, "",
         "Penalty λ on the vectors, applied once per step: a user with n ratings is held by λ n.");
  p.real("bias_regularization", bias_regularization_, {.minimum = 0, .maximum = 1e6}, "",
         "The same penalty on the biases.");
  if (negatives_from_ == NegativesFrom::kAll && loss_ != Loss::kLogistic) {
    p.reject("negatives_from", "\"all\" is for loss logistic only: leave it out");
  }
  if (loss_ != Loss::kSquared && options_.validation_share > 0) {
    p.reject("validation_share",
             "stops by the error of predicted ratings, which loss logistic and bpr do not predict: "
             "give 0");
  }
}

Link Mf::link_parameter() const {
  return loss_ == Loss::kSquared ? Link::kIdentity : Link::kLogOdds;
}

factorization::NegativeSampling Mf::sampling() const {
  factorization::NegativeSampling sampling;
  sampling.negatives = static_cast<int32_t>(negatives_);
  sampling.pairs = loss_ == Loss::kBpr;
  sampling.from_all = negatives_from_ == NegativesFrom::kAll;
  return sampling;
}

int64_t Mf::examples_per_rating() const {
  return loss_ == Loss::kSquared ? 1 : sampling().examples_per_rating();
}

void Mf::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  SgdTask task;
  task.objective.link = link_parameter();
  task.objective.biases = options_.biases;
  task.objective.user_penalty = task.objective.item_penalty = static_cast<float>(regularization_);
  task.objective.user_bias_penalty = task.objective.item_bias_penalty = static_cast<float>(bias_regularization_);
  task.penalty_once_per_rating = true;
  if (loss_ != Loss::kSquared) task.sampling = sampling();
  task.report = [&](int64_t epoch, double squared_errors, const factorization::TrainingOperands& operands) {
    const int64_t examples = operands.blocks().size();
    if (examples == 0) return;
    // Each error taken just before its step: not the error of the model at the end of the epoch, which pmf reports.
    const double steps = static_cast<double>(examples) / (loss_ == Loss::kBpr ? 2 : 1);
    const double mean = squared_errors / steps;
    if (loss_ == Loss::kSquared) monitor.metric(epoch, "running_train_rmse", std::sqrt(mean));
    if (loss_ != Loss::kSquared) monitor.metric(epoch, "running_train_brier", mean);
  };
  train_factors(context, input, options_, options_.biases && loss_ != Loss::kBpr, task, monitor);
}

}  // namespace matinee::engine
