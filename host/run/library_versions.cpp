#include "host/run/library_versions.h"

#include <CLI/Version.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>
#include <spdlog/version.h>
#include <utf8proc.h>
#include <zlib.h>

#include "engine/version.h"
#include "kernels/support/cuda_versions.h"

namespace matinee::host {
namespace {

std::string dotted(int major, int minor, int patch) {
  return fmt::format("{}.{}.{}", major, minor, patch);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> library_versions() {
  std::vector<std::pair<std::string, std::string>> versions = {
      {"fmt", dotted(FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
      {"nlohmann_json", dotted(NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)},
      {"spdlog", dotted(SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH)},
      {"zlib", zlibVersion()},
      {"utf8proc", utf8proc_version()},
      {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
      {"cli11", CLI11_VERSION},
      {"eigen", engine::kEigenVersion}};
  const CudaVersions cuda = cuda_versions();
  if (!cuda.runtime.empty()) versions.emplace_back("cuda_runtime", cuda.runtime);
  if (!cuda.driver.empty()) versions.emplace_back("cuda_driver", cuda.driver);
  return versions;
}

}  // namespace matinee::host
