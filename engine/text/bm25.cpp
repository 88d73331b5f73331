#include "engine/text/bm25.h"

#include <cmath>

namespace matinee::engine {
namespace {

constexpr double kSaturation = 1.2;        // k1
constexpr double kLengthInfluence = 0.75;  // b

// Adds the scores of one word to those of the words before it; both rise.
std::vector<MatchedDocument> merged(const std::vector<MatchedDocument>& before,
                                    const std::vector<MatchedDocument>& word) {
  std::vector<MatchedDocument> all;
  all.reserve(before.size() + word.size());
  auto left = before.begin();
  for (const MatchedDocument& match : word) {
    while (left != before.end() && left->document < match.document) all.push_back(*left++);
    const bool both = left != before.end() && left->document == match.document;
    all.push_back({match.document, both ? left++->score + match.score : match.score});
  }
  all.insert(all.end(), left, before.end());
  return all;
}

}  // namespace

std::vector<MatchedDocument> bm25(const InvertedIndex& index, std::span<const std::string> words) {
  std::vector<MatchedDocument> matches, of_word;
  for (const std::string& text : words) {
    const auto word = index.find(text);
    if (!word) continue;
    const auto documents = index.documents_of(*word), counts = index.counts_of(*word);
    const auto with_word = static_cast<double>(documents.size());
    const auto all = static_cast<double>(index.documents_with_words());
    const double rarity = std::log(1 + (all - with_word + 0.5) / (with_word + 0.5));
    of_word.clear();
    for (std::size_t n = 0; n < documents.size(); ++n) {
      const double frequency = counts[n];
      const double length = index.length(documents[n]) / index.mean_length();
      const double saturated =
          frequency / (frequency + kSaturation * (1 - kLengthInfluence + kLengthInfluence * length));
      of_word.push_back({documents[n], rarity * saturated});
    }
    matches = matches.empty() ? of_word : merged(matches, of_word);
  }
  return matches;
}

}  // namespace matinee::engine
