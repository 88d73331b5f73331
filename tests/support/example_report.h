#pragma once

#include "host/report/run_report.h"

namespace matinee::test {

// A report with everything in it: models on full and sampled ranking, ratings on two folds, curves, claims (one
// measured higher, one not measured), samples; job name, titles and notes full of markup.
host::RunReport example_report();

}  // namespace matinee::test
