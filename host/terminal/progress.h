#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace matinee::host {

// "1 h 02 min", "3 min 20 s", "12 s".
std::string duration_text(double seconds);
// "3.2 M ratings/s", "12.4 epochs/min", "7 epochs/h": in the smallest unit of time that gives one or more.
std::string rate_text(double per_second, std::string_view unit);
// "1.2 GiB", "640 KiB".
std::string bytes_text(int64_t bytes);

// Progress of one stage on stderr with rate and time left: a bar on a terminal, a log line now and then
// otherwise and where the log is JSON.
class Progress {
 public:
  // `resumed`: the first update says what an earlier process had done.
  explicit Progress(std::string stage, bool resumed = false);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(double done, double total, std::string_view unit);

 private:
  using Clock = std::chrono::steady_clock;
  void draw(std::string_view text, double share);

  std::string stage_;
  bool terminal_;
  bool drawn_ = false;
  double first_done_;  // where this process took up the work: the rate is its own; -1: not known yet
  Clock::time_point start_, last_;
};

}  // namespace matinee::host
