#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/artifacts/safetensors.h"
#include "engine/candidate_sets.h"
#include "engine/data/catalogue.h"
#include "engine/data/ratings.h"
#include "engine/item_comparison.h"
#include "engine/parameters.h"
#include "engine/text/corpus.h"
#include "engine/text/taste_vectors.h"
#include "engine/text/text_encoder.h"
#include "engine/text/word_vectors.h"
#include "engine/training_monitor.h"
#include "engine/user_clusters.h"
#include "kernels/support/context.h"
#include "kernels/support/device_matrix.h"
#include "kernels/support/matrix_view.h"

namespace matinee::engine {

class Model;

// The size of a job, known or predicted before anything is allocated.
struct DataShape {
  int64_t users = 0;
  int64_t items = 0;
  int64_t ratings = 0;  // in training
  // Of the text that a model learns from, where it has one.
  int64_t documents = 0;
  int64_t words = 0;
  int64_t vocabulary = 0;  // different words
};

// What a model learns from.
struct TrainingInput {
  SparseView by_user;  // training ratings, rows are users
  SparseView by_item;  // the same, rows are items
  RatingGrid grid;
  const Catalogue* catalogue = nullptr;
  const Corpus* corpus = nullptr;  // of the model's text(), where it has one
  uint64_t seed = 0;
  const Model* initial = nullptr;  // starts from this model's state (same type or a compatible one; its users and items
                                   // are the first ones of these: ids are append-only); null: starts afresh
  std::map<std::string, const Model*> references;  // the models named by model_reference parameters, trained
};

// What a model may look at when it scores: the users' training ratings.
struct History {
  SparseView by_user;
  RatingGrid grid;
};

struct ScoredItem {
  int32_t item;
  float score;
};

// What a job trains: a recommender, which scores items for users (recommends()), or a model that represents what it
// learns from for other models and for people, as words by vectors (word_vectors()). The contract, which
// tests/engine/models/model_contract.h checks for every recommender and text_model_contract.h for models of words:
// - same data, parameters and seed: the same bytes saved, for any number of threads;
// - save then load: the same scores or vectors, bit for bit; train, stop at a checkpoint, resume: the same bytes;
// - users and items without any rating get finite scores.
class Model {
 public:
  virtual ~Model() = default;

  // Whether it scores items for users. Where not, it is neither evaluated nor asked for lists.
  virtual bool recommends() const { return true; }
  // Whether training looks at ratings. Where not, it is trained once, not for each fold.
  virtual bool learns_from_ratings() const { return true; }
  // The text that it learns from, which TrainingInput::corpus then holds; null: none.
  virtual const TextOptions* text() const { return nullptr; }

  virtual std::string_view type() const = 0;
  virtual void describe(Parameters& parameters) = 0;

  // Predicted peak of host bytes that train() and the trained model need, beside the ratings themselves.
  virtual int64_t host_bytes(const DataShape& shape) const = 0;
  // Which parameters make it smaller, for the message to those whose memory it does not fit into.
  virtual std::string_view memory_remedy() const { return "factors, neighbours, ratings"; }

  // Whether training can start from another model's state. Where not, TrainingInput::initial is ignored.
  virtual bool can_start_from_another() const { return false; }
  // Why training with these parameters cannot start from `other`, and what to change; empty: it can. Compares
  // parameters only: neither needs to be trained. Only where can_start_from_another().
  virtual std::string obstacle_to_start_from(const Model&) const { return ""; }

  // Why the model that the model_reference `parameter` names cannot be used, and what to change; empty: it can.
  // Compares parameters only.
  virtual std::string obstacle_to_reference(std::string_view /*parameter*/, const Model&) const { return ""; }

  virtual void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) = 0;
  virtual void save(TensorWriter& file) const = 0;  // spans stay valid while the model lives unchanged
  virtual void load(const TensorFile& file) = 0;    // throws Error(kArtifact) where a tensor is missing or misshapen

  // scores(b, i) = how much users[b] should like item i; (users.size() × items). Higher is better; never NaN.
  // Only where recommends().
  virtual void score(Context& context, const History& history, std::span<const int32_t> users,
                     MatrixView<float> scores) const;

  // The same scores, left on the device: only where scores_on_cuda(), in a context of a CUDA device.
  virtual void score_on_device(Context& context, const History& history, std::span<const int32_t> users,
                               const DeviceMatrix& scores) const;

  // Rating prediction, unclipped: ratings[n] for (users[n], items[n]). Only where predicts_ratings().
  virtual bool predicts_ratings() const { return false; }
  virtual void predict(Context& context, const History& history, std::span<const int32_t> users,
                       std::span<const int32_t> items, std::span<float> ratings) const;

  // The `count` items most similar to `item`, best first, without itself; empty where the model knows of none.
  virtual std::vector<ScoredItem> similar_items(int32_t item, int64_t count) const;

  // Whether, once trained, it can say how alike any two items are: item_comparison().
  virtual bool compares_items() const { return false; }
  // Of the trained model, which must outlive it, as must the ratings that it was trained on; `input` holds those, and
  // the catalogue. Only where compares_items(). Error(kInput) where the catalogue lacks what is compared.
  virtual std::unique_ptr<ItemComparison> item_comparison(Context& context, const TrainingInput& input) const;
  // Predicted bytes of host memory that a comparison takes.
  virtual int64_t comparison_bytes(const DataShape&) const { return 0; }
  // How it scores by neighbours of items; none: it keeps none.
  virtual std::optional<NeighbourUse> neighbour_use() const { return std::nullopt; }

  // The words that it has learnt; none: it knows of no words, or is not trained.
  virtual std::optional<WordVectors> word_vectors() const { return std::nullopt; }

  // What makes vectors of texts; null: it makes none, or is not trained.
  virtual const TextEncoder* text_encoder() const { return nullptr; }

  // The clusters that it puts users into; null: none.
  virtual const UserClusters* user_clusters() const { return nullptr; }

  // The items that it chooses from for each user, where it scores the others below all of these; null: any item.
  virtual const CandidateSets* candidates() const { return nullptr; }
  // Vectors of users and items whose cosine tells how near an item is to a user's taste, which searches use. Whether it
  // learns such; and those that it has learnt, valid while it lives: only where it does, and trained.
  virtual bool has_taste_vectors() const { return false; }
  virtual TasteVectors taste_vectors() const { return {}; }

  // Which of its work has a CUDA side; the rest runs on the CPU. Only such work is given a context of a CUDA device.
  virtual bool trains_on_cuda() const { return false; }  // train()
  virtual bool scores_on_cuda() const { return false; }  // score() and predict()
  // Predicted peak of device bytes on CUDA, where so many may be taken: of train(); of score() and predict().
  virtual int64_t device_bytes(const DataShape&) const { return 0; }
  // What train() cannot do without on CUDA, where less is free.
  virtual int64_t least_device_bytes(const DataShape& shape) const { return device_bytes(shape); }
  virtual int64_t scoring_device_bytes(const DataShape&) const { return 0; }

  // Whether the order of updates, and so the bytes, can differ from run to run.
  virtual bool deterministic() const { return true; }
};

}  // namespace matinee::engine
