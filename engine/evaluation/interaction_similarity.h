#pragma once

#include <cstdint>
#include <vector>

#include "engine/data/ratings.h"
#include "engine/evaluation/options.h"

namespace matinee::engine {

// Similarity of two items from who rated them in training, computed when asked for: memory O(ratings), never O(items²).
//   binary_cosine |C| / sqrt(n_i n_j)      jaccard |C| / (n_i + n_j - |C|)
//   cosine        Σ_C r_ui r_uj / (‖r_i‖ ‖r_j‖), norms over all ratings of each item
// C: users who rated both. Sums are exact integers. An item without ratings is similar to nothing: 0.
class InteractionSimilarity {
 public:
  InteractionSimilarity(const SparseRatings& by_user, IlsSimilarity kind);

  // O(n_i + n_j).
  double value(int32_t first, int32_t second) const;

  // The last pairs that one thread asked for.
  class Cache {
   public:
    explicit Cache(const InteractionSimilarity& similarity);
    double value(int32_t first, int32_t second);

   private:
    struct Entry {
      uint64_t pair;  // of (smaller + 1, larger); 0: empty
      double value;
    };
    const InteractionSimilarity* similarity_;
    std::vector<Entry> entries_;
  };
  static constexpr int64_t kCacheEntries = int64_t{1} << 18;
  static constexpr int64_t kCacheBytes = kCacheEntries * 16;

 private:
  SparseRatings by_item_;
  std::vector<int64_t> squares_;  // (items), Σ level²
  IlsSimilarity kind_;
};

}  // namespace matinee::engine
