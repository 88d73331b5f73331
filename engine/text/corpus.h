#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/artifacts/safetensors.h"
#include "engine/text/split_words.h"
#include "engine/text/text_options.h"
#include "engine/text/vocabulary.h"

namespace matinee::engine {

// A text as ids of its vocabulary, document by document; words that the vocabulary lacks are Vocabulary::kUnknown.
struct Corpus {
  Vocabulary vocabulary;
  std::vector<int64_t> offsets = {0};  // (documents + 1)
  std::vector<int32_t> ids;            // (words)
  std::vector<std::string> notes;      // what a user should know: words left out

  int64_t documents() const { return static_cast<int64_t>(offsets.size()) - 1; }
  int64_t words() const { return static_cast<int64_t>(ids.size()); }

  void save(TensorWriter& file) const;  // spans stay valid while the corpus lives unchanged
  // Throws Error(kArtifact) where a tensor is missing or misshapen.
  static Corpus load(const TensorFile& file);
};

// Makes a corpus of documents that come one after the other. Memory: 4 bytes a word, 8 a document, about 120 a distinct
// word.
class CorpusBuilder {
 public:
  explicit CorpusBuilder(const TextOptions& options) : options_(options) {}

  // `text` is well-formed UTF-8. A text without words is no document.
  void add_document(std::string_view text);

  // `source` stands in the error where no word is left to learn: Error(kInput) for a text without words, or where all
  // words are rarer than options.min_count.
  Corpus finish(std::string_view source);

  int64_t words() const { return static_cast<int64_t>(ids_.size()); }
  int64_t documents() const { return static_cast<int64_t>(offsets_.size()) - 1; }
  int64_t distinct_words() const { return words_.size(); }

 private:
  // Provisional ids by falling count, ties by id; only those of the vocabulary.
  std::vector<int32_t> chosen_words() const;
  void require_words(std::string_view source, std::size_t chosen) const;
  void note(Corpus& corpus) const;

  TextOptions options_;
  WordSplitter splitter_;
  IdMap words_;                  // provisional ids: by first occurrence
  std::vector<int64_t> counts_;  // by provisional id
  std::vector<int64_t> offsets_ = {0};
  std::vector<int32_t> ids_;  // provisional
  int64_t stop_words_ = 0, texts_ = 0;
};

}  // namespace matinee::engine
