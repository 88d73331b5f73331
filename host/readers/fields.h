#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace matinee::host {

// How the lines of a file fall into fields.
struct FieldSyntax {
  std::string delimiter = ",";
  bool quoted = true;  // a field may stand in quotation marks, which are doubled inside (RFC 4180), on one line
};

// Splits lines; the fields are views of the line or of text that the splitter keeps as long as it lives.
class FieldSplitter {
 public:
  explicit FieldSplitter(FieldSyntax syntax) : syntax_(std::move(syntax)) {}

  // The fields of `line`, valid until the splitter is destroyed (the vector: until the next call). Null where a
  // quotation is not closed or is followed by anything but a delimiter.
  const std::vector<std::string_view>* split(std::string_view line);

 private:
  bool take_quoted(std::string_view& rest, std::string_view& field);

  FieldSyntax syntax_;
  std::vector<std::string_view> fields_;
  std::deque<std::string> unescaped_;
};

}  // namespace matinee::host
