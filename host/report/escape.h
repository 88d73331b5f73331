#pragma once

#include <string>
#include <string_view>

namespace matinee::host {

// Text from outside as HTML or XML text or attribute value: & < > " ' become entities; control characters and bytes
// that are not UTF-8, which XML does not allow, become U+FFFD.
std::string html_escaped(std::string_view text);

// Text from outside as one line of GitHub Markdown, also inside a table cell: nothing in it is markup.
std::string markdown_escaped(std::string_view text);

// `text` in a Markdown code block, fenced so that no run of backticks in it ends the block.
std::string markdown_fenced(std::string_view text, std::string_view language);

// Number of code points of valid UTF-8.
std::size_t code_points(std::string_view text);

}  // namespace matinee::host
