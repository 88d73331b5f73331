#include "ptx/declaration.h"

#include <algorithm>
#include <sstream>

#include "ptx/text.h"

namespace simulated_gpu::ptx {
namespace {

// Elements of "[4][8]"; 0 where a size is left out.
u32 element_count(std::string_view brackets) {
  u64 count = 1;
  while (!brackets.empty()) {
    const size_t end = brackets.find(']');
    u64 size = 0;
    parse_number(trimmed(brackets.substr(1, end - 1)), size);
    count *= size;
    brackets.remove_prefix(std::min(end + 1, brackets.size()));
  }
  return static_cast<u32>(count);
}

}  // namespace

Declaration parse_declaration(std::string_view text) {
  Declaration declaration;
  std::istringstream words{std::string(text)};
  std::string word, name;
  bool of_pointee = false;  // behind .ptr, alignment is that of what the pointer points to
  while (words >> word) {
    if (word == ".ptr") of_pointee = true;
    if (word == ".align") {
      u32 alignment = 1;
      words >> alignment;
      if (!of_pointee) declaration.alignment = std::max(declaration.alignment, alignment);
    } else if (word[0] != '.') {
      name += word;
    } else if (const int bytes = type_bytes(std::string_view(word).substr(1)); bytes > 0) {
      declaration.element_bytes = static_cast<u32>(bytes);
      declaration.alignment = std::max(declaration.alignment, declaration.element_bytes);
    }
  }
  const size_t bracket = std::min(name.find('['), name.size());
  declaration.name = name.substr(0, bracket);
  declaration.bytes = declaration.element_bytes * element_count(std::string_view(name).substr(bracket));
  return declaration;
}

}  // namespace simulated_gpu::ptx
