#include "host/run/ratio_sweep.h"

#include "engine/models/fusion.h"
#include "host/config/configured_model.h"

namespace matinee::host {
namespace {

// Of the training of a sweep: progress, and nothing else.
class SweepMonitor : public engine::SilentMonitor {
 public:
  explicit SweepMonitor(const std::function<void(double, double, std::string_view)>& advance) : advance_(advance) {}
  void progress(double done, double total, std::string_view unit) override { advance_(done, total, unit); }

 private:
  const std::function<void(double, double, std::string_view)>& advance_;
};

const engine::Fusion& fusion_of(const engine::Model& model) {
  return dynamic_cast<const engine::Fusion&>(model);
}

}  // namespace

engine::TrainingInput SweepFold::input(const engine::RatingGrid& grid) const {
  engine::TrainingInput input;
  input.by_user = fold->train.view();
  input.by_item = by_item.view();
  input.grid = grid;
  input.catalogue = catalogue;
  input.seed = seed;
  for (const auto& [name, model] : references) input.references[name] = model.get();
  return input;
}

SweepFold sweep_fold(std::shared_ptr<const engine::Fold> fold, const engine::Catalogue& catalogue,
                     const ModelSpec& spec, uint64_t seed,
                     const std::function<std::unique_ptr<engine::Model>(const std::string& name)>& trained) {
  SweepFold loaded;
  loaded.fold = std::move(fold);
  loaded.by_item = engine::transposed(loaded.fold->train);
  loaded.catalogue = &catalogue;
  loaded.seed = seed;
  for (const std::string& name : spec.references) loaded.references[name] = trained(name);
  return loaded;
}

std::vector<RatioMetrics> measure_ratios(Context& context, const RatioSweep& sweep, const ModelSpec& spec,
                                         int64_t folds, const std::function<SweepFold(int64_t number)>& load,
                                         const engine::EvaluationOptions& options, uint64_t seed,
                                         const std::function<void(double, double, std::string_view)>& advance) {
  const auto model = configured_model(spec);
  SweepMonitor monitor(advance);
  SweepFold data;
  std::vector<std::unique_ptr<engine::Fusion>> trained;
  const auto train = [&](int64_t number) {
    trained.clear();
    data = {};
    data = load(number);
    trained = fusion_of(*model).train_each(context, data.input(data.fold->test.grid), sweep.ratios, monitor);
    engine::EvaluatedModels models{{}, data.fold.get()};
    for (const auto& one : trained) models.models.push_back(one.get());
    return models;
  };
  auto evaluations = engine::evaluate_each(context, static_cast<int64_t>(sweep.ratios.size()), folds, train, options,
                                           seed, [&](double done, double total) { advance(done, total, "users"); });
  std::vector<RatioMetrics> measured;
  for (std::size_t n = 0; n < evaluations.size(); ++n) {
    measured.push_back({sweep.ratios[n], std::move(evaluations[n])});
  }
  return measured;
}

int64_t ratio_sweep_bytes(const RatioSweep& sweep, const ModelSpec& spec, const engine::DataShape& shape) {
  return fusion_of(*spec.model).bytes_of_each(shape, static_cast<int64_t>(sweep.ratios.size()));
}

}  // namespace matinee::host
