#include "tests/support/xml.h"

#include <cctype>
#include <set>
#include <vector>

namespace matinee::test {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool is_name_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-' || letter == '_' || letter == ':';
}

std::string_view take_name(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_name_letter(text[end])) ++end;
  const std::string_view name = text.substr(0, end);
  text.remove_prefix(end);
  return name;
}

std::string text_problem(std::string_view text) {
  while (!text.empty()) {
    const char first = text.front();
    if (static_cast<unsigned char>(first) < 0x20 && kSpace.find(first) == std::string_view::npos) {
      return "control character";
    }
    text.remove_prefix(1);
    if (first == '<') return "bare <";
    if (first != '&') continue;
    const std::size_t end = text.find(';');
    const std::string_view entity = text.substr(0, end);
    const bool numeric = entity.starts_with('#') && entity.find_first_not_of("0123456789", 1) == std::string_view::npos;
    const bool known = entity == "amp" || entity == "lt" || entity == "gt" || entity == "quot" || entity == "apos";
    if (end == std::string_view::npos || !(known || numeric)) return "bare & or unknown entity";
  }
  return "";
}

// The attributes of a tag, up to its end or the slash before it.
std::string attributes_problem(std::string_view text) {
  std::set<std::string_view> names;
  while (true) {
    const std::size_t start = text.find_first_not_of(kSpace);
    if (start == std::string_view::npos) return "";
    if (start == 0) return "no space before an attribute";
    text.remove_prefix(start);
    const std::string_view name = take_name(text);
    if (name.empty() || !text.starts_with("=\"")) return "attribute without a quoted value";
    if (!names.insert(name).second) return "attribute " + std::string(name) + " twice";
    text.remove_prefix(2);
    const std::size_t end = text.find('"');
    if (end == std::string_view::npos) return "attribute without an end";
    if (std::string problem = text_problem(text.substr(0, end)); !problem.empty()) return problem;
    text.remove_prefix(end + 1);
  }
}

// Handles what stands between < and >.
std::string tag_problem(std::string_view tag, std::vector<std::string_view>& open) {
  if (tag.starts_with('/')) {
    if (open.empty() || open.back() != tag.substr(1)) {
      return "</" + std::string(tag.substr(1)) + "> closes " + (open.empty() ? "nothing" : std::string(open.back()));
    }
    open.pop_back();
    return "";
  }
  const bool closed = tag.ends_with('/');
  if (closed) tag.remove_suffix(1);
  const std::string_view name = take_name(tag);
  if (name.empty()) return "tag without a name";
  if (!closed) open.push_back(name);
  return attributes_problem(tag);
}

}  // namespace

std::string xml_problem(std::string_view text) {
  if (text.starts_with("<!DOCTYPE html>")) text.remove_prefix(15);
  std::vector<std::string_view> open;
  int roots = 0;
  while (true) {
    const std::size_t start = text.find('<');
    const std::string_view between = text.substr(0, start);
    if (std::string problem = text_problem(between); !problem.empty()) return problem;
    if (open.empty() && between.find_first_not_of(kSpace) != std::string_view::npos) return "text outside the root";
    if (start == std::string_view::npos) break;
    text.remove_prefix(start + 1);
    const std::size_t end = text.find('>');
    if (end == std::string_view::npos) return "tag without an end";
    if (open.empty() && ++roots > 1) return "a second root";
    if (std::string problem = tag_problem(text.substr(0, end), open); !problem.empty()) {
      return problem + " at <" + std::string(text.substr(0, end)) + ">";
    }
    text.remove_prefix(end + 1);
  }
  return open.empty() ? "" : std::string(open.back()) + " is not closed";
}

}  // namespace matinee::test
