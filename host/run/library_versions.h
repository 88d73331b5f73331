#pragma once

#include <string>
#include <utility>
#include <vector>

namespace matinee::host {

// Name and version of each library that the program uses: those that it runs with where a library can say so, else
// those that it was compiled with. For manifests and `doctor`. CUDA is left out where its backend is not built in.
std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace matinee::host
