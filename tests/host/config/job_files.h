#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "host/config/parse_job.h"
#include "kernels/support/error.h"
#include "tests/support/temporary_folder.h"

namespace matinee::host {

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The lines of the error that `act` throws; none where it throws none. It must be of the kind kConfig.
template <typename Act>
std::vector<std::string> config_errors(const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kConfig);
    return lines_of(error.what());
  }
  return {};
}

// A job file for as long as the test runs.
class JobFile {
 public:
  explicit JobFile(const std::string& text) { std::ofstream(path(), std::ios::binary) << text; }

  std::filesystem::path folder() const { return folder_.path(); }
  std::string path() const { return (folder_.path() / "job.json").string(); }
  Job parse(const Overrides& overrides = {}) const { return parse_job(path(), overrides); }

  // Errors without the folder in front: "job.json: /seed: …".
  std::vector<std::string> errors(const Overrides& overrides = {}) const {
    std::vector<std::string> lines = config_errors([&] { parse(overrides); });
    const std::string prefix = folder_.path().string() + "/";
    for (std::string& line : lines) {
      if (line.starts_with(prefix)) line = line.substr(prefix.size());
    }
    return lines;
  }

 private:
  test::TemporaryFolder folder_;
};

inline std::vector<std::string> errors_of(const std::string& text, const Overrides& overrides = {}) {
  return JobFile(text).errors(overrides);
}

// A job on synthetic data; `more` are further members, each with its comma before it.
inline std::string job_text(const std::string& models = R"("a": {"type": "random"})", const std::string& more = "") {
  return R"({"dataset": {"format": "synthetic", "split": {"kind": "random"}}, "models": {)" + models + "}" + more + "}";
}

inline Overrides settings(std::vector<std::string> list) {
  return {std::move(list), std::nullopt, std::nullopt};
}

}  // namespace matinee::host
