#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/report/run_report.h"

namespace matinee::host {

// A published number beside what this run measured.
struct ComparedClaim {
  const Claim* claim;
  std::string metric;              // as measured: a claimed "ndcg" stands for "ndcg@10" where that is the only cutoff
  std::optional<double> measured;  // none: not measured
  bool by_training = false;        // what training reported of the last epoch
  std::optional<double> deviation = {};  // over folds, where there are several
};

// "Of all unseen items" …, or that it was in training.
std::string where_measured(const ComparedClaim& claim);

// In the order of the job file. Looked up under the claim's kind of candidates, pooled over folds where there are
// several.
std::vector<ComparedClaim> compare_claims(const RunReport& report);

}  // namespace matinee::host
