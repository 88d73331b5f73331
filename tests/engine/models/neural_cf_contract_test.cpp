#include "engine/models/neural_cf.h"
#include "tests/engine/models/model_contract.h"
#include "tests/support/chosen_parameters.h"

namespace matinee::engine {
namespace {

// Steps large and many enough for some 1000 ratings, and few enough: negatives are drawn among what is withheld too.
template <typename M>
std::unique_ptr<Model> quick() {
  return test::chosen<M>(
      {{"factors", 2.0}, {"epochs", 10.0}, {"batch", 64.0}, {"learning_rate", 0.005}, {"regularization", 0.01}});
}

// Towers find their bearings later.
std::unique_ptr<Model> quick_tower() {
  return test::chosen<Mlp>(
      {{"factors", 8.0}, {"epochs", 10.0}, {"batch", 64.0}, {"learning_rate", 0.02}, {"regularization", 0.03}});
}

template <typename M>
std::unique_ptr<Model> quick_by_sgd() {
  return test::chosen<M>({{"factors", 8.0},
                          {"epochs", 40.0},
                          {"batch", 32.0},
                          {"optimizer", std::string("sgd")},
                          {"learning_rate", 0.2},
                          {"learning_rate_schedule", std::string("linear")},
                          {"initial_deviation", 0.3},
                          {"regularization", 0.02}});
}

std::unique_ptr<Model> quick_both_by_sgd() {
  auto model = quick_by_sgd<NeuMf>();
  test::choose(*model, {{"factors", 4.0}, {"epochs", 30.0}, {"regularization", 0.003}});
  return model;
}

template <typename M>
std::unique_ptr<Model> quick_by_dense_adam() {
  auto model = quick<M>();
  test::choose(*model, {{"optimizer", std::string("dense_adam")}});
  return model;
}

std::unique_ptr<Model> quick_tower_by_dense_adam() {
  auto model = quick_tower();
  test::choose(*model, {{"optimizer", std::string("dense_adam")}});
  return model;
}

template <typename M>
std::unique_ptr<Model> quick_stopped_early() {
  auto model = quick<M>();
  test::choose(*model, {{"epochs", 20.0}, {"validation_share", 0.1}, {"patience", 2.0}});
  return model;
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Gmf, ModelContract, testing::Values(ModelCase{.make = quick<Gmf>}));
INSTANTIATE_TEST_SUITE_P(Mlp, ModelContract, testing::Values(ModelCase{.make = quick_tower}));
INSTANTIATE_TEST_SUITE_P(NeuMf, ModelContract, testing::Values(ModelCase{.make = quick<NeuMf>}));
INSTANTIATE_TEST_SUITE_P(NeuralBySgd, ModelContract,
                         testing::Values(ModelCase{.make = quick_by_sgd<Gmf>}, ModelCase{.make = quick_by_sgd<Mlp>},
                                         ModelCase{.make = quick_both_by_sgd}));
INSTANTIATE_TEST_SUITE_P(NeuralByDenseAdam, ModelContract,
                         testing::Values(ModelCase{.make = quick_by_dense_adam<Gmf>},
                                         ModelCase{.make = quick_tower_by_dense_adam},
                                         ModelCase{.make = quick_by_dense_adam<NeuMf>}));
INSTANTIATE_TEST_SUITE_P(NeuralStoppedEarly, ModelContract,
                         testing::Values(ModelCase{.make = quick_stopped_early<Gmf>},
                                         ModelCase{.make = quick_stopped_early<NeuMf>}));

}  // namespace matinee::engine
