#pragma once

#include <cstdint>
#include <vector>

#include "kernels/factorization/factors_view.h"
#include "kernels/support/sparse_view.h"

namespace matinee::engine {

// σ² of the ratings around their predictions, in squared targets, and of the numbers that are learnt around 0.
struct PriorVariances {
  double noise, user, item, bias;
};

// Estimates the variances of pmf from what has been learnt, by evidence (MacKay, Neural Computation 1992): a variance
// is the sum of squares of its numbers divided by how many of them the ratings determine, and the noise the sum of
// squared errors divided by the ratings that are left. Of a row with n ratings each of k numbers counts as
// s / (s + λ), where s = n × the mean square of the factors that it meets, λ = σ² / its variance: an uncertain number
// counts little, else all variances would shrink to nothing together. (The covariance of a row is taken as diagonal and
// its opposite factors as equal in all directions.) Identity link only.
class AdaptivePriors {
 public:
  AdaptivePriors(SparseView by_user, SparseView by_item);

  // The variances with those of what is learnt not below what keeps learning_rate × σ² / variance, a step's penalty on
  // a row with one rating, at ½: beyond 1 such steps would grow.
  static PriorVariances steady(PriorVariances variances, double learning_rate);

  // From Σ e² over all ratings and the model, in the memory of the host: the geometric mean of the variances now and
  // the estimates, so that they settle. Rows without ratings count for nothing.
  PriorVariances estimate(const PriorVariances& now, double squared_errors, int64_t factors, bool biases,
                          const factorization::FactorsView<const float>& model) const;

 private:
  std::vector<int64_t> user_counts_, item_counts_;
  int64_t ratings_;
};

}  // namespace matinee::engine
