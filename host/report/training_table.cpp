#include "host/report/training_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "host/report/number_text.h"

namespace matinee::host {

TextTable training_table(const RunReport& report) {
  TextTable table{"First and last epoch",
                  "Of the published models.",
                  {"Model", "Curve", "First epoch", "Value", "Last epoch", "Value"},
                  {}};
  const bool folds =
      std::ranges::any_of(report.models, [](const ModelReport& model) { return !model.last_of_folds.empty(); });
  if (folds) {
    table.sentence = "Of the published models; beside it the last values of the folds, mean \u00b1 standard deviation.";
    table.head.emplace_back("Folds");
  }
  for (const ModelReport& model : report.models) {
    for (const auto& [name, points] : model.curves) {
      if (points.empty()) continue;
      auto& row = table.rows.emplace_back(std::vector<std::string>{
          model.name, label_of(name), fmt::format("{}", points.front().epoch), metric_text(points.front().value),
          fmt::format("{}", points.back().epoch), metric_text(points.back().value)});
      if (!folds) continue;
      const auto found = model.last_of_folds.find(name);
      row.push_back(found == model.last_of_folds.end() ? "\u2013"
                                                       : metric_text(found->second.mean, found->second.deviation));
    }
  }
  return table;
}

}  // namespace matinee::host
