#pragma once

#include "host/report/run_report.h"
#include "host/report/user_tables.h"

namespace matinee::host {

// What every training curve begins and ends with; where folds were trained too, mean and standard deviation of their
// ends. No rows where there are no curves.
TextTable training_table(const RunReport& report);

}  // namespace matinee::host
