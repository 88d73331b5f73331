#pragma once

#include <string_view>
#include <vector>

#include "engine/model.h"
#include "host/commands/query_options.h"
#include "host/run/run_data.h"

namespace matinee::host {

// Ranked items with titles on stdout: an aligned table, or {HEAD…, "items": [{"rank", "item", "title", "score"}]}.
void print_item_table(const std::vector<engine::ScoredItem>& items, const RunData& data, std::string_view score_name);
void print_item_json(const std::vector<engine::ScoredItem>& items, const RunData& data, std::string_view score_name,
                     const std::vector<std::pair<std::string, std::string>>& head);

// The answer of `similar --item`, in the format that was asked for.
void print_similar_items(const OpenRun& run, const QueryOptions& options, int32_t item, const std::string& model,
                         const std::vector<engine::ScoredItem>& items);

// `text` with spaces after it, or cut with an ellipsis, so that it is `width` letters (code points) wide.
std::string padded(std::string text, int width);

// The title of an item, or its external id where it has none.
std::string title_of(const RunData& data, int32_t item);

}  // namespace matinee::host
