#include "tests/support/house_rules.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace matinee::test {
namespace {

constexpr int kMostLines = 400;
constexpr std::array<std::string_view, 3> kLayers = {"kernels/", "engine/", "host/"};  // each may include those before
constexpr std::array<std::string_view, 5> kJsonFolders = {"host/config/", "host/report/", "host/run/", "host/commands/",
                                                          "engine/artifacts/"};
constexpr std::array<std::string_view, 12> kDeviceHeaders = {
    "cuda", "cublas", "cudnn", "cusparse", "cusolver", "curand", "thrust/", "cub/", "cooperative_groups",
    "nccl", "mma.h",  "nvtx3/"};

template <typename Prefixes>
bool starts_with_any(std::string_view text, const Prefixes& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](auto prefix) { return text.starts_with(prefix); });
}

// Position in kLayers; their number for anything else.
std::size_t layer_of(std::string_view path) {
  return static_cast<std::size_t>(
      std::find_if(kLayers.begin(), kLayers.end(), [&](auto layer) { return path.starts_with(layer); }) -
      kLayers.begin());
}

// "kernels/similarity/" for a file in it.
std::string_view domain_of(std::string_view path) {
  return path.substr(0, path.find('/', kLayers[0].size()) + 1);
}

// What an #include of a header of the project does against the layers; empty: nothing.
std::string layer_violation(std::string_view path, std::string_view header) {
  const std::size_t from = layer_of(path), to = layer_of(header);
  if (to == kLayers.size()) return "is no path from the root of the repository into kernels/, engine/ or host/";
  if (to > from) return "points up the layers";
  constexpr std::string_view kSupport = "kernels/support/", kDense = "kernels/dense/";  // matrices, for every domain
  if (from > 0 || header.starts_with(kSupport)) return "";
  if (path.starts_with(kSupport)) return "points from kernels/support into a domain";
  if (header.starts_with(kDense)) return "";
  return domain_of(path) == domain_of(header) ? "" : "points from one domain of kernels/ into another";
}

// What an #include of a library's header does against the places of libraries.
std::string library_violation(std::string_view path, std::string_view header) {
  if (starts_with_any(header, kDeviceHeaders) && !path.ends_with(".cu") && !path.ends_with(".cuh")) {
    return "belongs into *.cu and *.cuh only";
  }
  if ((header.starts_with("Eigen/") || header.starts_with("unsupported/Eigen/")) && !path.ends_with("_cpu.cpp")) {
    return "belongs into *_cpu.cpp only";
  }
  if (header.starts_with("nlohmann/") && !starts_with_any(path, kJsonFolders)) {
    return "belongs into configuration, report, run, command and artifact code only";
  }
  return "";
}

std::string_view without_space(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t");
  return start == std::string_view::npos ? "" : text.substr(start);
}

// What the line's #include does against the rules; empty where it has none.
std::string line_violation(std::string_view path, std::string_view line) {
  line = without_space(line);
  if (!line.starts_with('#')) return "";
  line = without_space(line.substr(1));
  if (!line.starts_with("include")) return "";
  line = without_space(line.substr(7));
  if (line.empty()) return "";
  const bool quoted = line.front() == '"';
  const std::string_view header = line.substr(1, line.find_first_of("\">", 1) - 1);
  std::string violation = library_violation(path, header);
  // The one way to include a header or the other does not change whose it is.
  if (violation.empty() && (quoted || starts_with_any(header, kLayers))) violation = layer_violation(path, header);
  return violation.empty() ? "" : fmt::format("#include {} {}", header, violation);
}

bool is_source(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 5> kEndings = {".h", ".cpp", ".cu", ".cuh", ".in"};
  return std::find(kEndings.begin(), kEndings.end(), path.extension().string()) != kEndings.end();
}

}  // namespace

std::vector<std::string> rule_violations(std::string_view path, std::string_view text) {
  std::vector<std::string> violations;
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    ++number;
    if (const std::string what = line_violation(path, text.substr(0, end)); !what.empty()) {
      violations.push_back(fmt::format("{}:{}: {}", path, number, what));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (number > kMostLines) {
    violations.push_back(fmt::format("{}:{}: longer than {} lines", path, number, kMostLines));
  }
  return violations;
}

HouseCheck check_house(const std::filesystem::path& repository) {
  HouseCheck check;
  for (const std::string_view layer : kLayers) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(repository / layer)) {
      if (!entry.is_regular_file() || !is_source(entry.path())) continue;
      ++check.files;
      std::ifstream file(entry.path());
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      const std::string path = std::filesystem::relative(entry.path(), repository).generic_string();
      for (std::string& violation : rule_violations(path, text)) check.violations.push_back(std::move(violation));
    }
  }
  std::sort(check.violations.begin(), check.violations.end());
  return check;
}

}  // namespace matinee::test
