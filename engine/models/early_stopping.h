#pragma once

#include <cstdint>
#include <limits>

#include "engine/data/ratings.h"
#include "engine/models/factor_state.h"

namespace matinee::engine {

// Training ratings with a share of them held out, by which it is seen when more training no longer helps.
struct ValidationSplit {
  SparseRatings train, train_by_item, validation;
};

// Each rating is held out with probability `share`, drawn by (seed, its number).
ValidationSplit hold_out_for_validation(SparseView by_user, double share, uint64_t seed);

// The best model of those seen so far, in training form.
class BestModel {
 public:
  // Whether training should end: the last `patience` models (1 or more) were no better.
  bool offer(const FactorState& state, int64_t epoch, double error, int64_t patience);
  // Puts the best model in place of the last.
  void put_back(FactorState& state) const;

  int64_t epoch() const { return epoch_; }  // 0: none yet
  double error() const { return error_; }

  void save(TensorWriter& file) const;  // spans stay valid while it lives unchanged
  void load(const TensorFile& file, const FactorState& state);

 private:
  FactorState best_;
  int64_t epoch_ = 0;
  double error_ = std::numeric_limits<double>::max();
};

}  // namespace matinee::engine
