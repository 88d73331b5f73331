#include "host/report/activity_rows.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "host/report/protocol_text.h"
#include "host/report/report_text.h"

namespace matinee::host {
namespace {

constexpr std::array<std::string_view, 3> kMeasures = {"hit_rate", "ndcg", "ils"};

std::string parameter(const ModelReport& model, std::string_view name) {
  for (const auto& [key, value] : parameter_list(model.parameters)) {
    if (key == name) return value;
  }
  return "";
}

const engine::Evaluation* full_ranking(const ModelReport& model) {
  for (const engine::Evaluation& evaluation : model.evaluations) {
    if (protocol_value(evaluation.protocol, "candidates") != "all" || !engine::of_all_users(evaluation)) continue;
    if (of_all_folds(evaluation)) return &evaluation;
  }
  return nullptr;
}

// The model whose neighbours a model recommends by: an item similarity, or that of a fusion; none of other models.
const ModelReport* neighbours_of(const RunReport& report, const ModelReport& model) {
  if (model.type == "item_similarity") return &model;
  if (model.type != "fusion") return nullptr;
  const auto found = std::ranges::find(report.models, parameter(model, "collaborative"), &ModelReport::name);
  return found == report.models.end() ? nullptr : neighbours_of(report, *found);
}

}  // namespace

std::vector<MixingRow> mixing_rows(const RunReport& report) {
  std::vector<MixingRow> rows;
  for (const ModelReport& model : report.models) {
    const ModelReport* neighbours = neighbours_of(report, model);
    const engine::Evaluation* evaluation = neighbours == nullptr ? nullptr : full_ranking(model);
    if (evaluation == nullptr) continue;
    const bool weighs = !parameter(*neighbours, "activity.clusters").empty();
    rows.push_back({&model, evaluation, weighs ? parameter(*neighbours, "activity.mix") : ""});
  }
  if (std::ranges::all_of(rows, [](const MixingRow& row) { return row.mix.empty(); })) rows.clear();
  return rows;
}

std::vector<const engine::Evaluation*> activity_bins(const ModelReport& model) {
  std::vector<const engine::Evaluation*> bins;
  for (const engine::Evaluation& evaluation : model.evaluations) {
    if (!engine::of_all_users(evaluation) && of_all_folds(evaluation)) bins.push_back(&evaluation);
  }
  return bins;
}

std::vector<MetricColumn> activity_measures(const std::vector<const engine::Evaluation*>& evaluations) {
  std::vector<MetricColumn> columns;
  for (const engine::Evaluation* evaluation : evaluations) {
    for (const auto& metric : evaluation->metrics) {
      MetricColumn column = metric_column(metric.first);
      const auto same = [&](const MetricColumn& other) { return other.name == column.name; };
      if (!column.variant.empty() || std::ranges::find(kMeasures, column.base) == kMeasures.end()) continue;
      if (std::ranges::none_of(columns, same)) columns.push_back(std::move(column));
    }
  }
  std::ranges::stable_sort(columns, [](const MetricColumn& left, const MetricColumn& right) {
    const auto place = [](const MetricColumn& column) {
      return std::pair(column.cutoff, std::ranges::find(kMeasures, column.base) - kMeasures.begin());
    };
    return place(left) < place(right);
  });
  return columns;
}

}  // namespace matinee::host
