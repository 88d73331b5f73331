#pragma once

#include <string>
#include <string_view>

namespace matinee::host {

// `content` as an inline picture of width × height units that grows with the page and reads aloud as title and
// description. `id` is unique in the page. Texts are not yet escaped, `content` is.
std::string svg_frame(std::string_view id, double width, double height, std::string_view title,
                      std::string_view description, std::string_view content);

// The CSS classes of the n-th of several colours: "c0" … "c7", from the ninth on dashed as well.
std::string colour_class(std::size_t index);

// Escaped `text`, cut to `limit` code points with an ellipsis.
std::string shortened(std::string_view text, std::size_t limit);

}  // namespace matinee::host
