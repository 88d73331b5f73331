#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/evaluation/evaluate.h"
#include "engine/evaluation/fold_statistics.h"
#include "host/config/job.h"
#include "host/report/clusters_overview.h"
#include "host/report/decoded_texts.h"
#include "host/report/metrics_json.h"
#include "host/report/nearest_names.h"
#include "host/report/words_overview.h"

namespace matinee::host {

struct CurvePoint {
  int64_t epoch;
  double value;
};

struct ModelReport {
  std::string name, type;
  bool deterministic = true;                                    // the same bytes from run to run
  std::string parameters;                                       // canonical JSON
  std::vector<engine::Evaluation> evaluations;                  // empty where it was not evaluated
  std::map<std::string, std::vector<CurvePoint>> curves;        // "train_rmse" -> points; of the final fit
  std::map<std::string, engine::FoldStatistics> last_of_folds;  // of the curves: their last values; empty without folds
  std::optional<WordsOverview> words;                           // of a model of words
  std::vector<NearestNames> directors;                          // of a model with interest vectors: who reads alike
  std::optional<ClustersOverview> clusters;                     // of a model that groups users
  std::vector<DecodedLine> decoded;                             // of a model that says texts again
};

// A fusion with several ratios.
struct SweepReport {
  std::string model;
  std::vector<RatioMetrics> ratios;
};

struct SampleList {  // what one user is recommended
  std::string model, user;
  struct Line {
    int64_t rank;
    std::string item, title;
    double score;
  };
  std::vector<Line> lines;
};

// Everything that a report shows. Nothing in it depends on when or how fast the run was: same job, same bytes.
struct RunReport {
  std::string job_name, engine_version;
  uint64_t seed = 0;
  int64_t users = 0, items = 0, ratings = 0;
  std::vector<int64_t> ratings_per_level;  // histogram; index is the level on the grid
  engine::RatingGrid grid;
  std::vector<std::string> remarks;  // of the job file
  std::vector<std::string> notes;    // of the reader and the split
  std::string split;                 // one sentence: how data was split
  std::vector<ModelReport> models;
  std::vector<SweepReport> sweeps;
  std::vector<engine::Evaluation> search;  // how well a search finds what was held out; empty: not measured
  std::vector<Claim> claims;
  std::vector<SampleList> samples;
  std::string resolved_config;

  // Whether the same job gives the same bytes again.
  bool deterministic() const {
    return std::all_of(models.begin(), models.end(), [](const ModelReport& model) { return model.deterministic; });
  }
};

std::string report_html(const RunReport& report);
std::string report_markdown(const RunReport& report);
// The metric table of `train`'s last words on stdout and of report.md: one row a model, one column a metric.
std::string metric_table(const RunReport& report);

}  // namespace matinee::host
