#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "engine/model.h"
#include "engine/text/inverted_index.h"
#include "host/run/interest_files.h"
#include "host/run/open_run.h"

namespace matinee::host {

// search/index.safetensors below the root of a run: an inverted index (engine/text/inverted_index.h) whose documents
// are the items.
inline constexpr const char* kSearchFolder = "search";
void write_search_index(const std::filesystem::path& root, const engine::Catalogue& catalogue);
// Error(kArtifact) where the file is damaged or of another run.
engine::InvertedIndex read_search_index(const std::filesystem::path& root, const RunData& data);

bool has_search_index(const OpenRun& run);

// Vectors of users and items, and what holds them.
struct Taste {
  std::unique_ptr<engine::Model> model;
  std::optional<InterestVectors> users, items;
  engine::TasteVectors vectors;
};

// Of a trained model with such vectors; of a model's folder with interest vectors.
Taste taste_of(std::unique_ptr<engine::Model> model);
Taste taste_of(const std::filesystem::path& interest, const RunData& data);
// Of a run's model that makes_taste(), whose files are checked.
Taste taste_of(const OpenRun& run, const ModelSpec& spec);

}  // namespace matinee::host
