#pragma once

#include <cstdint>
#include <string>

#include "kernels/similarity/search_kinds.h"

namespace matinee::similarity {

// How the search on CUDA comes by the sums over common columns.
enum class SearchWay {
  kCheapest,  // whichever of the other two is predicted to take less time
  kPanels,    // the ratings of a row against dense panels of the others: work ~ ratings × rows
  kProducts,  // products of dense 8-bit matrices by cuBLAS, on tensor cores: work ~ rows² × columns
};

// What the prediction depends on.
struct SearchSize {
  int64_t rows = 0, columns = 0, ratings = 0;
  SumSet sums = SumSet::kProduct;
  int products = 0;  // of matrices that the second way needs; 0: it cannot be gone
};

// Predicted time of each way, in clocks of one multiprocessor: only their ratio matters.
struct SearchCosts {
  double panels = 0, products = 0;
};

SearchCosts search_costs(const SearchSize& size);

// Which way `wanted` comes to, and why, in words.
struct ChosenWay {
  SearchWay way = SearchWay::kPanels;
  std::string reason;
};
ChosenWay choose_way(SearchWay wanted, const SearchSize& size);

}  // namespace matinee::similarity
