#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace matinee::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // the program reserves address space that limits would take away
#else
constexpr bool kSanitized = false;
#endif

// How a program that has ended did so.
struct ProgramEnd {
  int exit_code = -1;      // -1: it ended by a signal
  int killed_by = 0;       // that signal
  bool timed_out = false;  // it was killed because it took too long
  double seconds = 0;
  std::string out, err;
};

struct ProgramSettings {
  std::filesystem::path folder;    // working directory; empty: that of the test
  std::function<void()> in_child;  // runs in the child before the program starts; async-signal-safe calls only
  double timeout = 120;            // seconds
};

// A child process whose stdout and stderr are kept. Killed where the test ends before it.
class StartedProgram {
 public:
  StartedProgram(const std::vector<std::string>& command, const ProgramSettings& settings);
  ~StartedProgram();
  StartedProgram(const StartedProgram&) = delete;
  StartedProgram& operator=(const StartedProgram&) = delete;

  void send(int signal) const;
  bool running();
  // Waits for the end.
  ProgramEnd end();

 private:
  pid_t process_ = -1;
  bool ended_ = false;
  int status_ = 0, out_ = -1, err_ = -1;
  double started_ = 0, timeout_ = 0;
};

ProgramEnd run_program(const std::vector<std::string>& command, const ProgramSettings& settings = {});

}  // namespace matinee::test
