#pragma once

#include <string>
#include <vector>

#include "host/report/run_report.h"

namespace matinee::host {

// A table of a report, as plain text: both forms of the report show it.
struct TextTable {
  std::string title, sentence;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

// The groups of users that models found: how many users, what they rate more than others, mean rating and share of each
// genre.
std::vector<TextTable> cluster_tables(const RunReport& report);

// User activity: item similarities by the share λ of a user's cluster (reading mixing); lists of users by how much they
// rate (reading quantile).
std::vector<TextTable> activity_tables(const RunReport& report);

}  // namespace matinee::host
