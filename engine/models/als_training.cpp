#include "engine/models/als_training.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/factorization/als_loss.h"
#include "kernels/factorization/als_sweep.h"
#include "kernels/factorization/gram_matrix.h"
#include "kernels/support/error.h"
#include "kernels/support/keep_operands.h"

namespace matinee::engine {
namespace {

class AlsTraining {
 public:
  AlsTraining(Context& context, const TrainingInput& input, const AlsOptions& options, TrainingMonitor& monitor,
              FactorState& state)
      : context_(context), input_(input), options_(options), monitor_(monitor), state_(state) {}

  void restore(const TensorFile& file) {
    state_.read_numbers(file);
    position_ = file.vector<int64_t>("position");
    if (position_.size() != 2 || position_[1] < 0 || position_[1] > state_.users + state_.items) {
      fail(ErrorKind::kArtifact, "{}: not a checkpoint of this training: remove it", file.path().string());
    }
  }

  void run() {
    const KeepOperands kept(context_);  // ratings and factors go to the device once
    item_gram_ = factorization::gram_matrix(context_, items());
    while (epoch() < options_.epochs) {
      solve_users();
      user_gram_ = factorization::gram_matrix(context_, users());
      solve_items();
      item_gram_ = factorization::gram_matrix(context_, items());
      report();
      ++epoch();
      rows_done() = 0;
      if (epoch() < options_.epochs) offer_checkpoint();
    }
  }

 private:
  int64_t& epoch() { return position_[0]; }
  int64_t& rows_done() { return position_[1]; }
  MatrixView<const float> users() { return state_.training_view().user_factors; }
  MatrixView<const float> items() { return state_.training_view().item_factors; }

  void solve_users() {
    if (rows_done() >= state_.users) return;
    const factorization::AlsSweep sweep{input_.by_user, items(), item_gram_.data(), options_.factors,
                                        options_.objective};
    factorization::als_sweep(context_, sweep, rows_done(), state_.training_view().user_factors,
                             [&](int64_t done) { have_solved(done); });
  }

  void solve_items() {
    const factorization::AlsSweep sweep{input_.by_item, users(), user_gram_.data(), options_.factors,
                                        options_.objective};
    factorization::als_sweep(context_, sweep, rows_done() - state_.users, state_.training_view().item_factors,
                             [&](int64_t done) { have_solved(state_.users + done); });
  }

  void have_solved(int64_t rows) {
    rows_done() = rows;
    const int64_t all = state_.users + state_.items;
    const double share = static_cast<double>(rows) / static_cast<double>(all);
    monitor_.progress(static_cast<double>(epoch()) + share, static_cast<double>(options_.epochs), "epochs");
    if (rows < all) offer_checkpoint();
  }

  void report() {
    const double loss =
        factorization::als_loss(context_, input_.by_user, input_.by_item,
                                {users(), items(), user_gram_.data(), item_gram_.data()}, options_.objective);
    if (!std::isfinite(loss)) {
      fail(ErrorKind::kDiverged, "training diverged: loss is {} in epoch {}; raise regularization, which is {}", loss,
           epoch() + 1, options_.objective.regularization);
    }
    monitor_.metric(epoch() + 1, "loss", loss);
  }

  void offer_checkpoint() {
    monitor_.offer_checkpoint([&](TensorWriter& file) {
      state_.add_numbers(file);
      file.add<int64_t>("position", position_);
    });
  }

  Context& context_;
  const TrainingInput& input_;
  const AlsOptions& options_;
  TrainingMonitor& monitor_;
  FactorState& state_;
  Buffer<double> user_gram_, item_gram_;
  std::vector<int64_t> position_ = {0, 0};  // epochs done, rows of the next one solved: users, then items
};

}  // namespace

void AlsOptions::describe(Parameters& p) {
  p.integer("factors", factors, {.minimum = 1, .maximum = 1024}, "",
            "Length of the vector that is learnt for each user and each item.");
  p.integer("epochs", epochs, {.minimum = 1, .maximum = 100000}, "epochs",
            "How often all users and then all items are solved for.");
  p.real("unobserved_weight", objective.unobserved_weight, {.minimum = 0, .maximum = 1e6}, "",
         "Weight α0 of the square of each score, rated or not, against the error 1 - score of what is rated.");
  p.real("regularization", objective.regularization, {.minimum = 0, .maximum = 1e6}, "",
         "Penalty λ on the vectors: a user with n ratings is held by λ (n + α0 items)^ν, an item likewise.");
  p.real("regularization_exponent", objective.regularization_exponent, {.minimum = 0, .maximum = 2}, "",
         "Exponent ν of that penalty: 1 scales it with the number of ratings, 0 holds all vectors alike.");
  p.real(
      "initial_deviation", initial_deviation, {.minimum = 0, .maximum = 10, .above_minimum = true}, "",
      "Standard deviation of the normal distribution that the vectors start from, times the square root of factors.");
}

void train_by_als(Context& context, const TrainingInput& input, const AlsOptions& options, const FactorState* initial,
                  TrainingMonitor& monitor, FactorState& state) {
  AlsTraining training(context, input, options, monitor, state);
  if (const TensorFile* checkpoint = monitor.checkpoint(); checkpoint != nullptr) {
    training.restore(*checkpoint);
  } else {
    const double deviation = options.initial_deviation / std::sqrt(static_cast<double>(options.factors));
    initialise(context, state, input.by_user, input.by_item, deviation, input.seed, initial);
  }
  training.run();
}

}  // namespace matinee::engine
