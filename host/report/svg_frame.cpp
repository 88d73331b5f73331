#include "host/report/svg_frame.h"

#include <fmt/format.h>

#include "host/report/escape.h"

namespace matinee::host {

std::string svg_frame(std::string_view id, double width, double height, std::string_view title,
                      std::string_view description, std::string_view content) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {} {}\" aria-labelledby=\"{}-t {}-d\">"
      "<title id=\"{}-t\">{}</title><desc id=\"{}-d\">{}</desc>{}</svg>\n",
      width, height, id, id, id, html_escaped(title), id, html_escaped(description), content);
}

std::string colour_class(std::size_t index) {
  constexpr std::size_t kColours = 8, kDashes = 3;
  const std::size_t dash = index / kColours % kDashes;
  return fmt::format("c{}{}", index % kColours, dash == 0 ? "" : fmt::format(" d{}", dash));
}

std::string shortened(std::string_view text, std::size_t limit) {
  if (code_points(text) <= limit) return html_escaped(text);
  std::size_t end = 0;
  for (std::size_t points = 0; end < text.size(); ++end) {
    const bool starts_point = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
    if (starts_point && ++points == limit) break;
  }
  return html_escaped(text.substr(0, end)) + "\u2026";
}

}  // namespace matinee::host
