#include "tests/support/command_line.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/paths.h"
#include "tests/support/text_files.h"

namespace matinee::test {
namespace fs = std::filesystem;

using testing::HasSubstr;

CommandLine::CommandLine() {
  fs::create_directory(at("good"));
  write("good/ratings.csv", ratings());
  write("job.json", job(R"("popular": {"type": "most_popular"}, "cf": {"type": "item_similarity", "neighbours": 10},
                           "mf": {"type": "mf", "factors": 4, "epochs": 3})"));
}

void CommandLine::write(const fs::path& path, std::string_view text) const {
  fs::create_directories(at(path).parent_path());
  write_text(at(path), text);
}

StartedProgram CommandLine::start(std::vector<std::string> arguments, ProgramSettings settings) const {
  arguments.insert(arguments.begin(), program().string());
  if (settings.folder.empty()) settings.folder = folder_.path();
  return StartedProgram(arguments, settings);
}

ProgramEnd CommandLine::matinee(std::vector<std::string> arguments, ProgramSettings settings) const {
  return start(std::move(arguments), std::move(settings)).end();
}

std::string CommandLine::done(const std::vector<std::string>& arguments) const {
  const ProgramEnd end = matinee(arguments);
  EXPECT_EQ(end.exit_code, 0) << fmt::format("matinee {}\n{}", fmt::join(arguments, " "), end.err);
  return end.out;
}

std::string CommandLine::current(const fs::path& runs) const {
  std::error_code error;
  const fs::path target = fs::read_symlink(at(runs) / "current", error);
  return error ? "" : target.string();
}

std::map<std::string, std::string> CommandLine::deterministic_files(const fs::path& folder) const {
  std::map<std::string, std::string> files;
  const fs::path root = fs::canonical(at(folder));
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string name = fs::relative(entry.path(), root).generic_string();
    if (entry.is_regular_file() && name != "manifest.json" && name != "metrics.jsonl")
      files[name] = read_text(entry.path());
  }
  return files;
}

std::vector<std::string> CommandLine::differences(const std::map<std::string, std::string>& left,
                                                  const std::map<std::string, std::string>& right) {
  std::vector<std::string> names;
  for (const auto& [name, text] : left) {
    const auto other = right.find(name);
    if (other == right.end() || other->second != text) names.push_back(name);
  }
  for (const auto& [name, text] : right) {
    if (!left.contains(name)) names.push_back(name);
  }
  return names;
}

std::string CommandLine::manifest_value(const fs::path& run, const std::string& pointer) const {
  const auto manifest = nlohmann::json::parse(read_text(at(run) / "manifest.json"));
  return manifest.at(nlohmann::json::json_pointer(pointer)).dump();
}

std::map<std::string, bool> CommandLine::reused(const fs::path& run) const {
  std::map<std::string, bool> stages;
  const auto manifest = nlohmann::json::parse(read_text(at(run) / "manifest.json"));
  for (const auto& stage : manifest.at("stages")) {
    stages[stage.at("name")] = stage.at("reused");
  }
  EXPECT_GE(stages.size(), 2U);
  return stages;
}

std::string CommandLine::ratings(int users, int items) {
  std::string text = "userId,movieId,rating,timestamp\n";
  for (int user = 1; user <= users; ++user) {
    for (int item = 1; item <= items; ++item) {
      const int mixed = (user * 7919 + item * 104729 + user * item * 31) % 101;
      if (mixed % 3 == 0)
        text += fmt::format("{},{},{},{}\n", user, item, 0.5 * (1 + mixed % 10), 1000000 + user * 1000 + mixed);
    }
  }
  return text;
}

std::string CommandLine::job(const std::string& models, const std::string& more) {
  return R"({"name": "small", "dataset": {"format": "movielens_csv", "path": "good", "split": {"kind": "leave_last_out"}},
             "models": {)" +
         models + R"(}, "output": {"directory": "runs"})" + more + "}";
}

PublishedBefore::PublishedBefore() {
  done({"train", "job.json"});
  run_ = current();
  EXPECT_NE(run_, "");
  files_ = deterministic_files("runs/current");
}

std::string PublishedBefore::expect_refused(const std::vector<std::string>& arguments, int exit_code,
                                            const std::vector<std::string>& words,
                                            const ProgramSettings& settings) const {
  const ProgramEnd end = matinee(arguments, settings);
  const std::string command = fmt::format("matinee {}", fmt::join(arguments, " "));
  EXPECT_EQ(end.exit_code, exit_code) << command << "\n" << end.err;
  for (const std::string& word : words) EXPECT_THAT(end.err, HasSubstr(word)) << command;
  EXPECT_EQ(end.out, "") << command;
  expect_untouched();
  return end.err;
}

void PublishedBefore::expect_untouched() const {
  EXPECT_EQ(current(), run_);
  EXPECT_THAT(visible_entries(), testing::UnorderedElementsAre("current", run_)) << "a refused run left something";
  EXPECT_THAT(differences(deterministic_files("runs/current"), files_), testing::IsEmpty());
  EXPECT_THAT(done({"verify", "runs"}), HasSubstr("all as in the manifest"));
}

std::vector<std::string> PublishedBefore::visible_entries() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(at("runs"))) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.') || name.starts_with(".incoming")) names.push_back(name);
  }
  return names;
}

}  // namespace matinee::test
