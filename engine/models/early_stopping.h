#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "engine/artifacts/safetensors.h"
#include "engine/data/ratings.h"
#include "engine/parameters.h"

namespace matinee::engine {

// The parameters that models share.
struct EarlyStopping {
  double validation_share = 0;
  int64_t patience = 5;

  void describe_early_stopping(Parameters& parameters);
};

// Training ratings with a share of them held out, by which it is seen when more training no longer helps.
struct ValidationSplit {
  SparseRatings train, train_by_item, validation;
};

// Each rating is held out with probability `share`, drawn by (seed, its number).
ValidationSplit hold_out_for_validation(SparseView by_user, double share, uint64_t seed);

// The best model of those seen so far, in training form. A State has zeros_alike(), copy_numbers(other), and for
// checkpoints add_numbers(file, prefix) and read_numbers(file, prefix).
template <typename State>
class BestModel {
 public:
  // Whether training should end: the last `patience` models (1 or more) were no better.
  bool offer(const State& state, int64_t epoch, double error, int64_t patience) {
    if (error < error_) {
      if (epoch_ == 0) best_ = state.zeros_alike();
      best_.copy_numbers(state);
      epoch_ = epoch;
      error_ = error;
    }
    return epoch - epoch_ >= patience;
  }
  // Puts the best model in place of the last.
  void put_back(State& state) const {
    if (epoch_ > 0) state.copy_numbers(best_);
  }

  int64_t epoch() const { return epoch_; }  // 0: none yet
  double error() const { return error_; }

  void save(TensorWriter& file) const {  // spans stay valid while it lives unchanged
    if (epoch_ == 0) return;
    best_.add_numbers(file, "best_");
    file.add<int64_t>("best_epoch", std::span(&epoch_, 1), {1});
    file.add<double>("best_error", std::span(&error_, 1), {1});
  }
  void load(const TensorFile& file, const State& state) {
    if (!file.has("best_epoch")) return;
    best_ = state.zeros_alike();
    best_.read_numbers(file, "best_");
    epoch_ = file.get<int64_t>("best_epoch", {1})[0];
    error_ = file.get<double>("best_error", {1})[0];
  }

 private:
  State best_;
  int64_t epoch_ = 0;
  double error_ = std::numeric_limits<double>::max();
};

}  // namespace matinee::engine
