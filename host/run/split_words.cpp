#include "host/run/split_words.h"

#include <fmt/format.h>

namespace matinee::host {

std::string split_words(const SplitSpec& split) {
  switch (split.kind) {
    case SplitKind::kNone:
      return "All ratings are used for training; nothing is held out.";
    case SplitKind::kRandom:
      return fmt::format("A random {:g} % of all ratings is held out.", split.test_share * 100);
    case SplitKind::kLeaveLastOut:
      return "The latest rating of each user is held out.";
    case SplitKind::kTemporal:
      return fmt::format("The latest {:g} % of all ratings is held out.", split.test_share * 100);
    case SplitKind::kKFold:
      return fmt::format("{}-fold cross-validation on random folds; the published models are trained on all ratings.",
                         split.folds);
    case SplitKind::kFiles:
      return split.test.size() == 1
                 ? "The ratings of a given test file are held out."
                 : fmt::format("{} folds given by files; the published models are trained on all ratings.",
                               split.test.size());
    case SplitKind::kNcf:
      return "One rating of each user is held out, with fixed sampled negatives (protocol of He et al. 2017).";
  }
  return "";
}

}  // namespace matinee::host
