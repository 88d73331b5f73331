#pragma once

#include <string>

#include "host/report/words_overview.h"

namespace matinee::host {

// The points of an overview as a picture with one scale on both axes; words are written beside the most frequent ones,
// as long as they do not cover each other. `id` is unique in the page.
std::string svg_word_map(const std::string& id, const std::string& title, const WordsOverview& words);

}  // namespace matinee::host
