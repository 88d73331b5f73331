#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/data/catalogue.h"

namespace matinee::engine {

// The names in the directors of a catalogue entry: "A|B" has two.
std::vector<std::string> director_names(std::string_view directors);

// The texts that titles make: one for each director, in the order of their first items, of all titles of that director
// in the order of the items, each put right (movie_title.h), joined by line feeds; one for each title without a
// director. A title of several directors stands in the text of each. Items without a title are left out.
std::vector<std::string> title_documents(const Catalogue& catalogue);

}  // namespace matinee::engine
