#pragma once

#include <string>
#include <string_view>

#include "host/report/metric_columns.h"
#include "host/report/run_report.h"
#include "host/report/svg_line_chart.h"
#include "host/report/user_tables.h"

namespace matinee::host {

// The parts of report.html. Each is empty where the report has nothing for it. All are well-formed XML.
extern const char* const kHtmlStyle;

std::string html_header(const RunReport& report);
std::string html_metrics(const RunReport& report);  // tables with their protocols
// A table of it; `head` stands above the names of the rows.
std::string html_metric_table(const RunReport& report, const MetricBlock& block, const MetricTable& table,
                              std::string_view head);
std::string html_sweeps(const RunReport& report);      // fusions with several ratios
std::string html_comparison(const RunReport& report);  // bar charts, and lines over the length of the lists
std::string html_training(const RunReport& report);    // curves
std::string html_data(const RunReport& report);        // split, notes, histogram
std::string html_claims(const RunReport& report);
// A figure with its title, and one that is a line chart with its legend.
std::string html_figure(std::string_view title, std::string_view content);
std::string html_figure(const LineChart& chart);
std::string html_tables(const std::vector<TextTable>& tables);
std::string html_recommendations(const RunReport& report);
std::string html_search(const RunReport& report);     // how well titles are found
std::string html_activity(const RunReport& report);   // users by how much they rate
std::string html_clusters(const RunReport& report);   // groups of users
std::string html_words(const RunReport& report);      // maps and neighbours of words
std::string html_directors(const RunReport& report);  // who reads like whom
std::string html_decoded(const RunReport& report);    // texts that a model says again
std::string html_details(const RunReport& report);    // folds, parameters, resolved job file

}  // namespace matinee::host
