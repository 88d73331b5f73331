#pragma once

#include "engine/models/candidates.h"
#include "engine/models/clusters.h"
#include "engine/models/item_similarity.h"
#include "engine/models/ranker.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/model_tools.h"

namespace matinee::test {

// Models that build on others, which they train from the same input before themselves.

// Adds a trained model of type clusters as "groups".
inline void add_groups(Context& context, engine::TrainingInput& input, std::unique_ptr<engine::Model>& groups) {
  groups = chosen<engine::Clusters>({{"clusters", 2.0}});
  engine::SilentMonitor silent;
  groups->train(context, input, silent);
  input.references["groups"] = groups.get();
}

struct TrainedPool {
  std::unique_ptr<engine::Model> groups, similar, pool;

  // Adds "groups", "cf" and "pool" to the references of the input.
  TrainedPool(Context& context, engine::TrainingInput& input, double most) {
    add_groups(context, input, groups);
    engine::SilentMonitor silent;
    similar = std::make_unique<engine::ItemSimilarity>();
    similar->train(context, input, silent);
    input.references["cf"] = similar.get();
    pool = chosen<engine::Candidates>(
        {{"clusters", std::string("groups")}, {"collaborative", std::string("cf")}, {"most", most}});
    pool->train(context, input, silent);
    input.references["pool"] = pool.get();
  }
};

class RankerOnItsOwn : public engine::Ranker {
 public:
  void train(Context& context, const engine::TrainingInput& input, engine::TrainingMonitor& monitor) override {
    engine::TrainingInput with_references = input;
    const TrainedPool pool(context, with_references, 200);
    Ranker::train(context, with_references, monitor);
  }
};

class WeighedSimilarity : public engine::ItemSimilarity {
 public:
  void train(Context& context, const engine::TrainingInput& input, engine::TrainingMonitor& monitor) override {
    engine::TrainingInput with_references = input;
    std::unique_ptr<engine::Model> groups;
    add_groups(context, with_references, groups);
    ItemSimilarity::train(context, with_references, monitor);
  }
};

}  // namespace matinee::test
