#include "engine/models/pmf.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

#include "kernels/factorization/squared_error.h"
#include "kernels/factorization/squared_norm.h"

namespace matinee::engine {
namespace {

using factorization::Link;

// ln of the density of `count` independent draws from N(0, variance) whose squares sum to `squares`.
double log_normal(double squares, double count, double variance) {
  return -0.5 * (squares / variance + count * std::log(2 * std::numbers::pi * variance));
}

}  // namespace

void Pmf::describe(Parameters& p) {
  constexpr std::array<std::string_view, 2> kLinks = {"identity", "logistic"};
  constexpr Range<double> kVariance = {.minimum = 0, .maximum = 1e6, .above_minimum = true};
  options_.describe(p);
  p.choice(
      "link", link_choice_, kLinks,
      "identity: the dot product is the rating. logistic: ratings are mapped to 0 … 1, which the logistic function "
      "of the dot product predicts; its slope is flat, so it wants some 20 times the learning_rate.");
  p.flag("center", center_, "Predicts around the mean training rating instead of 0; biases do so in any case.");
  p.real("noise_variance", noise_variance_, kVariance, "squared rating points",
         "Variance σ² of a rating around its prediction; the penalty on a user's vector is σ² / user_variance.");
  p.real("user_variance", user_variance_, kVariance, "", "Prior variance of each number of a user's vector.");
  p.real("item_variance", item_variance_, kVariance, "", "Prior variance of each number of an item's vector.");
  p.real("bias_variance", bias_variance_, kVariance, "", "Prior variance of the biases.");
  p.flag("adaptive_priors", adaptive_priors_,
         "Estimates the four variances anew after each epoch, from those given on: for ratings on which they have not "
         "been tuned. With link identity only.");
  if (adaptive_priors_ && link_choice_ != Link::kIdentity) {
    p.reject("adaptive_priors", "is for link identity only: leave it out or set link to \"identity\"");
  }
}

void Pmf::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  const double range = std::max(input.grid.maximum() - input.grid.minimum(), input.grid.step);
  const double unit = link_choice_ == Link::kIdentity ? 1 : range * range;  // squared rating points per squared target
  PriorVariances variances = {noise_variance_ / unit, user_variance_, item_variance_, bias_variance_};
  std::optional<AdaptivePriors> adaptive;
  if (adaptive_priors_) adaptive.emplace(input.by_user, input.by_item);

  SgdTask task;
  task.objective.link = link_choice_;
  task.objective.biases = options_.biases;
  task.penalty_once_per_rating = false;
  task.variances = &variances;
  task.report = [&](int64_t epoch, double, const factorization::TrainingOperands& operands) {
    if (operands.blocks().size() == 0) return;
    const double count = static_cast<double>(operands.blocks().size());
    const double squares = factorization::squared_error(context, operands);
    if (!std::isfinite(squares)) fail_diverged("train_rmse", squares, epoch, options_.learning_rate);
    monitor.metric(epoch, "train_rmse", std::sqrt(squares * unit / count));
    monitor.metric(epoch, "noise_variance", squares * unit / count);
    monitor.metric(epoch, "log_posterior", log_posterior(context, squares, variances, operands));
    if (!adaptive) return;
    operands.fetch(context);
    variances = AdaptivePriors::steady(
        adaptive->estimate(variances, squares, options_.factors, options_.biases, operands.model()),
        options_.learning_rate);
    monitor.metric(epoch, "prior_noise_variance", variances.noise);
    monitor.metric(epoch, "prior_user_variance", variances.user);
    monitor.metric(epoch, "prior_item_variance", variances.item);
    if (options_.biases) monitor.metric(epoch, "prior_bias_variance", variances.bias);
  };
  train_factors(context, input, options_, center_ || options_.biases, task, monitor);
}

double Pmf::log_posterior(Context& context, double squared_errors, const PriorVariances& variances,
                          const factorization::TrainingOperands& operands) const {
  const auto prior = [&](const factorization::StoredMatrix& part, int64_t columns, double variance) {
    return log_normal(factorization::squared_norm(context, part), static_cast<double>(part.rows * columns), variance);
  };
  const factorization::ModelParts& parts = operands.parts();
  double sum = log_normal(squared_errors, static_cast<double>(operands.blocks().size()), variances.noise);
  sum += prior(parts.user_factors, options_.factors, variances.user);
  sum += prior(parts.item_factors, options_.factors, variances.item);
  if (!options_.biases) return sum;
  return sum + prior(parts.user_biases, 1, variances.bias) + prior(parts.item_biases, 1, variances.bias);
}

}  // namespace matinee::engine
