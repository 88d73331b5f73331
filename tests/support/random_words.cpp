#include "tests/support/random_words.h"

#include <random>

#include <fmt/format.h>

#include "tests/support/random_seed.h"

namespace matinee::test {

std::vector<std::vector<std::string>> random_documents(int64_t documents, int64_t vocabulary, int64_t longest) {
  std::mt19937_64 random(random_seed());
  std::uniform_int_distribution<int64_t> length(0, longest);
  std::uniform_real_distribution<double> share(0, 1);
  std::vector<std::vector<std::string>> all(static_cast<std::size_t>(documents));
  for (auto& document : all) {
    for (int64_t left = length(random); left > 0; --left) {
      const double drawn = share(random);
      document.push_back(fmt::format("w{}", static_cast<int64_t>(drawn * drawn * static_cast<double>(vocabulary))));
    }
  }
  return all;
}

}  // namespace matinee::test
