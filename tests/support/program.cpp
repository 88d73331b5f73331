#include "tests/support/program.h"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace matinee::test {
namespace {

constexpr int kCannotStart = 127;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int memory_file(const char* name) {
  const int descriptor = ::memfd_create(name, MFD_CLOEXEC);
  if (descriptor < 0) throw std::runtime_error("memfd_create failed");
  return descriptor;
}

std::string text_in(int descriptor) {
  std::string text(static_cast<std::size_t>(::lseek(descriptor, 0, SEEK_END)), '\0');
  const ssize_t count = ::pread(descriptor, text.data(), text.size(), 0);
  text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return text;
}

}  // namespace

StartedProgram::StartedProgram(const std::vector<std::string>& command, const ProgramSettings& settings)
    : out_(memory_file("stdout")), err_(memory_file("stderr")), started_(now()), timeout_(settings.timeout) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  process_ = ::fork();
  if (process_ < 0) throw std::runtime_error("fork failed");
  if (process_ > 0) return;
  if (!settings.folder.empty() && ::chdir(settings.folder.c_str()) != 0) ::_exit(kCannotStart);
  ::dup2(out_, STDOUT_FILENO);
  ::dup2(err_, STDERR_FILENO);
  if (settings.in_child) settings.in_child();
  ::execv(arguments[0], arguments.data());
  ::_exit(kCannotStart);
}

StartedProgram::~StartedProgram() {
  if (running()) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  ::close(out_);
  ::close(err_);
}

void StartedProgram::send(int signal) const {
  if (!ended_) ::kill(process_, signal);
}

bool StartedProgram::running() {
  if (!ended_) ended_ = ::waitpid(process_, &status_, WNOHANG) == process_;
  return !ended_;
}

ProgramEnd StartedProgram::end() {
  ProgramEnd end;
  while (running()) {
    if (now() - started_ > timeout_ && !end.timed_out) {
      end.timed_out = true;
      send(SIGKILL);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (WIFEXITED(status_)) end.exit_code = WEXITSTATUS(status_);
  if (WIFSIGNALED(status_)) end.killed_by = WTERMSIG(status_);
  end.seconds = now() - started_;
  end.out = text_in(out_);
  end.err = text_in(err_);
  return end;
}

ProgramEnd run_program(const std::vector<std::string>& command, const ProgramSettings& settings) {
  return StartedProgram(command, settings).end();
}

}  // namespace matinee::test
