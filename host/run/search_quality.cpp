#include "host/run/search_quality.h"

#include "host/config/search_model.h"

namespace matinee::host {

std::vector<engine::Evaluation> measure_run_search(Context& context, const Job& job,
                                                   const engine::EvaluationOptions& options, const RunData& data,
                                                   const engine::Fold& fold, const engine::InvertedIndex& index,
                                                   const engine::TasteVectors* taste,
                                                   const std::function<void(double done, double total)>& progress) {
  engine::SearchQualityTask task;
  task.index = &index;
  task.catalogue = &data.catalogue;
  task.fold = &fold;
  task.positive_from = options.positive_from;
  task.top_n = options.top_n;
  task.seed = job.seed;
  task.taste = taste;
  if (taste != nullptr) task.model = search_model(job)->name;
  task.personal = job.search.personal;
  return engine::measure_search(context, task, progress);
}

}  // namespace matinee::host
