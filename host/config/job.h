#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/evaluation/options.h"
#include "engine/model.h"
#include "host/readers/dataset_spec.h"

namespace matinee::host {

// One entry of `models`.
struct ModelSpec {
  std::string name;
  std::unique_ptr<engine::Model> model;  // untrained; holds the parameters
  std::string initial;  // name of another model of this job whose state training starts from; empty: none
  std::vector<std::string> references;  // every other model named by its parameters, `initial` among them
  std::string resolved;                 // its group of the resolved job file, canonical JSON: for fingerprints
};

// A published number that the report sets beside the measured one.
struct Claim {
  std::string model, metric, candidates = "all", source;  // metric as measured: "ndcg@10"
  double value = 0;
};

// A fusion measured with several ratios.
struct RatioSweep {
  std::string model;
  // Those of Liu, Choi and Liu 2021, table 5, in its order.
  std::vector<std::string> ratios = {"1:0",  "1:1",  "1:2",  "7:1",  "14:1", "19:1",
                                     "20:6", "48:1", "50:4", "67:2", "92:1", "100:1"};
};

// The `evaluate` group.
struct EvaluateSpec {
  std::vector<std::string> models;  // empty: all
  engine::EvaluationOptions options;
  std::vector<RatioSweep> ratio_sweeps;
  std::vector<Claim> claims;
};

// The `output.gate` group.
struct Gate {
  std::string model;            // empty: no gate
  std::string metric = "ndcg";  // where there is a gate, as measured: "ndcg" has become "ndcg@N", N the first top_n
  std::string candidates = "all";
  double max_drop = 0.02;  // how much worse than the published run, in units of the metric
};

// The `output` group.
struct OutputSpec {
  std::string directory = "runs";
  int64_t keep = 7;              // published runs kept, the current one among them
  int64_t recommendations = 10;  // length of the lists in recommendations/
  Gate gate;
};

// The `search` group.
struct SearchSpec {
  std::string model;      // whose vectors tell what a user likes; empty: search_model() chooses
  double personal = 0.3;  // share of the cosine with the user's vector; the rest is BM25's
};

// The `warm_start` group: ids keep their indices and models start from the parameters of an earlier run.
struct WarmStart {
  std::string run;          // a run folder or runs/current; empty: none
  bool required = true;     // false: a missing run is no error (the first night)
  double epochs_share = 1;  // of their epochs that models which start from the run are trained for
};

struct Limits {
  std::optional<double> host_memory_gib;    // none: what the machine or the container has free
  std::optional<double> device_memory_gib;  // none: what the device has free, less a twentieth
  int64_t stages_at_once = 2;               // on a CUDA device
  double checkpoint_seconds = 60;
};

// A job file, parsed and checked.
struct Job {
  std::string path;  // of the job file
  std::string name = "job";
  std::vector<std::string> notes;  // what the report says first
  uint64_t seed = 42;
  std::string device = "auto";
  bool deterministic = true;
  int64_t threads = 0;  // 0: all cores that the process may use
  DatasetSpec dataset;
  std::vector<ModelSpec> models;  // in the order of the file
  EvaluateSpec evaluate;
  SearchSpec search;
  OutputSpec output;
  WarmStart warm_start;
  Limits limits;
  std::string resolved;           // the whole job with every default filled in, pretty JSON
  std::string dataset_resolved;   // canonical JSON of `dataset` without `path`, for fingerprints
  std::string evaluate_resolved;  // of `evaluate` without `models`, `ratio_sweeps` and `claims`
};

}  // namespace matinee::host
