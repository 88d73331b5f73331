#include "host/report/protocol_text.h"

#include <algorithm>
#include <type_traits>

#include <fmt/format.h>

#include "host/report/number_text.h"

namespace matinee::host {
namespace {

constexpr std::size_t kShownDigits = 12;  // of a SHA-256; metrics.json has them all

std::string text_of(const engine::ProtocolValue& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, bool>) return held ? "yes" : "no";
        if constexpr (std::is_same_v<Held, double>) return short_text(held);
        if constexpr (std::is_same_v<Held, int64_t>) return fmt::format("{}", held);
        if constexpr (std::is_same_v<Held, std::string>) return held;
      },
      value);
}

std::string_view candidates_sentence(std::string_view candidates) {
  if (candidates == "all") return "Full ranking: all items that the user has not rated in training compete. ";
  if (candidates == "sampled") {
    return "Sampled ranking: each held-out item competes with a sample of items only; not comparable with full "
           "ranking. ";
  }
  if (candidates == "ratings") return "Rating prediction: predicted against held-out ratings. ";
  return "";
}

std::string words(std::string_view key) {
  std::string text(key);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace

std::string protocol_value(const engine::Protocol& protocol, std::string_view key) {
  for (const auto& [name, value] : protocol) {
    if (name == key) return text_of(value);
  }
  return "";
}

bool of_all_folds(const engine::Evaluation& evaluation) {
  const std::string fold = protocol_value(evaluation.protocol, "fold");
  return fold.empty() || fold == "pooled";
}

std::string candidates_title(std::string_view candidates) {
  if (candidates == "all") return "Full ranking";
  if (candidates == "sampled") return "Sampled ranking";
  if (candidates == "ratings") return "Rating prediction";
  return label_of(candidates);
}

std::string protocol_sentences(const engine::Protocol& protocol) {
  std::string text(candidates_sentence(protocol_value(protocol, "candidates")));
  std::string rest;
  for (const auto& [key, value] : protocol) {
    if (key == "candidates") continue;
    std::string shown = text_of(value);
    if (key == "fold" && shown == "pooled") {
      text += "Pooled over all folds. ";
      continue;
    }
    if (key.ends_with("sha256") && shown.size() > kShownDigits) shown = shown.substr(0, kShownDigits) + "\u2026";
    rest += rest.empty() ? fmt::format("{}: {}", label_of(key), shown) : fmt::format("; {}: {}", words(key), shown);
  }
  if (!rest.empty()) {
    text += rest + ".";
  } else if (!text.empty()) {
    text.pop_back();
  }
  return text;
}

}  // namespace matinee::host
