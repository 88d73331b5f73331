#include "host/run/folds.h"

#include <numeric>

#include <fmt/format.h>

namespace matinee::host {

int fold_count(const SplitSpec& split) {
  switch (split.kind) {
    case SplitKind::kNone:
      return 0;
    case SplitKind::kKFold:
      return static_cast<int>(split.folds);
    case SplitKind::kFiles:
      return static_cast<int>(split.test.size());
    default:
      return static_cast<int>(split.repeats);
  }
}

std::vector<int> measured_folds(int folds) {
  if (folds <= 1) return {0};
  std::vector<int> numbers(static_cast<std::size_t>(folds));
  std::iota(numbers.begin(), numbers.end(), 1);
  return numbers;
}

std::string fold_text(int fold) {
  return fold == 0 ? "" : fmt::format(" fold {}", fold);
}

std::string training_stage(const std::string& model, int fold) {
  return "train " + model + fold_text(fold);
}

uint64_t fold_seed(const Job& job, int fold) {
  return job.dataset.split.repeats > 1 && fold > 1 ? job.seed + static_cast<uint64_t>(fold) - 1 : job.seed;
}

int trained_fold(const Job& job, const ModelSpec& spec, int fold) {
  return spec.model->learns_from_ratings() || fold_seed(job, fold) != job.seed ? fold : 0;
}

}  // namespace matinee::host
