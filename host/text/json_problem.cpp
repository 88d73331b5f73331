#include "host/text/json_problem.h"

#include <string_view>

namespace matinee::host {

std::string json_problem(const std::exception& error) {
  std::string_view text = error.what();
  const std::size_t end = text.starts_with('[') ? text.find("] ") : std::string_view::npos;
  if (end != std::string_view::npos) text.remove_prefix(end + 2);
  return std::string(text);
}

}  // namespace matinee::host
