// What `--log-format json` promises: every line on stderr is one JSON object, whatever happens and wherever it goes.
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"

namespace matinee::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// A terminal that a program can have as its stderr.
class Terminal {
 public:
  Terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)) {
    if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0) return;
    slave_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
  }
  ~Terminal() {
    if (slave_ >= 0) ::close(slave_);
    if (master_ >= 0) ::close(master_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  int slave() const { return slave_; }
  // What was written since the last call.
  std::string read() const {
    std::string text;
    char part[4096];
    for (ssize_t count = 0; (count = ::read(master_, part, sizeof part)) > 0;)
      text.append(part, static_cast<std::size_t>(count));
    return text;
  }

 private:
  int master_ = -1, slave_ = -1;
};

class LogFormat : public CommandLine {
 protected:
  static std::vector<nlohmann::json> json_lines(const std::string& text) {
    std::vector<nlohmann::json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
      if (line.ends_with('\r')) line.pop_back();  // terminals add it
      lines.push_back(nlohmann::json::parse(line, nullptr, false));
      EXPECT_TRUE(lines.back().is_object() && lines.back().contains("message")) << line;
    }
    return lines;
  }
  // What the command writes there; it is stopped once it has written `enough`.
  std::string on_terminal(const std::vector<std::string>& arguments, std::string_view enough) const {
    const Terminal terminal;
    EXPECT_GE(terminal.slave(), 0);
    ProgramSettings settings;
    settings.in_child = [&terminal] { ::dup2(terminal.slave(), STDERR_FILENO); };
    StartedProgram program = start(arguments, settings);
    std::string text;
    while (program.running() && text.find(enough) == std::string::npos) {
      text += terminal.read();
      ::usleep(1000);
    }
    program.send(SIGTERM);
    EXPECT_EQ(program.end().exit_code, 128 + SIGTERM) << text;
    return text + terminal.read();
  }
};

TEST_F(LogFormat, ErrorsOfTheCommandLineAreJsonToo) {
  const std::vector<std::vector<std::string>> commands = {{"train", "job.json", "--log-format=json", "--bogus"},
                                                          {"train", "--bogus", "--log-format", "json"},
                                                          {"trian", "job.json", "--log-format=json"},
                                                          {"recommend", "runs", "--log-format", "json"},
                                                          {"validate", "nowhere.json", "--log-format", "json"}};
  for (const auto& command : commands) {
    const ProgramEnd end = matinee(command);
    EXPECT_EQ(end.exit_code, 2);
    const auto lines = json_lines(end.err);
    ASSERT_EQ(lines.size(), 1U) << end.err;
    EXPECT_EQ(lines[0]["level"], "error");
  }
  EXPECT_THAT(matinee({"train", "job.json", "--bogus"}).err, AllOf(HasSubstr("--bogus"), Not(HasSubstr("{\"time\""))));
}

TEST_F(LogFormat, BytesThatAreNoTextAreReplaced) {
  const ProgramEnd end = matinee({"validate", "no\xFF\xC3\xA9\n\"file", "--log-format", "json"});
  EXPECT_EQ(end.exit_code, 2);
  const auto lines = json_lines(end.err);
  ASSERT_EQ(lines.size(), 1U) << end.err;
  EXPECT_THAT(lines[0]["message"].get<std::string>(), HasSubstr("no\uFFFD\u00E9\n\"file: cannot be read"));
}

TEST_F(LogFormat, OnATerminalNoBarStandsAmongTheObjects) {
  // Far more epochs than the test waits for.
  write("long.json",
        R"({"dataset": {"format": "synthetic", "synthetic": {"users": 2000, "items": 500, "ratings": 60000},
                        "split": {"kind": "none"}},
            "models": {"mf": {"type": "mf", "factors": 64, "epochs": 100000}}, "output": {"recommendations": 0}})");
  EXPECT_THAT(on_terminal({"train", "long.json", "--output", "text"}, "\033[K"), HasSubstr("\033[K")) << "a bar";
  // A line of progress comes after ten seconds; a bar would have come a hundred times by then.
  const std::string json = on_terminal({"train", "long.json", "--output", "json", "--log-format", "json"}, "epochs/s");
  EXPECT_THAT(json, AllOf(HasSubstr("epochs/s"), Not(HasSubstr("\033"))));
  EXPECT_GE(json_lines(json).size(), 3U);
}

}  // namespace
}  // namespace matinee::test
