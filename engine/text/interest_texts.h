#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/data/catalogue.h"
#include "engine/data/ratings.h"
#include "kernels/support/sparse_view.h"

namespace matinee::engine {

// The texts that speak of directors, movies and users: titles put right (movie_title.h), joined by line feeds in the
// order of the items.
struct InterestTexts {
  std::vector<std::string> directors;       // names, in the order of their first items
  std::vector<std::string> director_texts;  // all titles of each
  std::vector<std::string> movie_texts;     // by item: its title, or empty
  std::vector<std::string> user_texts;      // by user: the titles that the user liked
};

// A user liked what was rated at least `positive_from`; none: whatever was rated.
InterestTexts interest_texts(const Catalogue& catalogue, const SparseView& by_user, const RatingGrid& grid,
                             std::optional<double> positive_from);

}  // namespace matinee::engine
