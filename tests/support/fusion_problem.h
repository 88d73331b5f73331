#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/models/fusion.h"
#include "engine/models/item_similarity.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/model_tools.h"

namespace matinee::test {

// A fusion that trains what it builds on by itself: "ratings", a cosine of ratings, and "content", a Jaccard
// similarity.
class SelfContainedFusion : public engine::Fusion {
 public:
  SelfContainedFusion() {
    choose(*this, {{"collaborative", std::string("ratings")}, {"content", std::string("content")}});
  }

  void train(Context& context, const engine::TrainingInput& input, engine::TrainingMonitor& monitor) override {
    std::map<std::string, std::unique_ptr<engine::Model>> models;
    models["ratings"] = chosen<engine::ItemSimilarity>({});
    models["content"] = chosen<engine::ItemSimilarity>({{"similarity", std::string("jaccard")}});
    engine::TrainingInput with_references = input;
    with_references.initial = nullptr;
    for (const auto& [name, model] : models) {
      engine::SilentMonitor silent;
      model->train(context, with_references, silent);
      with_references.references[name] = model.get();
    }
    Fusion::train(context, with_references, monitor);
  }
};

}  // namespace matinee::test
