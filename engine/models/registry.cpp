#include "engine/models/registry.h"

#include <array>

#include "engine/models/candidates.h"
#include "engine/models/clusters.h"
#include "engine/models/ease.h"
#include "engine/models/fusion.h"
#include "engine/models/ials.h"
#include "engine/models/item_similarity.h"
#include "engine/models/mf.h"
#include "engine/models/most_popular.h"
#include "engine/models/neural_cf.h"
#include "engine/models/pmf.h"
#include "engine/models/random.h"
#include "engine/models/ranker.h"
#include "engine/models/seq2seq.h"
#include "engine/models/skip_gram.h"

namespace matinee::engine {
namespace {

template <typename T>
std::unique_ptr<Model> make() {
  return std::make_unique<T>();
}

constexpr auto kTypes = std::to_array<ModelType>({
    {"random", "Scores drawn at random: the floor that every metric must clear.", make<Random>},
    {"most_popular", "Each item's number of training ratings: the same list for everybody.", make<MostPopular>},
    {"mf", "Matrix factorisation with biases, by stochastic gradient descent.", make<Mf>},
    {"pmf", "Probabilistic matrix factorisation: Gaussian noise and priors, identity or logistic link.", make<Pmf>},
    {"ials", "Matrix factorisation of implicit feedback by alternating least squares: whatever is rated is a positive.",
     make<Ials>},
    {"ease",
     "Item weights in closed form (embarrassingly shallow autoencoder): whatever is rated is a positive. Memory grows "
     "with the square of the items.",
     make<Ease>},
    {"gmf", "Generalised matrix factorisation of implicit feedback: a weighted product of vectors.", make<Gmf>},
    {"mlp", "Neural collaborative filtering of implicit feedback: a tower of ReLU layers on the vectors.", make<Mlp>},
    {"neumf",
     "Neural matrix factorisation of implicit feedback: gmf and mlp side by side, joined before one output unit.",
     make<NeuMf>},
    {"item_similarity", "Neighbourhood collaborative filtering: what is similar to what a user rated.",
     make<ItemSimilarity>},
    {"fusion",
     "Item similarity from two others by ratio: that of ratings, and that of titles' vectors or of another model.",
     make<Fusion>},
    {"clusters",
     "Groups of users who rate like genres in a like way, by k-means; recommends what a user's group rates best.",
     make<Clusters>},
    {"candidates",
     "The items that a ranker chooses from, for each user: what the user's group rates best and what a collaborative "
     "model scores best. It orders nothing: it has no lists and is not evaluated.",
     make<Candidates>},
    {"ranker", "Orders each user's candidates by the scores of a trained model; other items come after all of them.",
     make<Ranker>},
    {"skip_gram",
     "Word vectors of titles or of any text by skip-gram: words that stand in like company get like vectors. It "
     "recommends nothing: it has no lists and is not evaluated.",
     make<SkipGram>},
    {"seq2seq",
     "Interest vectors of texts by an LSTM Seq2Seq with attention that learns to say them again: of directors, movies "
     "and users. It recommends nothing: it has no lists and is not evaluated.",
     make<Seq2Seq>, kSeq2SeqMetrics},
});

}  // namespace

std::span<const ModelType> model_types() {
  return kTypes;
}

std::span<const std::string_view> training_metrics(std::string_view type) {
  for (const ModelType& known : kTypes) {
    if (known.name == type) return known.training_metrics;
  }
  return {};
}

std::unique_ptr<Model> make_model(std::string_view type) {
  for (const ModelType& known : kTypes) {
    if (known.name == type) return known.make();
  }
  return nullptr;
}

}  // namespace matinee::engine
