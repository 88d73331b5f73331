#pragma once

#include <string>
#include <string_view>

#include "engine/evaluation/evaluate.h"

namespace matinee::host {

// The value of `key` as text; empty where the protocol does not have it.
std::string protocol_value(const engine::Protocol& protocol, std::string_view key);

// Whether an evaluation is of all the folds that there are, not of one of several.
bool of_all_folds(const engine::Evaluation& evaluation);

// "Full ranking" for "all", "Sampled ranking", "Rating prediction"; any other kind by its own name.
std::string candidates_title(std::string_view candidates);

// The whole protocol as sentences: what competes, pooled or not, then each other entry as "key: value".
std::string protocol_sentences(const engine::Protocol& protocol);

}  // namespace matinee::host
