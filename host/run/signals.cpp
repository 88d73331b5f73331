#include "host/run/signals.h"

#include <atomic>
#include <csignal>

namespace matinee::host {
namespace {

std::atomic<int> received = 0;  // read by every stage that runs
static_assert(std::atomic<int>::is_always_lock_free, "what a signal handler writes");

void remember(int signal) {
  received = signal;
}

}  // namespace

void remember_signals() {
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A closed pipe and a file beyond the limit (ulimit -f) are errors of write(), with its message.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

int stop_signal() {
  return received;
}

bool signalled() {
  return received != 0;
}

}  // namespace matinee::host
