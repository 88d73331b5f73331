#pragma once

#include <vector>

#include "host/report/svg_line_chart.h"

namespace matinee::host {

// Hit rate, NDCG and ILS of the shortest lists by user activity: over λ (reading mixing), a line for each type of model
// that weighs users, and over the bins (reading quantile), a line for the first model of each type.
std::vector<LineChart> activity_charts(const RunReport& report);

}  // namespace matinee::host
