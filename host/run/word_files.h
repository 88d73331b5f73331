#pragma once

#include <filesystem>

#include "engine/text/corpus.h"
#include "engine/text/word_vectors.h"
#include "host/report/words_overview.h"
#include "kernels/support/context.h"

namespace matinee::host {

// Writes what others read of a model's words beside its model.safetensors:
//   vectors.txt vectors.bin   the formats of word2vec
//   words.json                WordsOverview
void write_word_files(const std::filesystem::path& folder, Context& context, const engine::WordVectors& words,
                      const engine::Corpus& corpus);

// What a run holds of the words of a model. Whether it holds any.
bool has_word_files(const std::filesystem::path& folder);
// Of a model's folder; Error(kArtifact) where words.json is damaged.
WordsOverview read_words_overview(const std::filesystem::path& folder);

}  // namespace matinee::host
