#include "engine/text/split_words.h"

#include "engine/text/letters.h"

namespace matinee::engine {
namespace {

bool continues_word(std::string_view text) {
  if (text.empty()) return false;
  return letter_kind(take_code_point(text)) == LetterKind::kWord;
}

}  // namespace

bool WordSplitter::next_of_any_length() {
  word_.clear();
  may_compose_ = false;
  while (!rest_.empty()) {
    const std::string_view before = rest_;
    const uint32_t code = take_code_point(rest_);
    const LetterKind kind = letter_kind(code);
    const std::string_view letter = before.substr(0, before.size() - rest_.size());
    const bool inside = !word_.empty();
    if (kind == LetterKind::kWord || (kind == LetterKind::kMark && inside)) {
      word_ += letter;
      may_compose_ = may_compose_ || may_compose(code);
    } else if (kind == LetterKind::kApostrophe && inside && continues_word(rest_)) {
      word_ += '\'';
    } else if (inside && kind != LetterKind::kIgnored) {
      return end_word();
    }
  }
  return end_word();
}

bool WordSplitter::end_word() {
  if (may_compose_ && word_.size() <= kLongestWord) compose(word_);
  return !word_.empty();
}

bool WordSplitter::next(std::string_view& word) {
  while (next_of_any_length()) {
    if (word_.size() <= kLongestWord) {
      word = word_;
      return true;
    }
    ++overlong_;
  }
  return false;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  WordSplitter splitter;
  splitter.start(text);
  for (std::string_view word; splitter.next(word);) words.emplace_back(word);
  return words;
}

}  // namespace matinee::engine
