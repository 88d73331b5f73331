#include "host/terminal/log.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "host/text/encoding.h"

namespace matinee::host {
namespace {

// The message as the inside of a JSON string.
class JsonText : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& line) override {
    std::string_view rest(message.payload.data(), message.payload.size());
    while (!rest.empty()) {
      const std::size_t length = utf8_sequence_length(rest);  // 0: paths and ids may hold any byte
      append(rest.substr(0, length), line);
      rest.remove_prefix(std::max<std::size_t>(length, 1));
    }
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<JsonText>(); }

 private:
  // One character of UTF-8; empty: a byte that is none.
  static void append(std::string_view character, spdlog::memory_buf_t& line) {
    const auto code = character.empty() ? 0xFFFDU : static_cast<unsigned char>(character.front());
    if (character == "\"" || character == "\\") {
      fmt::format_to(std::back_inserter(line), "\\{}", character);
    } else if (character.empty() || code < 0x20) {
      fmt::format_to(std::back_inserter(line), "\\u{:04x}", code);
    } else {
      line.append(character.data(), character.data() + character.size());
    }
  }
};

LogFormat started = LogFormat::kText;

}  // namespace

LogFormat log_format() {
  return started;
}

LogFormat asked_log_format(std::span<const char* const> arguments) {
  constexpr std::string_view kOption = "--log-format";
  LogFormat format = LogFormat::kText;
  for (std::size_t place = 0; place < arguments.size(); ++place) {
    std::string_view argument = arguments[place];
    if (argument == "--") break;
    if (!argument.starts_with(kOption)) continue;
    argument.remove_prefix(kOption.size());
    std::string_view value;
    if (argument.starts_with('=')) value = argument.substr(1);
    if (argument.empty() && place + 1 < arguments.size()) value = arguments[place + 1];
    if (value == "json") format = LogFormat::kJson;
    if (value == "text") format = LogFormat::kText;
  }
  return format;
}

void start_log(LogFormat format) {
  started = format;
  auto logger = std::make_shared<spdlog::logger>("matinee", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  if (format == LogFormat::kJson) {
    formatter->add_flag<JsonText>('*').set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%*"})");
  } else {
    formatter->set_pattern("%H:%M:%S %L %v");
  }
  logger->set_formatter(std::move(formatter));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace matinee::host
