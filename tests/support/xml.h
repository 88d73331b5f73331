#pragma once

#include <string>
#include <string_view>

namespace matinee::test {

// What keeps `text` from being well-formed XML: unbalanced tags, attributes without quotes or given twice, unknown
// entities, bare & or <. Empty where nothing does. (Of XML what a page needs: no CDATA, no processing instructions.)
std::string xml_problem(std::string_view text);

}  // namespace matinee::test
