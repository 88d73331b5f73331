#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/data/catalogue.h"
#include "engine/text/bm25.h"
#include "engine/text/taste_vectors.h"

namespace matinee::engine {

// What a search looks through, by item: the words of its title put right (movie_title.h), its year and the names of its
// directors, as search_words() has them.
std::vector<std::vector<std::string>> searched_words(const Catalogue& catalogue);

// Puts `matches` in order, best first and the earlier document first among equals, with their scores replaced by
//   (1 - personal) · minmax(BM25) + personal · cos(vector of the item, vector of the user)
// minmax over the matches: 0 is the least of them, 1 the best; 1 where all are equal. A zero vector has cosine 0.
void rank_by_taste(std::vector<MatchedDocument>& matches, const TasteVectors& taste, int64_t user, double personal);

// The same by BM25 alone, which stays the score.
void rank_by_words(std::vector<MatchedDocument>& matches);

// The scores of the first, in the order of `matches`.
std::vector<double> fused_scores(const std::vector<MatchedDocument>& matches, const TasteVectors& taste, int64_t user,
                                 double personal);

}  // namespace matinee::engine
