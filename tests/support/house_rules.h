#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace matinee::test {

// What a source file of kernels/, engine/ or host/ does against the rules of the house, as "PATH:LINE: what": includes
// point host -> engine -> kernels/<domain> -> kernels/support only; CUDA headers stand in *.cu and *.cuh only, Eigen in
// *_cpu.cpp only, JSON in configuration, report, run, command and artifact code only; no file is longer than 400 lines.
// `path` is relative to the repository.
std::vector<std::string> rule_violations(std::string_view path, std::string_view text);

// All of them under `repository`, and how many files were read.
struct HouseCheck {
  std::vector<std::string> violations;
  int files = 0;
};
HouseCheck check_house(const std::filesystem::path& repository);

}  // namespace matinee::test
