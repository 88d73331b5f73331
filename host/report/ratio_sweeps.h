#pragma once

#include <string>

#include "host/report/run_report.h"
#include "host/report/svg_line_chart.h"

namespace matinee::host {

// What both forms of the report and the terminal say of a fusion with several ratios.

// The sweep as a report of its own, with a model for each ratio: its metric blocks are the tables of the sweep.
RunReport report_of(const SweepReport& sweep);

// "Which ratios are better than 1:0 in precision, recall and coverage at once", of the first length of lists, and in
// how many folds, where there are several; empty where not all three are measured.
std::string sweep_sentence(const SweepReport& sweep);

// Precision, recall, coverage and novelty of each ratio, as far as they are measured, in hundredths of the first
// ratio's, by place in the table; without series where there is nothing to compare.
LineChart sweep_chart(const SweepReport& sweep, const std::string& id);

}  // namespace matinee::host
