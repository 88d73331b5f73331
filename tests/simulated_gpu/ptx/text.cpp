#include "ptx/text.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace simulated_gpu::ptx {
namespace {

bool is_space(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}
bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool is_identifier(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || c == '%';
}

}  // namespace

void Cursor::skip_space() {
  const std::string& text = *text_;
  for (;;) {
    while (position_ < text.size() && is_space(text[position_])) ++position_;
    if (starts_with("//"))
      position_ = std::min(text.find('\n', position_), text.size());
    else if (starts_with("/*"))
      position_ = std::min(text.find("*/", position_), text.size() - 2) + 2;
    else
      return;
  }
}

void Cursor::skip_block() {
  int depth = 0;
  do {
    skip_space();
    if (at_end()) return;
    if (peek() == '"') {
      ++position_;
      until("\"");
    }
    if (peek() == '{') ++depth;
    if (peek() == '}') --depth;
    ++position_;
  } while (depth > 0);
}

std::string Cursor::until(std::string_view stops) {
  const size_t begin = position_;
  bool quoted = false;
  while (!at_end()) {
    const char c = peek();
    if (!quoted && stops.find(c) != std::string_view::npos) break;
    if (c == '"') quoted = !quoted;
    ++position_;
  }
  return text_->substr(begin, position_ - begin);
}

std::string Cursor::word() {
  const size_t begin = position_;
  while (!at_end() && !is_space(peek())) ++position_;
  return text_->substr(begin, position_ - begin);
}

std::string Cursor::identifier() {
  const size_t begin = position_;
  while (is_identifier(peek())) ++position_;
  return text_->substr(begin, position_ - begin);
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::vector<std::string> split(std::string_view text, char separator) {
  constexpr std::string_view kOpening = "([{", kClosing = ")]}";
  std::vector<std::string> parts;
  size_t begin = 0;
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (kOpening.find(text[i]) != std::string_view::npos) ++depth;
    if (kClosing.find(text[i]) != std::string_view::npos) --depth;
    if (text[i] != separator || depth != 0) continue;
    parts.push_back(trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  parts.push_back(trimmed(text.substr(begin)));
  if (parts.size() == 1 && parts[0].empty()) parts.clear();
  return parts;
}

std::vector<std::string> split_list(std::string_view bracketed) {
  return split(bracketed.substr(1, bracketed.size() - 2), ',');
}

bool parse_number(std::string_view text, u64& value) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || !is_digit(text[0])) return false;
  std::string digits(text);
  int base = 0;
  if (!negative && digits.size() > 2 && digits[0] == '0' &&
      std::string_view("fFdD").find(digits[1]) != std::string_view::npos) {
    digits.erase(0, 2);
    base = 16;
  }
  char* end = nullptr;
  value = std::strtoull(digits.c_str(), &end, base);
  if (negative) value = 0 - value;
  return *end == '\0' || *end == 'U';
}

}  // namespace simulated_gpu::ptx
