#include <fmt/format.h>

#include "host/report/claims.h"
#include "host/report/escape.h"
#include "host/report/metric_columns.h"
#include "host/report/nearest_table.h"
#include "host/report/number_text.h"
#include "host/report/protocol_text.h"
#include "host/report/ratio_sweeps.h"
#include "host/report/report_text.h"
#include "host/report/run_report.h"
#include "host/report/training_table.h"
#include "host/report/user_tables.h"

namespace matinee::host {
namespace {

using Cells = std::vector<std::string>;  // escaped

std::string row_of(const Cells& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + cell + " |";
  return text + "\n";
}

// The head of a table whose first `left` columns are text and whose others are numbers.
std::string head_of(const Cells& cells, std::size_t left = 1) {
  std::string rule = "|";
  for (std::size_t n = 0; n < cells.size(); ++n) rule += n < left ? "---|" : "---:|";
  return row_of(cells) + rule + "\n";
}

std::string metric_table_of(const RunReport& report, const MetricTable& table, const char* first) {
  Cells head = {first};
  for (const MetricColumn& column : table.columns) head.push_back(markdown_escaped(column.title()));
  std::string text = head_of(head);
  for (const MetricRow& row : table.rows) {
    Cells cells = {markdown_escaped(report.models[row.model].name)};
    for (std::size_t n = 0; n < row.values.size(); ++n) {
      cells.push_back(!row.values[n] ? "\u2013" : row.best[n] ? "**" + row.text(n) + "**" : row.text(n));
    }
    text += row_of(cells);
  }
  return text + "\n";
}

std::string protocol_lines(const RunReport& report, const MetricBlock& block) {
  std::string text = "Protocol: " + markdown_escaped(protocol_sentences(block.protocol)) + "\n\n";
  for (const auto& [model, protocol] : block.of_models) {
    text += fmt::format("Of {}: {}\n\n", markdown_escaped(report.models[model].name),
                        markdown_escaped(protocol_sentences(protocol)));
  }
  return text;
}

std::string metric_sections(const RunReport& report) {
  std::string text = "## Metrics\n\n";
  const std::vector<MetricBlock> blocks = metric_blocks(report);
  if (blocks.empty()) return text + "No model was evaluated.\n\n";
  text += "The best value of each column is bold.\n\n";
  for (const MetricBlock& block : blocks) {
    text += "### " + markdown_escaped(candidates_title(block.candidates)) + "\n\n";
    for (const MetricTable& table : block.tables) text += metric_table_of(report, table, "Model");
    text += protocol_lines(report, block);
  }
  return text;
}

std::string sweeps_section(const RunReport& report) {
  if (report.sweeps.empty()) return "";
  std::string text = "## Ratios of fusions\n\n";
  for (const SweepReport& sweep : report.sweeps) {
    text += fmt::format("### {}, collaborative : content\n\n", markdown_escaped(sweep.model));
    if (const std::string sentence = sweep_sentence(sweep); !sentence.empty()) {
      text += markdown_escaped(sentence) + "\n\n";
    }
    const RunReport ratios = report_of(sweep);
    for (const MetricBlock& block : main_metric_blocks(ratios)) {
      for (const MetricTable& table : block.tables) text += metric_table_of(ratios, table, "Ratio");
      text += protocol_lines(ratios, block);
    }
  }
  return text;
}

std::string claims_section(const RunReport& report) {
  if (report.claims.empty()) return "";
  std::string text =
      "## Published claims beside measured values\n\nClaims are what others have published, not targets.\n\n" +
      head_of({"Model", "Metric", "Candidates", "Source", "Claim", "Measured", "Difference"}, 4);
  for (const ComparedClaim& compared : compare_claims(report)) {
    const Claim& claim = *compared.claim;
    text +=
        row_of({markdown_escaped(claim.model), markdown_escaped(metric_column(compared.metric).title()),
                markdown_escaped(where_measured(compared)), markdown_escaped(claim.source), metric_text(claim.value),
                compared.measured ? metric_text(*compared.measured, compared.deviation) : "not measured",
                compared.measured ? difference_text(*compared.measured - claim.value) : "\u2013"});
  }
  return text + "\n";
}

std::string samples_section(const RunReport& report) {
  if (report.samples.empty()) return "";
  std::string text = "## Sample recommendations\n\n";
  for (const SampleList& sample : report.samples) {
    text += fmt::format("### User {}, {}\n\n", markdown_escaped(sample.user), markdown_escaped(sample.model));
    text += head_of({"Rank", "Title", "Item", "Score"}, 3);
    for (const SampleList::Line& line : sample.lines) {
      text += row_of({fmt::format("{}", line.rank), markdown_escaped(line.title), markdown_escaped(line.item),
                      metric_text(line.score)});
    }
    text += "\n";
  }
  return text;
}

std::string table_section(const char* title, const std::vector<TextTable>& tables) {
  std::string text;
  for (const TextTable& table : tables) {
    text += fmt::format("### {}\n\n{}\n\n", markdown_escaped(table.title), markdown_escaped(table.sentence));
    Cells head;
    for (const std::string& cell : table.head) head.push_back(markdown_escaped(cell));
    text += head_of(head);
    for (const auto& row : table.rows) {
      Cells cells;
      for (const std::string& cell : row) cells.push_back(markdown_escaped(cell));
      text += row_of(cells);
    }
    text += "\n";
  }
  return text.empty() ? "" : fmt::format("## {}\n\n{}", title, text);
}

std::string training_section(const RunReport& report) {
  const TextTable table = training_table(report);
  return table.rows.empty() ? "" : table_section("Training", {table});
}

std::string search_section(const RunReport& report) {
  if (report.search.empty()) return "";
  Cells head = {"Ranking"};
  for (const auto& metric : report.search.front().metrics) {
    head.push_back(markdown_escaped(metric_column(metric.first).title()));
  }
  std::string text = "## Search\n\n" + head_of(head);
  for (const engine::Evaluation& evaluation : report.search) {
    Cells cells = {markdown_escaped(search_ranking(evaluation))};
    for (const auto& metric : evaluation.metrics) cells.push_back(metric_text(metric.second));
    text += row_of(cells);
  }
  return text + "\nProtocol: " + markdown_escaped(search_protocol(report.search.front())) + "\n\n";
}

std::string words_section(const RunReport& report) {
  std::string text;
  for (const ModelReport& model : report.models) {
    if (!model.words) continue;
    text +=
        fmt::format("### {}\n\n{}\n\n", markdown_escaped(model.name), markdown_escaped(words_sentence(*model.words)));
    for (const std::string& note : model.words->notes) text += fmt::format("- {}\n", markdown_escaped(note));
    text += fmt::format("\n{}", head_of({"Word", "Nearest words"}, 2));
    for (const NearestNames& entry : model.words->neighbours) {
      text += row_of({markdown_escaped(entry.name), markdown_nearest(entry)});
    }
    text += "\n";
  }
  return text.empty() ? "" : fmt::format("## Word vectors\n\n{}", text);
}

std::string directors_section(const RunReport& report) {
  std::string text;
  for (const ModelReport& model : report.models) {
    if (model.directors.empty()) continue;
    text += fmt::format("### {}\n\n{}\n\n", markdown_escaped(model.name), kDirectorsSentence) +
            head_of({"Director", "Nearest directors"}, 2);
    for (const NearestNames& entry : model.directors) {
      text += row_of({markdown_escaped(entry.name), markdown_nearest(entry)});
    }
    text += "\n";
  }
  return text.empty() ? "" : fmt::format("## Directors\n\n{}", text);
}

std::string decoded_section(const RunReport& report) {
  std::string text;
  for (const ModelReport& model : report.models) {
    if (model.decoded.empty()) continue;
    text += fmt::format("### {}\n\n{}\n\n", markdown_escaped(model.name), kDecodedSentence) +
            head_of({"Text", "Greedy", "Beam", "Held out"}, 4);
    for (const DecodedLine& line : model.decoded) {
      text += row_of({markdown_escaped(line.text), markdown_escaped(line.greedy), markdown_escaped(line.beam),
                      line.held_out ? "yes" : "no"});
    }
    text += "\n";
  }
  return text.empty() ? "" : fmt::format("## Texts said again\n\n{}", text);
}

std::string data_section(const RunReport& report) {
  std::string text = "## Data\n\n";
  if (!report.split.empty()) text += "Split: " + markdown_escaped(report.split) + "\n\n";
  for (const std::string& note : report.notes) text += "- " + markdown_escaped(note) + "\n";
  if (!report.notes.empty()) text += "\n";
  if (const auto counts = rating_counts(report); !counts.empty()) {
    text += head_of({"Rating", "Count"}, 0);
    for (const auto& [rating, count] : counts) text += row_of({rating, count_text(count)});
    text += "\n";
  }
  return text;
}

std::string fold_section(const RunReport& report) {
  std::string text;
  for (const FoldTable& table : fold_tables(report)) {
    text += fmt::format("### {}, {}\n\n", markdown_escaped(report.models[table.model].name),
                        markdown_escaped(candidates_title(table.candidates)));
    Cells head = {"Fold"};
    for (const MetricColumn& column : table.columns) head.push_back(markdown_escaped(column.title()));
    text += head_of(head);
    for (const FoldTable::Row& row : table.rows) {
      Cells cells = {markdown_escaped(row.fold)};
      for (std::size_t n = 0; n < row.values.size(); ++n) {
        cells.push_back(row.values[n] ? row.text(n) : "\u2013");
      }
      text += row_of(cells);
    }
    text += "\n";
  }
  return text.empty() ? "" : "## Values per fold\n\n" + text;
}

std::string parameters_section(const RunReport& report) {
  std::string text = "## Parameters\n\n";
  for (const ModelReport& model : report.models) {
    text += fmt::format("### {} ({})\n\n", markdown_escaped(model.name), markdown_escaped(model.type));
    const auto parameters = parameter_list(model.parameters);
    if (parameters.empty()) {
      text += "No parameters.\n\n";
      continue;
    }
    text += head_of({"Parameter", "Value"}, 2);
    for (const auto& [name, value] : parameters) text += row_of({markdown_escaped(name), markdown_escaped(value)});
    text += "\n";
  }
  return text;
}

}  // namespace

std::string report_markdown(const RunReport& report) {
  std::string text =
      "# " + markdown_escaped(report.job_name) + "\n\n" + markdown_escaped(summary_sentence(report)) + "\n\n";
  Cells names, values;
  for (const auto& [name, value] : facts(report)) {
    names.push_back(name);
    values.push_back(markdown_escaped(value));
  }
  text += head_of(names, names.size()) + row_of(values) + "\n";
  for (const std::string& remark : report.remarks) text += markdown_escaped(remark) + "\n\n";
  text += metric_sections(report) + sweeps_section(report) + claims_section(report) + search_section(report) +
          table_section("User activity", activity_tables(report)) +
          table_section("Groups of users", cluster_tables(report)) + words_section(report) + directors_section(report) +
          decoded_section(report) + training_section(report) + data_section(report) + samples_section(report) +
          fold_section(report) + parameters_section(report);
  text += "## Resolved job file\n\n" + markdown_fenced(report.resolved_config, "json");
  return text;
}

}  // namespace matinee::host
