#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/data/catalogue.h"
#include "engine/data/split.h"
#include "engine/evaluation/evaluate.h"
#include "engine/text/inverted_index.h"
#include "engine/text/title_search.h"
#include "kernels/support/context.h"

namespace matinee::engine {

// How well a search finds what a user was to like. For each held-out item that is relevant and has a title, the query
// is one word of that title: drawn (Philox, seed) among those that are no English stop words, else among all. Searched
// are the items that the user has not rated in training; the reciprocal rank of the held-out item and its gain
// 1/log2(rank + 1), 0 beyond the cutoff, are means over all places that the items of its score share.
struct SearchQualityTask {
  const InvertedIndex* index = nullptr;
  const Catalogue* catalogue = nullptr;
  const Fold* fold = nullptr;
  std::optional<double> positive_from;  // none: every held-out item is relevant
  std::vector<int64_t> top_n = {10};
  uint64_t seed = 0;
  const TasteVectors* taste = nullptr;  // null: BM25 alone is measured
  std::string model;                    // whose vectors these are
  double personal = 0;
};

// BM25 alone and, where there are vectors, both together: an Evaluation each, with mrr and ndcg@N over the queries,
// which are the same. None where no held-out item has a title. The same numbers for any number of threads.
std::vector<Evaluation> measure_search(Context& context, const SearchQualityTask& task,
                                       const std::function<void(double done, double total)>& progress);

// What an item of this place in a list of this length adds, as the mean over the places better+1 … better+equal which
// it shares: of 1/rank, and of 1/log2(rank + 1) where rank <= cutoff.
double mean_reciprocal_rank(int64_t better, int64_t equal);
double mean_gain(int64_t better, int64_t equal, int64_t cutoff);

}  // namespace matinee::engine
