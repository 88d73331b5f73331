#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace matinee::test {

// Fresh documents of 0 to `longest` words out of `vocabulary`; frequent and rare words are among them.
std::vector<std::vector<std::string>> random_documents(int64_t documents, int64_t vocabulary, int64_t longest);

}  // namespace matinee::test
