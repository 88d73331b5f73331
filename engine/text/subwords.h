#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/artifacts/safetensors.h"

namespace matinee::engine {

// Pieces of words that any text can be written with, by byte-pair encoding (Sennrich, Haddow and Birch, "Neural machine
// translation of rare words with subword units", ACL 2016): ids 0 … 255 are the bytes, each later one is two earlier
// ones joined. A text that was never seen is written too, in shorter pieces: nothing is unknown.
class Subwords {
 public:
  static constexpr int32_t kBytes = 256;

  Subwords();

  // `size` pieces, or fewer where no two pieces stand together more than once: joined is always the pair that stands
  // most often in the words, each as often as `counts` says; of equals the one of the smaller ids. Time about
  // O(length of all different words · log), memory 40 bytes a letter of the different words.
  static Subwords learn(std::span<const std::string> words, std::span<const int64_t> counts, int64_t size);

  int32_t size() const { return static_cast<int32_t>(texts_.size()); }
  const std::string& text(int32_t id) const { return texts_[static_cast<std::size_t>(id)]; }  // any bytes

  std::optional<int32_t> find(std::string_view piece) const;

  // Appends the ids of `text`, any bytes: joined in the order in which pairs were learnt. What the texts of the ids
  // make up is `text` again.
  void encode(std::string_view text, std::vector<int32_t>& ids) const;

  // As tensor "subwords", (pieces beyond the bytes × 2): what each is joined of.
  void save(TensorWriter& file) const;
  // Throws Error(kArtifact) where it is missing or joins what does not come before.
  static Subwords load(const TensorFile& file);

 private:
  void add(int32_t left, int32_t right);

  std::vector<std::string> texts_;
  std::unordered_map<std::string, int32_t> ids_;
  std::vector<int32_t> pairs_;                    // (pieces beyond the bytes × 2)
  std::unordered_map<uint64_t, int32_t> joined_;  // pair → id
};

}  // namespace matinee::engine
