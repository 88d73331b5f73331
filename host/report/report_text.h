#pragma once

#include <string>
#include <utility>
#include <vector>

#include "host/report/run_report.h"

namespace matinee::host {

// What both forms of the report say in the same words.

// "5 models (cf, pmf, …) trained on 100,836 ratings of 9,724 items by 610 users."; without ratings "1 model (words)
// trained on text."
std::string summary_sentence(const RunReport& report);

// Facts of the dataset and the run: name -> value.
std::vector<std::pair<std::string, std::string>> facts(const RunReport& report);

// "9,460 words of 100 dimensions each, learnt from 24,078 words in 5,271 texts."
std::string words_sentence(const WordsOverview& words);
// What the table of directors shows.
extern const char* const kDirectorsSentence;
// What the table of texts that a model says again shows.
extern const char* const kDecodedSentence;
// One ranking of searches: "BM25", "BM25 and taste (model ials, personal 0.3)".
std::string search_ranking(const engine::Evaluation& evaluation);
// What both rankings share: how they were measured.
std::string search_protocol(const engine::Evaluation& evaluation);
// What the map of words shows.
std::string map_sentence(const WordsOverview& words);

// Level of the grid by level: the rating's text and how many there are, from the lowest to the highest; none without
// ratings.
std::vector<std::pair<std::string, int64_t>> rating_counts(const RunReport& report);

// Parameters of a model, flat: "sampling.negatives" -> "4". Text that is no JSON object: none.
std::vector<std::pair<std::string, std::string>> parameter_list(const std::string& canonical_json);

}  // namespace matinee::host
