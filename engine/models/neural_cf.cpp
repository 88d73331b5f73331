#include "engine/models/neural_cf.h"

#include <algorithm>
#include <utility>

#include "engine/models/similar_vectors.h"
#include "kernels/neural_cf/trained_network.h"
#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

using neural_cf::NetworkShape;

bool same_layers(const NetworkShape& a, const NetworkShape& b) {
  return a.factors == b.factors && a.last == b.last && a.layers == b.layers;
}

std::string described(const NetworkShape& shape) {
  if (!shape.has_tower()) return fmt::format("\"factors\": {}", shape.factors);
  if (shape.has_product()) {
    return fmt::format("\"factors\": {}, \"tower_factors\": {} and \"layers\": {}", shape.factors, shape.last,
                       shape.layers);
  }
  return fmt::format("\"factors\": {} and \"layers\": {}", shape.last, shape.layers);
}

void require_same_data(const NetworkShape& model, const NetworkShape& data) {
  if (model.users == data.users && model.items == data.items) return;
  fail(ErrorKind::kConfig, "a model of {} users and {} items cannot be joined from one of {} users and {} items",
       data.users, data.items, model.users, model.items);
}

}  // namespace

int64_t NeuralCf::host_bytes(const DataShape& data) const {
  const NetworkShape network = shape(data.users, data.items);
  // The model and, while a checkpoint is written, a copy of what is trained.
  return options_.bytes(network, data.ratings) + options_.early_stopping_bytes(network, data.ratings) +
         2 * neural_cf::TrainedNetwork::bytes(network, neural_cf::Optimizer::kAdam) +
         4 * network.items * network.embedding();
}

int64_t NeuralCf::device_bytes(const DataShape& data) const {
  return options_.device_bytes(shape(data.users, data.items), data.ratings);
}

int64_t NeuralCf::scoring_device_bytes(const DataShape& data) const {
  return neural_cf::scoring_device_bytes(shape(data.users, data.items), data.users);
}

std::string NeuralCf::obstacle_to_start_from(const Model& other) const {
  const auto* model = dynamic_cast<const NeuralCf*>(&other);
  if (model == nullptr || other.type() != type()) {
    return fmt::format("a model of type \"{}\" cannot start from one of type \"{}\": give one of the same type", type(),
                       other.type());
  }
  const NetworkShape own = shape(0, 0), earlier = model->shape(0, 0);
  if (same_layers(own, earlier)) return "";
  return fmt::format("a network cannot start from one of another shape: give {}", described(earlier));
}

void NeuralCf::describe_training(Parameters& p) {
  options_.describe(p);
  p.real("initial_deviation", start_.deviation, {.minimum = 0, .maximum = 10, .above_minimum = true}, "",
         "Standard deviation of the normal distribution that the vectors start from.");
}

void NeuralCf::describe_product_weight(Parameters& p) {
  p.real("initial_product_weight", start_.product_weight, {.minimum = 0, .maximum = 10}, "",
         "What the output's weights of the product start from; 1 makes it the dot product of matrix factorisation at "
         "first, which suits SGD. 0: random numbers, as the weights of the tower.");
}

void NeuralCf::start(Context& context, const TrainingInput& input, NeuralCfState& state) const {
  initialise(context, state, input.by_user, input.by_item, start_, input.seed);
}

void NeuralCf::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  NeuralCfState state(shape(input.by_user.rows, input.by_item.rows));
  start(context, input, state);
  if (input.initial != nullptr) {
    const std::string problem = obstacle_to_start_from(*input.initial);
    if (!problem.empty()) throw Error(ErrorKind::kConfig, problem);
    // What was learnt counts: a model that was read from a file need not have the parameters it was trained with.
    const NeuralCfState& earlier = dynamic_cast<const NeuralCf&>(*input.initial).state_;
    if (!same_layers(earlier.shape, state.shape) || earlier.shape.users > state.shape.users ||
        earlier.shape.items > state.shape.items) {
      fail(ErrorKind::kConfig,
           "a model of {} users and {} items cannot start from one of {} users and {} items and with {}",
           state.shape.users, state.shape.items, earlier.shape.users, earlier.shape.items, described(earlier.shape));
    }
    take_over(earlier, state);
  }
  train_neural_cf(context, input, options_, monitor, state);
  adopt(std::move(state));
}

void NeuralCf::load(const TensorFile& file) {
  adopt(NeuralCfState::load(file));
}

void NeuralCf::adopt(NeuralCfState state) {
  state_ = std::move(state);
  item_halves_ = neural_cf::item_halves_of(scoring_network());
}

neural_cf::ScoringNetwork NeuralCf::scoring_network() const {
  return {state_.shape, state_.users.data(), state_.items.data(), state_.dense.data(), item_halves_.data()};
}

void NeuralCf::require_known(std::span<const int32_t> users, int64_t items) const {
  const int64_t largest = users.empty() ? -1 : *std::max_element(users.begin(), users.end());
  if (largest >= state_.shape.users || items != state_.shape.items) {
    fail(ErrorKind::kArtifact,
         "the model knows {} users and {} items; the ratings have user {} and {} items: train again",
         state_.shape.users, state_.shape.items, largest, items);
  }
}

void NeuralCf::score(Context& context, const History&, std::span<const int32_t> users, MatrixView<float> scores) const {
  require_known(users, scores.columns);
  neural_cf::score_network(context, scoring_network(), users, scores);
}

void NeuralCf::score_on_device(Context& context, const History&, std::span<const int32_t> users,
                               const DeviceMatrix& scores) const {
  require_known(users, scores.columns());
  neural_cf::score_network(context, scoring_network(), users, scores);
}

std::vector<ScoredItem> NeuralCf::similar_items(int32_t item, int64_t count) const {
  const int64_t width = state_.shape.row();
  return similar_vectors({state_.items.data(), state_.shape.items, width, width}, item, count);
}

void Gmf::describe(Parameters& p) {
  p.integer("factors", factors_, {.minimum = 1, .maximum = NeuralCfState::kMostFactors}, "",
            "Length of the vector that is learnt for each user and each item.");
  describe_product_weight(p);
  describe_training(p);
}

NetworkShape Gmf::shape(int64_t users, int64_t items) const {
  return {.users = users, .items = items, .factors = factors_};
}

void Mlp::describe(Parameters& p) {
  p.integer("factors", factors_, {.minimum = 1, .maximum = NeuralCfState::kMostFactors}, "",
            "Width of the last layer of the tower; each layer below is twice as wide as the one above, and the vectors "
            "of users and items are as long as the first layer is wide.");
  p.integer("layers", layers_, {.minimum = 1, .maximum = NeuralCfState::kMostLayers}, "layers", "Of the tower.");
  describe_training(p);
}

NetworkShape Mlp::shape(int64_t users, int64_t items) const {
  return {.users = users, .items = items, .last = factors_, .layers = layers_};
}

void NeuMf::describe(Parameters& p) {
  p.integer("factors", factors_, {.minimum = 1, .maximum = NeuralCfState::kMostFactors}, "",
            "Length of the vectors whose product is taken.");
  p.integer("tower_factors", tower_factors_, {.minimum = 0, .maximum = NeuralCfState::kMostFactors}, "",
            "Width of the last layer of the tower, which is \"factors\" of mlp; 0: the same as factors.");
  p.integer("layers", layers_, {.minimum = 1, .maximum = NeuralCfState::kMostLayers}, "layers", "Of the tower.");
  p.model_reference("pretrained_gmf", gmf_,
                    "A model of type gmf with as many factors, whose parameters training starts from. Empty: it starts "
                    "from random numbers.");
  p.model_reference(
      "pretrained_mlp", mlp_,
      "The same of type mlp, with as many layers and as many factors as this one's tower. Both or none must be "
      "given.");
  p.real("pretrained_mix", mix_, {.minimum = 0, .maximum = 1}, "share of gmf",
         "How much the output of the pre-trained gmf counts at the start; that of mlp has the rest.");
  describe_product_weight(p);
  describe_training(p);
  if (gmf_.empty() != mlp_.empty() && !p.refused("pretrained_gmf") && !p.refused("pretrained_mlp")) {
    p.reject(gmf_.empty() ? "pretrained_gmf" : "pretrained_mlp",
             "is missing: give both pretrained_gmf and pretrained_mlp, or none");
  }
}

NetworkShape NeuMf::shape(int64_t users, int64_t items) const {
  return {.users = users, .items = items, .factors = factors_, .last = tower_factors(), .layers = layers_};
}

std::string NeuMf::obstacle_to_reference(std::string_view parameter, const Model& other) const {
  const NetworkShape own = shape(0, 0);
  if (parameter == "pretrained_gmf") {
    const auto* gmf = dynamic_cast<const Gmf*>(&other);
    if (gmf == nullptr) return fmt::format("it is of type \"{}\": name a model of type \"gmf\"", other.type());
    if (gmf->shape(0, 0).factors == own.factors) return "";
    return "it has other factors than this model: give both the same \"factors\"";
  }
  const auto* mlp = dynamic_cast<const Mlp*>(&other);
  if (mlp == nullptr) return fmt::format("it is of type \"{}\": name a model of type \"mlp\"", other.type());
  const NetworkShape tower = mlp->shape(0, 0);
  if (tower.last == own.last && tower.layers == own.layers) return "";
  return fmt::format("its tower has another shape: give it \"factors\": {} and \"layers\": {}", own.last, own.layers);
}

void NeuMf::start(Context& context, const TrainingInput& input, NeuralCfState& state) const {
  if (gmf_.empty()) return NeuralCf::start(context, input, state);
  const auto* gmf = dynamic_cast<const Gmf*>(input.references.at(gmf_));
  const auto* mlp = dynamic_cast<const Mlp*>(input.references.at(mlp_));
  if (gmf == nullptr || mlp == nullptr) {
    fail(ErrorKind::kConfig, "pretrained_gmf is to name a model of type gmf, pretrained_mlp one of type mlp");
  }
  const NetworkShape &product = gmf->state().shape, &tower = mlp->state().shape, &own = state.shape;
  if (product.factors != own.factors || tower.last != own.last || tower.layers != own.layers) {
    fail(ErrorKind::kConfig, "the pre-trained models have other factors or layers than this one: train them again");
  }
  require_same_data(product, own);
  require_same_data(tower, own);
  join(gmf->state(), mlp->state(), mix_, state);
}

}  // namespace matinee::engine
