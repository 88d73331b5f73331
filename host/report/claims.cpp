#include "host/report/claims.h"

#include "host/report/metric_columns.h"
#include "host/report/protocol_text.h"

namespace matinee::host {
namespace {

ComparedClaim compare(const Claim& claim, const RunReport& report, const std::vector<MetricBlock>& blocks) {
  for (const ModelReport& model : report.models) {
    const auto curve = model.curves.find(claim.metric);
    if (model.name != claim.model || curve == model.curves.end() || curve->second.empty()) continue;
    const auto folds = model.last_of_folds.find(claim.metric);
    if (folds == model.last_of_folds.end()) return {&claim, claim.metric, curve->second.back().value, true};
    return {&claim, claim.metric, folds->second.mean, true, folds->second.deviation};
  }
  ComparedClaim plain{&claim, claim.metric, std::nullopt, false};  // the metric by its very name
  ComparedClaim any_cutoff = plain;
  int cutoffs = 0;
  for (const MetricBlock& block : blocks) {
    if (block.candidates != claim.candidates) continue;
    for (const MetricTable& table : block.tables) {
      for (const MetricRow& row : table.rows) {
        if (report.models[row.model].name != claim.model) continue;
        for (std::size_t n = 0; n < table.columns.size(); ++n) {
          const MetricColumn& column = table.columns[n];
          if (!row.values[n]) continue;
          if (column.name == claim.metric) {
            plain.measured = row.values[n];
            plain.deviation = row.deviations[n];
            return plain;
          }
          if (column.main() && column.base == claim.metric) {
            any_cutoff = {&claim, column.name, row.values[n], false, row.deviations[n]};
            ++cutoffs;
          }
        }
      }
    }
  }
  return cutoffs == 1 ? any_cutoff : plain;
}

}  // namespace

std::string where_measured(const ComparedClaim& claim) {
  return claim.by_training ? "Training, last epoch" : candidates_title(claim.claim->candidates);
}

std::vector<ComparedClaim> compare_claims(const RunReport& report) {
  const std::vector<MetricBlock> blocks = metric_blocks(report);
  std::vector<ComparedClaim> compared;
  for (const Claim& claim : report.claims) compared.push_back(compare(claim, report, blocks));
  return compared;
}

}  // namespace matinee::host
