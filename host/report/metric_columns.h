#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/report/run_report.h"

namespace matinee::host {

// A metric's name taken apart: "precision_macro@10" is base "precision", variant "macro", cutoff 10.
struct MetricColumn {
  std::string name;     // as measured
  std::string base;     // "precision"; the name itself where it is none of the usual ones
  std::string variant;  // "macro"; empty for the plain one
  int64_t cutoff = 0;   // length of the lists; 0: none

  std::string title() const;  // "Precision@10 (macro)"
  // One of the metrics that every overview shows. One kind of novelty has a name of its own, as lower is better there.
  bool main() const { return usual && (variant.empty() || variant == "log_popularity"); }
  bool usual = false;
};
MetricColumn metric_column(std::string_view name);

// What an evaluation has of the columns of a table.
struct MeasuredValues {
  std::vector<std::optional<double>> values;
  std::vector<std::optional<double>> deviations;  // over the folds, where there are several

  // "0.2842", "0.2842 ± 0.0031"; empty: it has none.
  std::string text(std::size_t column) const;
};
MeasuredValues measured_values(const engine::Evaluation& evaluation, const std::vector<MetricColumn>& columns);

struct MetricRow : MeasuredValues {
  std::size_t model;       // index into RunReport::models
  std::vector<bool> best;  // per column: none is better and some are worse
};

// One row a model, one column a metric, all of the same cutoff or of none.
struct MetricTable {
  int64_t cutoff = 0;
  std::vector<MetricColumn> columns;  // precision, recall, … in the order of a report; variants after the plain one
  std::vector<MetricRow> rows;
};

// What was measured under one protocol: comparable within, not across.
struct MetricBlock {
  std::string candidates;     // "all", "sampled", "ratings"
  engine::Protocol protocol;  // without the fold's number, and without what is said in of_models
  std::vector<std::pair<std::size_t, engine::Protocol>>
      of_models;  // what only models with candidates of their own have
  std::vector<MetricTable> tables;
};

// The blocks of a report, full ranking first. Where a model was measured on several folds, its pooled values.
std::vector<MetricBlock> metric_blocks(const RunReport& report);
// The same with the main metrics only; tables that have none are left out.
std::vector<MetricBlock> main_metric_blocks(const RunReport& report);

// The folds of one model under one kind of candidates, the pooled values last.
struct FoldTable {
  std::size_t model;
  std::string candidates;
  std::vector<MetricColumn> columns;
  struct Row : MeasuredValues {
    std::string fold;
  };
  std::vector<Row> rows;
};
std::vector<FoldTable> fold_tables(const RunReport& report);

}  // namespace matinee::host
