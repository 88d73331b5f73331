#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/artifacts/safetensors.h"
#include "engine/data/id_map.h"

namespace matinee::engine {

// Words by id: first the special tokens, then words by falling count, ties by first occurrence in the text.
class Vocabulary {
 public:
  static constexpr int32_t kPadding = 0, kUnknown = 1, kBegin = 2, kEnd = 3;
  static constexpr int32_t kSpecials = 4;  // the first word

  // The special tokens alone.
  Vocabulary();

  Vocabulary copy() const;

  // The next id goes to `word`, which is not empty, holds no line feed and is new; counts must not rise.
  void add(std::string_view word, int64_t count);

  int32_t size() const { return words_.size(); }  // special tokens among them
  int32_t word_count() const { return size() - kSpecials; }
  const std::string& word(int32_t id) const { return words_.id(id); }
  std::optional<int32_t> find(std::string_view word) const { return words_.find(word); }
  // How often it stands in the text; 0 for special tokens but kUnknown, which counts all words that are not here.
  int64_t count(int32_t id) const { return counts_[static_cast<std::size_t>(id)]; }
  const std::vector<int64_t>& counts() const { return counts_; }
  void set_unknown_count(int64_t count) { counts_[kUnknown] = count; }

  // As tensors "vocabulary" (the words joined by line feeds, UTF-8) and "counts" (size).
  void save(TensorWriter& file) const;
  // Throws Error(kArtifact) where a tensor is missing or the words and counts are no vocabulary.
  static Vocabulary load(const TensorFile& file);

 private:
  IdMap words_;
  std::vector<int64_t> counts_;
  std::vector<uint8_t> joined_;
};

}  // namespace matinee::engine
