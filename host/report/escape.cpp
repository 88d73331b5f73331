#include "host/report/escape.h"

#include <algorithm>

#include "host/text/encoding.h"

namespace matinee::host {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Bytes of the code point at the front of `text`; 0 where it is none that XML allows (XML 1.0, "Char").
std::size_t code_point_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x20 && first != '\t' && first != '\n' && first != '\r') return 0;
  if (text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF")) return 0;  // U+FFFE, U+FFFF
  return utf8_sequence_length(text);
}

// `text` with what is not allowed replaced and what `replace` knows escaped.
template <typename Replace>
std::string escaped(std::string_view text, const Replace& replace) {
  std::string result;
  result.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const std::size_t length = code_point_length(text);
    if (length == 0) {
      result += kReplacement;
    } else if (length > 1 || !replace(text.front(), result)) {
      result += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

bool html_entity(char byte, std::string& result) {
  switch (byte) {
    case '&':
      result += "&amp;";
      return true;
    case '<':
      result += "&lt;";
      return true;
    case '>':
      result += "&gt;";
      return true;
    case '"':
      result += "&quot;";
      return true;
    case '\'':
      result += "&#39;";
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string html_escaped(std::string_view text) {
  return escaped(text, html_entity);
}

std::string markdown_escaped(std::string_view text) {
  return escaped(text, [](char byte, std::string& result) {
    if (byte == '&' || byte == '<' || byte == '>') return html_entity(byte, result);
    if (byte == '\n' || byte == '\r' || byte == '\t') {
      result += ' ';
      return true;
    }
    if (std::string_view("\\`*_[]|~$#").find(byte) == std::string_view::npos) return false;
    result += '\\';
    result += byte;
    return true;
  });
}

std::string markdown_fenced(std::string_view text, std::string_view language) {
  std::size_t longest = 2, run = 0;
  for (const char byte : text) {
    run = byte == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  std::string result = fence + std::string(language) + "\n";
  result += escaped(text, [](char, std::string&) { return false; });
  if (!text.ends_with('\n')) result += '\n';
  return result + fence + "\n";
}

std::size_t code_points(std::string_view text) {
  const auto starts_one = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_one));
}

}  // namespace matinee::host
