#include "runtime/findings.h"

#include <cstdio>
#include <deque>

#include "runtime/errors.h"

namespace simulated_gpu {
namespace {

std::deque<std::string>& findings() {
  static auto* all = new std::deque<std::string>;
  return *all;
}

}  // namespace

void add_finding(const std::string& kind, const std::string& text) {
  const std::string line = text.compare(0, kind.size(), kind) == 0 ? text : kind + ": " + text;
  std::fprintf(stderr, "simulated GPU: %s\n", line.c_str());
  findings().push_back(line);
}

std::string take_finding() {
  if (findings().empty()) return "";
  std::string oldest = findings().front();
  findings().pop_front();
  set_sticky_error(cudaSuccess);
  forget_last_error();
  return oldest;
}

bool has_findings() {
  return !findings().empty();
}

}  // namespace simulated_gpu
