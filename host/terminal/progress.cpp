#include "host/terminal/progress.h"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "host/terminal/log.h"

namespace matinee::host {
namespace {

constexpr double kSecondsBetweenBars = 0.1;
constexpr double kSecondsBetweenLines = 10;
constexpr int kBarWidth = 24;

std::string count_text(double count) {
  if (count >= 1e9) return fmt::format("{:.2f} G", count * 1e-9);
  if (count >= 1e6) return fmt::format("{:.2f} M", count * 1e-6);
  if (count >= 1e4) return fmt::format("{:.1f} k", count * 1e-3);
  return count == static_cast<double>(static_cast<int64_t>(count)) ? fmt::format("{:.0f}", count)
                                                                   : fmt::format("{:.1f}", count);
}

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<int64_t>(seconds + 0.5);
  if (whole >= 3600) return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
  if (whole >= 60) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return seconds < 9.5 ? fmt::format("{:.1f} s", seconds) : fmt::format("{} s", whole);
}

std::string rate_text(double per_second, std::string_view unit) {
  if (per_second >= 1 || per_second <= 0) return fmt::format("{} {}/s", count_text(per_second), unit);
  if (per_second >= 1.0 / 60) return fmt::format("{} {}/min", count_text(per_second * 60), unit);
  return fmt::format("{} {}/h", count_text(per_second * 3600), unit);
}

std::string bytes_text(int64_t bytes) {
  if (bytes >= int64_t{1} << 40)
    return fmt::format("{:.1f} TiB", static_cast<double>(bytes) / static_cast<double>(int64_t{1} << 40));
  if (bytes >= 1 << 30) return fmt::format("{:.1f} GiB", static_cast<double>(bytes) / (1 << 30));
  if (bytes >= 1 << 20) return fmt::format("{:.0f} MiB", static_cast<double>(bytes) / (1 << 20));
  return fmt::format("{} KiB", (bytes + 1023) / 1024);
}

Progress::Progress(std::string stage, bool resumed)
    : stage_(std::move(stage)),
      terminal_(log_format() == LogFormat::kText && isatty(STDERR_FILENO) == 1),
      first_done_(resumed ? -1 : 0),
      start_(Clock::now()),
      last_(start_) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void Progress::update(double done, double total, std::string_view unit) {
  const auto now = Clock::now();
  if (first_done_ < 0) first_done_ = done;
  if (std::chrono::duration<double>(now - last_).count() < (terminal_ ? kSecondsBetweenBars : kSecondsBetweenLines))
    return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double rate = (done - first_done_) / seconds;
  const double share = total > 0 ? std::clamp(done / total, 0.0, 1.0) : 0;
  std::string text = fmt::format("{} of {} {} ({:.0f} %), {}", count_text(done), count_text(total), unit, share * 100,
                                 rate_text(rate, unit));
  if (rate > 0) text += fmt::format(", {} left", duration_text((total - done) / rate));
  draw(text, share);
}

void Progress::draw(std::string_view text, double share) {
  if (!terminal_) {
    spdlog::info("{}: {}", stage_, text);
    return;
  }
  const int filled = static_cast<int>(share * kBarWidth);
  std::string bar;
  for (int cell = 0; cell < kBarWidth; ++cell) bar += cell < filled ? "█" : "·";
  fmt::print(stderr, "\r\033[K{} {} {}", stage_, bar, text);
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace matinee::host
