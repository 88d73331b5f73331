#pragma once

#include <string>

#include "host/commands/query_options.h"

namespace matinee::host {

// Prints the words that are most similar to `word` by the model of words that was asked for, else the run's first one.
// Error(kConfig) where there is none, or where it does not know the word: with a word that was perhaps meant.
void print_similar_words(const QueryOptions& options, const std::string& word);

}  // namespace matinee::host
