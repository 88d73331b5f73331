#include "host/config/search_model.h"

#include <algorithm>

namespace matinee::host {

bool has_titles(const DatasetSpec& dataset) {
  return dataset.format != DatasetFormat::kNoRatings && dataset.format != DatasetFormat::kSynthetic;
}

bool makes_interest(const DatasetSpec& dataset, const ModelSpec& spec) {
  return has_titles(dataset) && dynamic_cast<const engine::TextEncoder*>(spec.model.get()) != nullptr &&
         spec.model->text()->source == engine::TextSource::kTitles;
}

bool makes_taste(const DatasetSpec& dataset, const ModelSpec& spec) {
  return spec.model->has_taste_vectors() || makes_interest(dataset, spec);
}

const ModelSpec* search_model(const Job& job) {
  const auto first = [&](const auto& wanted) {
    const auto found = std::ranges::find_if(job.models, wanted);
    return found == job.models.end() ? nullptr : &*found;
  };
  if (!job.search.model.empty()) return first([&](const ModelSpec& spec) { return spec.name == job.search.model; });
  const ModelSpec* interest = first([&](const ModelSpec& spec) { return makes_interest(job.dataset, spec); });
  if (interest != nullptr) return interest;
  return first([](const ModelSpec& spec) { return spec.model->has_taste_vectors(); });
}

}  // namespace matinee::host
