// PTX as text: walking through it and cutting it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ptx/number_types.h"

namespace simulated_gpu::ptx {

// A position in a text. Comments count as white space.
class Cursor {
 public:
  explicit Cursor(const std::string& text, size_t position = 0) : text_(&text), position_(position) {}

  bool at_end() const { return position_ >= text_->size(); }
  char peek(size_t ahead = 0) const { return position_ + ahead < text_->size() ? (*text_)[position_ + ahead] : '\0'; }
  bool starts_with(std::string_view word) const { return text_->compare(position_, word.size(), word) == 0; }
  size_t position() const { return position_; }
  void skip(size_t characters) { position_ += characters; }

  void skip_space();
  void skip_block();                          // from an opening brace to behind its closing one
  std::string until(std::string_view stops);  // up to the first of these characters that is outside quotes
  std::string line() { return until("\n"); }
  std::string word();        // up to white space
  std::string identifier();  // letters, digits, _ $ %; may be empty

 private:
  const std::string* text_;
  size_t position_;
};

std::string trimmed(std::string_view text);
// Parts between separators that are outside brackets of any kind, trimmed; none of an empty text.
std::vector<std::string> split(std::string_view text, char separator);
// The parts of "{a, b}", "(a, b)" or "[a, b]".
std::vector<std::string> split_list(std::string_view bracketed);

// A literal: decimal, hexadecimal or octal integer, 0f or 0d and the bits of a float.
bool parse_number(std::string_view text, u64& value);

}  // namespace simulated_gpu::ptx
