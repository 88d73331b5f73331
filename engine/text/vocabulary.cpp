#include "engine/text/vocabulary.h"

#include <algorithm>
#include <array>

#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

// No word of a text has angle brackets.
constexpr std::array<std::string_view, Vocabulary::kSpecials> kSpecialTokens = {"<pad>", "<unknown>", "<begin>",
                                                                                "<end>"};

[[noreturn]] void refuse(const TensorFile& file, std::string_view what) {
  fail(ErrorKind::kArtifact, "{}: {}. Publish an intact run (matinee rollback) or train again", file.path().string(),
       what);
}

}  // namespace

Vocabulary::Vocabulary() {
  for (const std::string_view token : kSpecialTokens) add(token, 0);
}

Vocabulary Vocabulary::copy() const {
  Vocabulary copy;
  for (int32_t id = kSpecials; id < size(); ++id) copy.add(word(id), count(id));
  copy.set_unknown_count(count(kUnknown));
  return copy;
}

void Vocabulary::add(std::string_view word, int64_t count) {
  words_.insert(word);
  counts_.push_back(count);
  if (!joined_.empty()) joined_.push_back('\n');
  joined_.insert(joined_.end(), word.begin(), word.end());
}

void Vocabulary::save(TensorWriter& file) const {
  file.add("vocabulary", joined_);
  file.add("counts", counts_);
}

Vocabulary Vocabulary::load(const TensorFile& file) {
  const auto joined = file.get<uint8_t>("vocabulary", {-1});
  const auto counts = file.get<int64_t>("counts", {-1});
  if (counts.size() < kSpecials) refuse(file, "the special tokens of the vocabulary are missing");
  Vocabulary vocabulary;
  std::string_view rest(reinterpret_cast<const char*>(joined.data()), joined.size());
  for (std::size_t id = 0; id < counts.size(); ++id) {
    if (rest.data() == nullptr) refuse(file, "the vocabulary has fewer words than counts");
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest = end == rest.size() ? std::string_view() : rest.substr(end + 1);
    const bool special = id < kSpecials;
    const bool falls = id <= kSpecials || counts[id] <= counts[id - 1];
    const bool sound = special ? word == kSpecialTokens[id] : !word.empty() && !vocabulary.find(word) && falls;
    if (!sound || counts[id] < 0) refuse(file, fmt::format("word {} of the vocabulary is damaged", id));
    if (!special) vocabulary.add(word, counts[id]);
  }
  if (rest.data() != nullptr) refuse(file, "the vocabulary has more words than counts");
  vocabulary.set_unknown_count(counts[kUnknown]);
  return vocabulary;
}

}  // namespace matinee::engine
