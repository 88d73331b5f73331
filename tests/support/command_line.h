#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace matinee::test {

// A working directory with small ratings (good/ratings.csv) and a job on them (job.json, output in runs/), and the
// program.
class CommandLine : public testing::Test {
 protected:
  CommandLine();

  std::filesystem::path at(const std::filesystem::path& path) const { return folder_ / path; }
  void write(const std::filesystem::path& path, std::string_view text) const;
  // The program, in the working directory.
  ProgramEnd matinee(std::vector<std::string> arguments, ProgramSettings settings = {}) const;
  StartedProgram start(std::vector<std::string> arguments, ProgramSettings settings = {}) const;
  // The same; a failure of the test where it does not end with exit 0. Returns stdout.
  std::string done(const std::vector<std::string>& arguments) const;

  // The id of the published run of an output directory; empty: none.
  std::string current(const std::filesystem::path& runs = "runs") const;
  // Every file below a folder, with its bytes, but for those that hold times.
  std::map<std::string, std::string> deterministic_files(const std::filesystem::path& folder) const;
  // The names of files that only one of both has, or with other bytes.
  static std::vector<std::string> differences(const std::map<std::string, std::string>& left,
                                              const std::map<std::string, std::string>& right);
  // A value of a run's manifest, as JSON text: manifest_value("runs/current", "/stages/0/reused").
  std::string manifest_value(const std::filesystem::path& run, const std::string& pointer) const;
  // Name of stage -> whether it was reused, of a run's manifest.
  std::map<std::string, bool> reused(const std::filesystem::path& run) const;

  // Lines "user,item,rating,timestamp" of a small matrix of ratings, with its header.
  static std::string ratings(int users = 40, int items = 30);
  static std::string job(const std::string& models, const std::string& more = "");

  TemporaryFolder folder_;
};

// With a run that was published before: what is refused must leave it as it is.
class PublishedBefore : public CommandLine {
 protected:
  PublishedBefore();
  // The command ends with this exit code, says all of `words` on stderr and nothing on stdout, and changes no run.
  std::string expect_refused(const std::vector<std::string>& arguments, int exit_code,
                             const std::vector<std::string>& words, const ProgramSettings& settings = {}) const;
  void expect_untouched() const;

 private:
  std::vector<std::string> visible_entries() const;
  std::string run_;
  std::map<std::string, std::string> files_;
};

}  // namespace matinee::test
