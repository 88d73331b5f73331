#include "host/commands/item_table.h"

#include <algorithm>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace matinee::host {
namespace {

constexpr int kTitleWidth = 52;

}  // namespace

std::string padded(std::string text, int width) {
  int letters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
    if (letters == width - 1 && text.size() > at + 1) {
      text.resize(at);
      return text + "…";
    }
    ++letters;
  }
  return text + std::string(static_cast<std::size_t>(std::max(0, width - letters)), ' ');
}

std::string title_of(const RunData& data, int32_t item) {
  const std::string& title = data.catalogue.titles[static_cast<std::size_t>(item)];
  return title.empty() ? data.items.id(item) : title;
}

void print_item_table(const std::vector<engine::ScoredItem>& items, const RunData& data, std::string_view score_name) {
  fmt::print("{:>4}  {:<10}  {}  {:>10}\n", "rank", "item", padded("title", kTitleWidth), score_name);
  for (std::size_t rank = 0; rank < items.size(); ++rank) {
    fmt::print("{:>4}  {:<10}  {}  {:>10.4f}\n", rank + 1, data.items.id(items[rank].item),
               padded(title_of(data, items[rank].item), kTitleWidth), items[rank].score);
  }
}

void print_item_json(const std::vector<engine::ScoredItem>& items, const RunData& data, std::string_view score_name,
                     const std::vector<std::pair<std::string, std::string>>& head) {
  nlohmann::ordered_json json;
  for (const auto& [key, value] : head) json[key] = value;
  json["items"] = nlohmann::ordered_json::array();
  for (std::size_t rank = 0; rank < items.size(); ++rank) {
    json["items"].push_back({{"rank", rank + 1},
                             {"item", data.items.id(items[rank].item)},
                             {"title", title_of(data, items[rank].item)},
                             {score_name, items[rank].score}});
  }
  fmt::print("{}\n", json.dump(2));
}

void print_similar_items(const OpenRun& run, const QueryOptions& options, int32_t item, const std::string& model,
                         const std::vector<engine::ScoredItem>& items) {
  const std::string& id = run.data.items.id(item);
  if (*options.json) {
    print_item_json(
        items, run.data, "similarity",
        {{"item", id}, {"title", title_of(run.data, item)}, {"model", model}, {"run", run.folder.filename().string()}});
  } else {
    fmt::print("items similar to {} ({}), model {}\n", title_of(run.data, item), id, model);
    print_item_table(items, run.data, "similarity");
  }
}

}  // namespace matinee::host
