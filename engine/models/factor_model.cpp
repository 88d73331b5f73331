#include "engine/models/factor_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "engine/models/similar_vectors.h"
#include "kernels/factorization/score_items.h"
#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

using factorization::Link;

constexpr std::array<std::string_view, 3> kLinkNames = {"identity", "logistic", "log_odds"};

// The mean of the training ratings on the grid's scale; its middle where there are none.
double mean_rating(SparseView ratings, const RatingGrid& grid) {
  int64_t levels = 0;
  for (int64_t n = 0; n < ratings.size(); ++n) levels += ratings.levels[n];
  if (ratings.size() == 0) return (grid.minimum() + grid.maximum()) / 2;
  return grid.step * static_cast<double>(levels) / static_cast<double>(ratings.size());
}

// On the scale of the logistic link; a grid of one value has its middle there.
double to_unit_interval(double rating, const RatingGrid& grid) {
  const double width = grid.maximum() - grid.minimum();
  return width > 0 ? (rating - grid.minimum()) / width : 0.5;
}

// The inverse of the link; for the logistic one kept away from its infinite ends.
double before_link(double rating, Link link, const RatingGrid& grid) {
  if (link == Link::kIdentity) return rating;
  constexpr double kEnd = 1e-3;
  const double share = std::clamp(to_unit_interval(rating, grid), kEnd, 1 - kEnd);
  return std::log(share / (1 - share));
}

// What two models must have in common.
struct Form {
  int64_t factors;
  Link link;
};

std::string obstacle(const Form& form, const Form& other) {
  if (form.factors != other.factors) {
    return fmt::format("a model of {} factors cannot start from one of {}: give \"factors\": {}", form.factors,
                       other.factors, other.factors);
  }
  if (form.link == other.link) return "";
  if (form.link == Link::kLogOdds || other.link == Link::kLogOdds) {
    return "a model of ratings and one of examples and their negatives cannot start from each other: give both "
           "\"loss\": "
           "\"squared\", or neither";
  }
  const auto name = [](Link link) { return kLinkNames[static_cast<std::size_t>(link)]; };
  return fmt::format("a model with the {} link cannot start from one with the {} link: give \"link\": \"{}\"",
                     name(form.link), name(other.link), name(other.link));
}

// What a model around the mean predicts where nothing is known, before the link.
float constant_of(const TrainingInput& input, const SgdTask& task) {
  if (task.sampling) return -std::log(static_cast<float>(task.sampling->negatives));  // 1 positive in 1 + negatives
  return static_cast<float>(before_link(mean_rating(input.by_user, input.grid), task.objective.link, input.grid));
}

}  // namespace

int64_t FactorModel::host_bytes(const DataShape& shape) const {
  const int64_t shares = (shape.users + shape.items) * static_cast<int64_t>(sizeof(float));
  const int64_t examples = shape.ratings * examples_per_rating();
  const int64_t blocks = examples == shape.ratings
                             ? factorization::RatingBlocks::bytes(shape.users, shape.items, shape.ratings)
                             : factorization::RatingBlocks::sampled_bytes(shape.users, shape.items, examples);
  return blocks + shares + model_bytes(shape);
}

int64_t FactorModel::device_bytes(const DataShape& shape) const {
  return factorization::TrainingOperands::device_bytes(shape.users, shape.items, shape.ratings * examples_per_rating(),
                                                       factors_parameter(), storage_parameter());
}

int64_t FactorModel::model_bytes(const DataShape& shape) const {
  const int64_t factors = factors_parameter();
  const int64_t panels = factorization::panel_elements(shape.items, factors) * static_cast<int64_t>(sizeof(float));
  return FactorState::bytes(shape.users, shape.items, factors) + panels;
}

std::string FactorModel::obstacle_to_start_from(const Model& other) const {
  const auto* model = dynamic_cast<const FactorModel*>(&other);
  if (model == nullptr) {
    return fmt::format(
        "a model of type \"{}\" cannot start from one of type \"{}\", which learns no factors: give a type that does",
        type(), other.type());
  }
  if (predicts_ratings() != model->predicts_ratings()) {
    return fmt::format(
        "a model of type \"{}\" cannot start from one of type \"{}\": of their scores only one is a rating", type(),
        other.type());
  }
  return obstacle({factors_parameter(), link_parameter()}, {model->factors_parameter(), model->link_parameter()});
}

const FactorState* FactorModel::initial_state(const TrainingInput& input) const {
  if (input.initial == nullptr) return nullptr;
  const auto* model = dynamic_cast<const FactorModel*>(input.initial);
  std::string problem = obstacle_to_start_from(*input.initial);
  // What was learnt counts: a model that was read from a file need not have the parameters that it was trained with.
  if (model != nullptr && predicts_ratings() == model->predicts_ratings()) {
    problem = obstacle({factors_parameter(), link_parameter()}, {model->state_.factors, model->link_});
  }
  if (!problem.empty()) throw Error(ErrorKind::kConfig, problem);
  const FactorState& initial = model->state_;
  if (initial.users > input.by_user.rows || initial.items > input.by_item.rows) {
    fail(ErrorKind::kConfig, "a model of {} users and {} items cannot start from one of {} users and {} items",
         input.by_user.rows, input.by_item.rows, initial.users, initial.items);
  }
  return &initial;
}

void FactorModel::train_factors(Context& context, const TrainingInput& input, const SgdOptions& options, bool centre,
                                SgdTask& task, TrainingMonitor& monitor) {
  const Link link = task.objective.link;
  for (int level = 0; level < 256; ++level) {
    const double rating = input.grid.value(level);
    const double value = link == Link::kIdentity ? rating : to_unit_interval(rating, input.grid);
    task.values[static_cast<std::size_t>(level)] = static_cast<float>(value);
  }
  task.value_range = link == Link::kIdentity ? input.grid.maximum() : 1;

  const FactorState* initial = initial_state(input);
  FactorState state = FactorState::zeros(input.by_user.rows, input.by_item.rows, options.factors);
  if (centre) state.mean = constant_of(input, task);
  train_by_sgd(context, input, options, task, initial, monitor, state);
  adopt_trained(std::move(state), link, input.grid);
}

void FactorModel::adopt_trained(FactorState state, Link link, const RatingGrid& grid) {
  link_ = link;
  minimum_ = static_cast<float>(grid.minimum());
  maximum_ = static_cast<float>(grid.maximum());
  state.compact();
  adopt(std::move(state));
}

void FactorModel::adopt(FactorState state) {
  state_ = std::move(state);
  item_panels_ = factorization::pack_panels(state_.item_view());
}

void FactorModel::save(TensorWriter& file) const {
  state_.save(file);
  file.add<float>("minimum_rating", std::span(&minimum_, 1), {1});
  file.add<float>("maximum_rating", std::span(&maximum_, 1), {1});
  file.note("link", kLinkNames[static_cast<std::size_t>(link_)]);
}

void FactorModel::load(const TensorFile& file) {
  const auto name = std::find(kLinkNames.begin(), kLinkNames.end(), file.note("link"));
  if (name == kLinkNames.end()) {
    fail(ErrorKind::kArtifact, "{}: unknown link \"{}\"", file.path().string(), file.note("link"));
  }
  link_ = static_cast<Link>(name - kLinkNames.begin());
  minimum_ = file.get<float>("minimum_rating", {1})[0];
  maximum_ = file.get<float>("maximum_rating", {1})[0];
  if (!(minimum_ <= maximum_)) {
    fail(ErrorKind::kArtifact, "{}: ratings from {} to {}: train the model again", file.path().string(), minimum_,
         maximum_);
  }
  adopt(FactorState::load(file));
}

void FactorModel::score(Context& context, const History&, std::span<const int32_t> users,
                        MatrixView<float> scores) const {
  require_known(users.empty() ? -1 : *std::max_element(users.begin(), users.end()), scores.columns);
  factorization::score_items(context, scoring_model(), users, scores);
}

void FactorModel::score_on_device(Context& context, const History&, std::span<const int32_t> users,
                                  const DeviceMatrix& scores) const {
  require_known(users.empty() ? -1 : *std::max_element(users.begin(), users.end()), scores.columns());
  factorization::score_items(context, scoring_model(), users, scores);
}

factorization::ScoringModel FactorModel::scoring_model() const {
  return {.user_factors = state_.user_view(),
          .items = state_.items,
          .item_panels = item_panels_.data(),
          .user_biases = state_.user_biases.data(),
          .item_biases = state_.item_biases.data(),
          .mean = state_.mean};
}

int64_t FactorModel::scoring_device_bytes(const DataShape& shape) const {
  const int64_t factors = factors_parameter();
  return (factorization::panel_elements(shape.items, factors) + shape.items + shape.users * (factors + 1)) * 4;
}

void FactorModel::require_known(int64_t largest_user, int64_t items) const {
  if (largest_user >= state_.users || items != state_.items) {
    fail(ErrorKind::kArtifact,
         "the model knows {} users and {} items; the ratings have user {} and {} items: train again", state_.users,
         state_.items, largest_user, items);
  }
}

void FactorModel::predict(Context& context, const History&, std::span<const int32_t> users,
                          std::span<const int32_t> items, std::span<float> ratings) const {
  const MatrixView<const float> p = state_.user_view(), q = state_.item_view();
  parallel_blocks(context, static_cast<int64_t>(users.size()), 1024, [&](int64_t begin, int64_t end, int) {
    for (std::size_t n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n) {
      const int32_t user = users[n], item = items[n];
      float sum = 0;
      for (int64_t k = 0; k < state_.factors; ++k) sum += p(user, k) * q(item, k);
      const float x = ((state_.mean + state_.user_biases[user]) + state_.item_biases[item]) + sum;
      ratings[n] = link_ == Link::kIdentity ? x : minimum_ + (maximum_ - minimum_) * factorization::logistic(x);
    }
  });
}

std::vector<ScoredItem> FactorModel::similar_items(int32_t item, int64_t count) const {
  return similar_vectors(state_.item_view(), item, count);
}

}  // namespace matinee::engine
