#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace matinee::engine {

// Longer words are no words (encoded data, a text without spaces) and are left out.
inline constexpr std::size_t kLongestWord = 256;  // bytes

// Splits text into words. A word is a run of letters, numbers and combining marks of any script; an apostrophe between
// two of them belongs to it and is written as '. All other punctuation, dashes and hyphens among it, separates:
// "Spider-Man: L’École (d'été)" has the words Spider, Man, L'École, d'été. Case is kept. Words are in Unicode's
// normalisation form C, so that a letter with an accent is the same however it was typed.
class WordSplitter {
 public:
  // Starts on `text`, well-formed UTF-8 that must live as long as words are taken from it.
  void start(std::string_view text) { rest_ = text; }
  // The next word, valid until the next call; false at the end of the text.
  bool next(std::string_view& word);

  // Words that were left out because they were too long, of all texts so far.
  int64_t overlong() const { return overlong_; }

 private:
  bool next_of_any_length();
  bool end_word();

  std::string_view rest_;
  std::string word_;
  bool may_compose_ = false;
  int64_t overlong_ = 0;
};

std::vector<std::string> words_of(std::string_view text);

}  // namespace matinee::engine
