#pragma once

#include <string>
#include <vector>

#include "host/report/metric_columns.h"
#include "host/report/run_report.h"

namespace matinee::host {

// What the tables and charts of user activity are made of.

// A model that recommends by neighbours of items or users, and how it weighs users.
struct MixingRow {
  const ModelReport* model;
  const engine::Evaluation* evaluation;  // full ranking, of all users and folds
  std::string mix;                       // λ of its neighbours; empty: users are not weighed
};
// Reading mixing: every such model, where one of them weighs users by activity; else none.
std::vector<MixingRow> mixing_rows(const RunReport& report);

// Reading quantile: the evaluations of a model by bin, of all folds together; none where it has no bins.
std::vector<const engine::Evaluation*> activity_bins(const ModelReport& model);

// The columns of hit rate, NDCG and ILS that any of the evaluations has, in order of the lists' length.
std::vector<MetricColumn> activity_measures(const std::vector<const engine::Evaluation*>& evaluations);

}  // namespace matinee::host
