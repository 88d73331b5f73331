#include "host/report/metric_columns.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <tuple>

#include <fmt/format.h>

#include "host/report/number_text.h"
#include "host/report/protocol_text.h"

namespace matinee::host {
namespace {

// In the order of columns.
constexpr std::array<std::string_view, 9> kUsual = {"precision", "recall", "hit_rate", "ndcg", "coverage",
                                                    "novelty",   "ils",    "rmse",     "mae"};
constexpr std::array<std::string_view, 3> kCandidates = {"all", "sampled", "ratings"};

std::size_t place(std::span<const std::string_view> order, std::string_view name) {
  return static_cast<std::size_t>(std::find(order.begin(), order.end(), name) - order.begin());
}

bool is_before(const MetricColumn& left, const MetricColumn& right) {
  const auto key = [](const MetricColumn& column) {
    return std::tuple(column.cutoff == 0, column.cutoff, place(kUsual, column.base), std::string_view(column.base),
                      std::string_view(column.variant));
  };
  return key(left) < key(right);
}

// Columns for every metric of `evaluations`, in order.
std::vector<MetricColumn> columns_of(const std::vector<const engine::Evaluation*>& evaluations) {
  std::map<std::string_view, MetricColumn> columns;
  for (const engine::Evaluation* evaluation : evaluations) {
    for (const auto& metric : evaluation->metrics) columns.try_emplace(metric.first, metric_column(metric.first));
  }
  std::vector<MetricColumn> sorted;
  for (auto& column : columns) sorted.push_back(std::move(column.second));
  std::stable_sort(sorted.begin(), sorted.end(), is_before);
  return sorted;
}

std::vector<std::optional<double>> values_of(const std::map<std::string, double>& numbers,
                                             const std::vector<MetricColumn>& columns) {
  std::vector<std::optional<double>> values;
  for (const MetricColumn& column : columns) {
    const auto found = numbers.find(column.name);
    values.push_back(found == numbers.end() ? std::nullopt : std::optional(found->second));
  }
  return values;
}

void mark_best(MetricTable& table) {
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    const bool larger = engine::larger_is_better(table.columns[column].name);
    std::optional<double> best;
    bool differs = false;
    for (const MetricRow& row : table.rows) {
      const std::optional<double>& value = row.values[column];
      if (!value) continue;
      differs = differs || (best && *value != *best);
      if (!best || (larger ? *value > *best : *value < *best)) best = value;
    }
    for (MetricRow& row : table.rows) row.best.push_back(differs && row.values[column] == best);
  }
}

struct Measured {
  std::size_t model;
  const engine::Evaluation* evaluation;
};

// One table for each cutoff that occurs; metrics without one stand behind those of the last.
std::vector<MetricTable> tables_of(const std::vector<Measured>& measured, bool only_main) {
  std::vector<const engine::Evaluation*> evaluations;
  for (const Measured& one : measured) evaluations.push_back(one.evaluation);
  std::vector<MetricTable> tables;
  for (MetricColumn& column : columns_of(evaluations)) {
    if (only_main && !column.main()) continue;
    if (tables.empty() || (column.cutoff != 0 && column.cutoff != tables.back().cutoff)) {
      tables.push_back({column.cutoff, {}, {}});
    }
    tables.back().columns.push_back(std::move(column));
  }
  for (MetricTable& table : tables) {
    for (const Measured& one : measured) {
      table.rows.push_back({measured_values(*one.evaluation, table.columns), one.model, {}});
    }
    mark_best(table);
  }
  return tables;
}

// The evaluations of a model that stand for it: not those of single folds where there are pooled ones.
std::vector<const engine::Evaluation*> summaries(const ModelReport& model) {
  std::vector<const engine::Evaluation*> result;
  for (const engine::Evaluation& evaluation : model.evaluations) {
    if (engine::of_all_users(evaluation) && of_all_folds(evaluation)) result.push_back(&evaluation);
  }
  return result;
}

// What a model with candidates of its own adds to a protocol, or all else: where its other items rank changes nothing
// about who competes.
engine::Protocol part_of(const engine::Protocol& protocol, bool of_candidates) {
  engine::Protocol part;
  for (const auto& entry : protocol) {
    const bool added = std::ranges::find(engine::kCandidateKeys, entry.first) != engine::kCandidateKeys.end();
    if (added == of_candidates) part.push_back(entry);
  }
  return part;
}

std::vector<MetricBlock> blocks_of(const RunReport& report, bool only_main) {
  std::vector<MetricBlock> blocks;
  std::vector<std::vector<Measured>> measured;  // per block
  for (std::size_t model = 0; model < report.models.size(); ++model) {
    for (const engine::Evaluation* evaluation : summaries(report.models[model])) {
      std::size_t block = 0;
      const engine::Protocol shared = part_of(evaluation->protocol, false);
      while (block < blocks.size() && blocks[block].protocol != shared) ++block;
      if (block == blocks.size()) {
        blocks.push_back({protocol_value(shared, "candidates"), shared, {}, {}});
        measured.emplace_back();
      }
      engine::Protocol added = part_of(evaluation->protocol, true);
      if (!added.empty()) blocks[block].of_models.emplace_back(model, std::move(added));
      measured[block].push_back({model, evaluation});
    }
  }
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    blocks[block].tables = tables_of(measured[block], only_main);
  }
  std::erase_if(blocks, [](const MetricBlock& block) { return block.tables.empty(); });
  std::stable_sort(blocks.begin(), blocks.end(), [](const MetricBlock& left, const MetricBlock& right) {
    return place(kCandidates, left.candidates) < place(kCandidates, right.candidates);
  });
  return blocks;
}

}  // namespace

MetricColumn metric_column(std::string_view name) {
  MetricColumn column;
  column.name = name;
  std::string_view stem = name;
  if (const std::size_t at = name.find('@'); at != std::string_view::npos) {
    const std::string_view digits = name.substr(at + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), column.cutoff);
    if (error == std::errc() && end == digits.data() + digits.size()) {
      stem = name.substr(0, at);
    } else {
      column.cutoff = 0;
    }
  }
  column.base = stem;
  for (const std::string_view usual : kUsual) {
    const bool plain = stem == usual;
    if (!plain && !(stem.starts_with(usual) && stem[usual.size()] == '_')) continue;
    column.usual = true;
    column.base = usual;
    if (!plain) column.variant = stem.substr(usual.size() + 1);
  }
  return column;
}

MeasuredValues measured_values(const engine::Evaluation& evaluation, const std::vector<MetricColumn>& columns) {
  return {values_of(evaluation.metrics, columns), values_of(evaluation.deviations, columns)};
}

std::string MeasuredValues::text(std::size_t column) const {
  return values[column] ? metric_text(*values[column], deviations[column]) : "";
}

std::string MetricColumn::title() const {
  std::string text = label_of(base);
  if (cutoff > 0) text += fmt::format("@{}", cutoff);
  if (!variant.empty()) {
    std::string words = variant;
    std::replace(words.begin(), words.end(), '_', ' ');
    text += fmt::format(" ({})", words);
  }
  return text;
}

std::vector<MetricBlock> metric_blocks(const RunReport& report) {
  return blocks_of(report, false);
}

std::vector<MetricBlock> main_metric_blocks(const RunReport& report) {
  return blocks_of(report, true);
}

std::vector<FoldTable> fold_tables(const RunReport& report) {
  std::vector<FoldTable> tables;
  for (const std::string_view candidates : kCandidates) {
    for (std::size_t model = 0; model < report.models.size(); ++model) {
      std::vector<const engine::Evaluation*> folds;
      for (const engine::Evaluation& evaluation : report.models[model].evaluations) {
        if (protocol_value(evaluation.protocol, "candidates") != candidates) continue;
        if (!engine::of_all_users(evaluation)) continue;
        if (!protocol_value(evaluation.protocol, "fold").empty()) folds.push_back(&evaluation);
      }
      if (folds.empty()) continue;
      std::stable_partition(folds.begin(), folds.end(),
                            [](const engine::Evaluation* evaluation) { return !of_all_folds(*evaluation); });
      FoldTable table{model, std::string(candidates), columns_of(folds), {}};
      for (const engine::Evaluation* fold : folds) {
        table.rows.push_back({measured_values(*fold, table.columns), protocol_value(fold->protocol, "fold")});
      }
      tables.push_back(std::move(table));
    }
  }
  return tables;
}

}  // namespace matinee::host
