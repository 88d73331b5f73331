#include "host/run/split_words.h"

#include <fmt/format.h>

namespace matinee::host {

namespace {

std::string words_once(const SplitSpec& split) {
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

}  // namespace

std::string split_words(const SplitSpec& split, uint64_t seed) {
  if (split.repeats == 1) return words_once(split);
  return fmt::format(
      "{} Repeated {} times, with the seeds {} to {} {}; the published models are trained on all ratings.",
      words_once(split), split.repeats, seed, seed + static_cast<uint64_t>(split.repeats) - 1,
      split.kind == SplitKind::kRandom ? "for split and models" : "for the models");
}

}  // namespace matinee::host
