#include "engine/text/title_search.h"

#include <algorithm>

#include "engine/cosine.h"
#include "engine/text/movie_title.h"
#include "engine/text/search_words.h"
#include "engine/text/title_documents.h"

namespace matinee::engine {
namespace {

void append(std::vector<std::string>& words, std::string_view text) {
  for (std::string& word : search_words(text)) words.push_back(std::move(word));
}

}  // namespace

std::vector<std::vector<std::string>> searched_words(const Catalogue& catalogue) {
  std::vector<std::vector<std::string>> documents(catalogue.titles.size());
  for (std::size_t item = 0; item < documents.size(); ++item) {
    append(documents[item], restored_title(catalogue.titles[item]));
    append(documents[item], title_year(catalogue.titles[item]));
    if (catalogue.directors.empty()) continue;
    for (const std::string& name : director_names(catalogue.directors[item])) append(documents[item], name);
  }
  return documents;
}

void rank_by_words(std::vector<MatchedDocument>& matches) {
  std::ranges::sort(matches, [](const MatchedDocument& a, const MatchedDocument& b) {
    return a.score != b.score ? a.score > b.score : a.document < b.document;
  });
}

void rank_by_taste(std::vector<MatchedDocument>& matches, const TasteVectors& taste, int64_t user, double personal) {
  const std::vector<double> scores = fused_scores(matches, taste, user, personal);
  for (std::size_t n = 0; n < matches.size(); ++n) matches[n].score = scores[n];
  rank_by_words(matches);
}

std::vector<double> fused_scores(const std::vector<MatchedDocument>& matches, const TasteVectors& taste, int64_t user,
                                 double personal) {
  std::vector<double> scores;
  if (matches.empty()) return scores;
  const auto [least, best] = std::ranges::minmax_element(matches, {}, &MatchedDocument::score);
  const double lowest = least->score, range = best->score - lowest;
  for (const MatchedDocument& match : matches) {
    const double words = range > 0 ? (match.score - lowest) / range : 1;
    const double liking = cosine(taste.items.row(match.document), taste.users.row(user), taste.users.columns);
    scores.push_back((1 - personal) * words + personal * liking);
  }
  return scores;
}

}  // namespace matinee::engine
