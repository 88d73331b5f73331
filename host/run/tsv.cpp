#include "host/run/tsv.h"

namespace matinee::host {

std::string tsv_field(std::string_view text) {
  std::string field;
  field.reserve(text.size());
  for (const char letter : text) {
    switch (letter) {
      case '\t':
        field += "\\t";
        break;
      case '\n':
        field += "\\n";
        break;
      case '\r':
        field += "\\r";
        break;
      case '\\':
        field += "\\\\";
        break;
      default:
        field += letter;
    }
  }
  return field;
}

std::vector<std::string> tsv_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\t') {
      fields.emplace_back();
    } else if (line[at] == '\\' && at + 1 < line.size()) {
      const char escaped = line[++at];
      fields.back() += escaped == 't' ? '\t' : escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped;
    } else {
      fields.back() += line[at];
    }
  }
  return fields;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace matinee::host
