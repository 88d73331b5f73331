#include "engine/text/inverted_index.h"

#include <algorithm>
#include <map>
#include <utility>

#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

struct Storage {
  std::vector<uint8_t> text;
  std::vector<int64_t> word_offsets = {0}, posting_offsets = {0};
  std::vector<int32_t> documents, counts, lengths;
};

// Begins with 0, never falls, ends with `end`.
bool are_offsets(std::span<const int64_t> offsets, std::size_t end) {
  return !offsets.empty() && offsets.front() == 0 && offsets.back() == static_cast<int64_t>(end) &&
         std::ranges::is_sorted(offsets);
}

template <typename T>
std::span<const T> part(std::span<const T> values, std::span<const int64_t> offsets, int64_t number) {
  const auto begin = static_cast<std::size_t>(offsets[static_cast<std::size_t>(number)]);
  const auto end = static_cast<std::size_t>(offsets[static_cast<std::size_t>(number) + 1]);
  return values.subspan(begin, end - begin);
}

}  // namespace

InvertedIndex InvertedIndex::of(std::span<const std::vector<std::string>> documents) {
  std::map<std::string_view, std::vector<std::pair<int32_t, int32_t>>> postings;  // word -> document, count
  const auto storage = std::make_shared<Storage>();
  for (std::size_t document = 0; document < documents.size(); ++document) {
    for (const std::string& word : documents[document]) {
      auto& found = postings[word];
      const auto number = static_cast<int32_t>(document);
      if (found.empty() || found.back().first != number) found.emplace_back(number, 0);
      ++found.back().second;
    }
    storage->lengths.push_back(static_cast<int32_t>(documents[document].size()));
  }
  for (const auto& [word, found] : postings) {
    storage->text.insert(storage->text.end(), word.begin(), word.end());
    storage->word_offsets.push_back(static_cast<int64_t>(storage->text.size()));
    for (const auto& [document, count] : found) {
      storage->documents.push_back(document);
      storage->counts.push_back(count);
    }
    storage->posting_offsets.push_back(static_cast<int64_t>(storage->documents.size()));
  }
  InvertedIndex index;
  index.text_ = storage->text;
  index.word_offsets_ = storage->word_offsets;
  index.posting_offsets_ = storage->posting_offsets;
  index.documents_ = storage->documents;
  index.counts_ = storage->counts;
  index.lengths_ = storage->lengths;
  index.storage_ = storage;
  index.measure();
  return index;
}

void InvertedIndex::save(TensorWriter& file) const {
  const auto add = [&]<typename T>(std::string_view name, std::span<const T> values) {
    file.add<T>(name, values, {static_cast<int64_t>(values.size())});
  };
  add("text", text_);
  add("word_offsets", word_offsets_);
  add("posting_offsets", posting_offsets_);
  add("documents", documents_);
  add("counts", counts_);
  add("lengths", lengths_);
}

InvertedIndex InvertedIndex::load(TensorFile file) {
  const auto storage = std::make_shared<TensorFile>(std::move(file));
  InvertedIndex index;
  index.text_ = storage->get<uint8_t>("text");
  index.word_offsets_ = storage->get<int64_t>("word_offsets");
  index.posting_offsets_ = storage->get<int64_t>("posting_offsets");
  index.documents_ = storage->get<int32_t>("documents");
  index.counts_ = storage->get<int32_t>("counts");
  index.lengths_ = storage->get<int32_t>("lengths");
  index.storage_ = storage;
  if (!index.sound()) {
    fail(
        ErrorKind::kArtifact,
        "{}: not an index of words: offsets, documents or words out of order. Publish an intact run (matinee rollback) "
        "or train again",
        storage->path().string());
  }
  index.measure();
  return index;
}

void InvertedIndex::measure() {
  int64_t total = 0;
  for (const int32_t length : lengths_) {
    total += length;
    documents_with_words_ += length > 0 ? 1 : 0;
  }
  if (total > 0) mean_length_ = static_cast<double>(total) / static_cast<double>(documents_with_words_);
}

bool InvertedIndex::sound() const {
  if (word_offsets_.size() != posting_offsets_.size() || documents_.size() != counts_.size() ||
      !are_offsets(word_offsets_, text_.size()) || !are_offsets(posting_offsets_, documents_.size())) {
    return false;
  }
  for (int64_t number = 0; number < words(); ++number) {
    if (number > 0 && word(number - 1) >= word(number)) return false;
    const auto found = documents_of(number);
    const bool rising = std::ranges::adjacent_find(found, std::ranges::greater_equal()) == found.end();
    if (found.empty() || !rising || found.front() < 0 || found.back() >= documents()) return false;
  }
  // A document is as long as its postings say.
  std::vector<int64_t> lengths(lengths_.size());
  for (std::size_t n = 0; n < documents_.size(); ++n) {
    if (counts_[n] <= 0) return false;
    lengths[static_cast<std::size_t>(documents_[n])] += counts_[n];
  }
  return std::ranges::equal(lengths, lengths_);
}

std::string_view InvertedIndex::word(int64_t number) const {
  const auto bytes = part(text_, word_offsets_, number);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<int64_t> InvertedIndex::find(std::string_view wanted) const {
  int64_t begin = 0, end = words();
  while (begin < end) {
    const int64_t middle = begin + (end - begin) / 2;
    if (word(middle) < wanted) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin < words() && word(begin) == wanted ? std::optional(begin) : std::nullopt;
}

std::span<const int32_t> InvertedIndex::documents_of(int64_t number) const {
  return part(documents_, posting_offsets_, number);
}

std::span<const int32_t> InvertedIndex::counts_of(int64_t number) const {
  return part(counts_, posting_offsets_, number);
}

}  // namespace matinee::engine
