#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "engine/text/corpus.h"
#include "engine/text/word_vectors.h"
#include "kernels/support/context.h"

namespace matinee::host {

// What a report shows of the words that a model has learnt.
struct WordsOverview {
  struct Point {
    std::string word;
    int64_t count;
    double x, y;  // engine/text/word_map.h
  };
  struct Neighbours {
    std::string word;
    std::vector<std::pair<std::string, double>> nearest;  // best first, with cosines
  };
  int64_t documents = 0, words = 0, vocabulary = 0, dimensions = 0;
  std::vector<std::string> notes;
  double x_share = 0, y_share = 0;
  std::vector<Point> points;  // by falling count
  std::vector<Neighbours> neighbours;
};

// Writes what others read of a model's words beside its model.safetensors:
//   vectors.txt vectors.bin   the formats of word2vec
//   words.json                WordsOverview
void write_word_files(const std::filesystem::path& folder, Context& context, const engine::WordVectors& words,
                      const engine::Corpus& corpus);

// Of a model's folder; Error(kArtifact) where words.json is damaged.
WordsOverview read_words_overview(const std::filesystem::path& folder);

}  // namespace matinee::host
