#include <algorithm>

#include <fmt/format.h>

#include "host/report/escape.h"
#include "host/report/metric_columns.h"
#include "host/report/number_text.h"
#include "host/report/protocol_text.h"
#include "host/report/ratio_sweeps.h"
#include "host/report/run_report.h"

namespace matinee::host {
namespace {

using Cells = std::vector<std::vector<std::string>>;  // rows of equal length

// Columns two spaces apart, the first to the left, the others to the right.
std::string aligned(const Cells& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t n = 0; n < row.size(); ++n) widths[n] = std::max(widths[n], code_points(row[n]));
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t n = 0; n < row.size(); ++n) {
      const std::size_t room = widths[n] - code_points(row[n]);
      if (n > 0) text.append(2 + room, ' ');
      text += row[n];
      if (n == 0) text.append(room, ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

Cells cells_of(const RunReport& report, const MetricTable& table, const char* head) {
  Cells rows(1, {head});
  for (const MetricColumn& column : table.columns) rows[0].push_back(column.name + " ");
  for (const MetricRow& row : table.rows) {
    std::vector<std::string>& cells = rows.emplace_back(1, report.models[row.model].name);
    for (std::size_t n = 0; n < row.values.size(); ++n) {
      cells.push_back(row.values[n] ? row.text(n) + (row.best[n] ? "*" : " ") : "- ");
    }
  }
  return rows;
}

std::string tables_of(const RunReport& report, const char* head) {
  std::string text;
  for (const MetricBlock& block : main_metric_blocks(report)) {
    if (!text.empty()) text += '\n';
    text += protocol_sentences(block.protocol) + '\n';
    for (const MetricTable& table : block.tables) text += aligned(cells_of(report, table, head));
  }
  return text;
}

}  // namespace

std::string metric_table(const RunReport& report) {
  std::string text = tables_of(report, "model");
  for (const SweepReport& sweep : report.sweeps) {
    text += fmt::format("{}Ratios of {}, collaborative : content. {}\n{}", text.empty() ? "" : "\n", sweep.model,
                        sweep_sentence(sweep), tables_of(report_of(sweep), "ratio"));
  }
  return text.empty() ? "No model was evaluated.\n" : text + "\n* best of its column\n";
}

}  // namespace matinee::host
