#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/model.h"
#include "host/config/job.h"
#include "host/readers/text_reader.h"

namespace matinee::host {

// A text that models of a job learn from. Models with equal options share one.
struct JobText {
  std::string name;  // of the first model that learns from it
  engine::TextOptions options;
  PredictedText predicted;

  // The options as a text for fingerprints: without where a file lies.
  std::string fingerprint_part() const;
};

// Each text once, in the order of the models. Error(kInput) where a text file cannot be read.
std::vector<JobText> job_texts(const Job& job);

// The text of a model, or null.
const JobText* text_of(const std::vector<JobText>& texts, const engine::Model& model);

// `shape` with the text that the model learns from.
engine::DataShape shape_for(engine::DataShape shape, const JobText* text);

// The corpus of a text of titles, from the catalogue of the data stage.
engine::Corpus titles_corpus(const engine::Catalogue& catalogue, const engine::TextOptions& options);

}  // namespace matinee::host
