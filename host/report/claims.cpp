#include "host/report/claims.h"

#include "host/report/metric_columns.h"

namespace matinee::host {
namespace {

ComparedClaim compare(const Claim& claim, const RunReport& report, const std::vector<MetricBlock>& blocks) {
  ComparedClaim plain{&claim, claim.metric, std::nullopt};  // the metric by its very name
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
            return plain;
          }
          if (column.main() && column.base == claim.metric) {
            any_cutoff = {&claim, column.name, row.values[n]};
            ++cutoffs;
          }
        }
      }
    }
  }
  return cutoffs == 1 ? any_cutoff : plain;
}

}  // namespace

std::vector<ComparedClaim> compare_claims(const RunReport& report) {
  const std::vector<MetricBlock> blocks = metric_blocks(report);
  std::vector<ComparedClaim> compared;
  for (const Claim& claim : report.claims) compared.push_back(compare(claim, report, blocks));
  return compared;
}

}  // namespace matinee::host
