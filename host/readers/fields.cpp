#include "host/readers/fields.h"

namespace matinee::host {

const std::vector<std::string_view>* FieldSplitter::split(std::string_view line) {
  fields_.clear();
  const std::string_view delimiter = syntax_.delimiter;
  std::string_view rest = line;
  for (;;) {
    if (syntax_.quoted && rest.starts_with('"')) {
      std::string_view field;
      if (!take_quoted(rest, field)) return nullptr;
      fields_.push_back(field);
      if (rest.empty()) return &fields_;
      if (!rest.starts_with(delimiter)) return nullptr;
      rest.remove_prefix(delimiter.size());
      continue;
    }
    const std::size_t end = delimiter.size() == 1 ? rest.find(delimiter.front()) : rest.find(delimiter);
    fields_.push_back(rest.substr(0, end));
    if (end == std::string_view::npos) return &fields_;
    rest.remove_prefix(end + delimiter.size());
  }
}

bool FieldSplitter::take_quoted(std::string_view& rest, std::string_view& field) {
  const std::string_view body = rest.substr(1);
  bool doubled = false;
  std::size_t end = body.find('"');
  while (end != std::string_view::npos && end + 1 < body.size() && body[end + 1] == '"') {
    doubled = true;
    end = body.find('"', end + 2);
  }
  if (end == std::string_view::npos) return false;
  field = body.substr(0, end);
  rest = body.substr(end + 1);
  if (!doubled) return true;
  std::string& text = unescaped_.emplace_back();
  for (std::size_t place = 0; place < field.size(); ++place) {
    text += field[place];
    if (field[place] == '"') ++place;
  }
  field = text;
  return true;
}

}  // namespace matinee::host
