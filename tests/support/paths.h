#pragma once

#include <filesystem>

namespace matinee::test {

// Where the sources and the program under test lie. In a file of their own, so that no other test has to be compiled
// again for a checkout elsewhere.
std::filesystem::path source_folder();
std::filesystem::path program();

}  // namespace matinee::test
