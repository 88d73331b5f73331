#include "tests/support/real_data.h"

#include <cstdlib>

#include "tests/support/paths.h"

namespace matinee::test {

std::filesystem::path real_data(const char* name) {
  const char* given = std::getenv("MATINEE_DATA");
  const std::filesystem::path root =
      given != nullptr ? std::filesystem::path(given) : source_folder() / "../shared/data";
  const std::filesystem::path folder = root / name;
  return std::filesystem::is_directory(folder) ? folder : std::filesystem::path();
}

}  // namespace matinee::test
