#include "host/run/word_files.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "engine/artifacts/file_writer.h"
#include "engine/artifacts/word2vec_files.h"
#include "engine/text/word_map.h"
#include "host/text/json_problem.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;
using engine::Vocabulary;

constexpr const char* kOverviewFile = "words.json";
constexpr int64_t kMappedWords = 500;
constexpr int32_t kShownWords = 12;  // with their neighbours
constexpr int64_t kNeighbours = 5;

Json map_json(Context& context, const engine::WordVectors& words) {
  const engine::WordMap map = engine::map_of_words(context, words, kMappedWords);
  Json points = Json::array();
  for (const engine::WordMap::Point& point : map.points) {
    const Vocabulary& vocabulary = *words.vocabulary;
    points.push_back({vocabulary.word(point.id), vocabulary.count(point.id), point.x, point.y});
  }
  return {{"x_share", map.x_share}, {"y_share", map.y_share}, {"points", std::move(points)}};
}

// Of the most frequent words.
Json neighbours_json(const engine::WordVectors& words) {
  const Vocabulary& vocabulary = *words.vocabulary;
  Json list = Json::array();
  const int32_t end = std::min(vocabulary.size(), Vocabulary::kSpecials + kShownWords);
  for (int32_t id = Vocabulary::kSpecials; id < end; ++id) {
    Json nearest = Json::array();
    for (const engine::ScoredWord& near : engine::nearest_words(words, id, kNeighbours)) {
      nearest.push_back({vocabulary.word(near.id), near.similarity});
    }
    list.push_back({{"word", vocabulary.word(id)}, {"nearest", std::move(nearest)}});
  }
  return list;
}

}  // namespace

void write_word_files(const fs::path& folder, Context& context, const engine::WordVectors& words,
                      const engine::Corpus& corpus) {
  engine::write_word2vec_text(folder / "vectors.txt", words);
  engine::write_word2vec_binary(folder / "vectors.bin", words);
  const Json json = {
      {"documents", corpus.documents()},     {"words", corpus.words()}, {"vocabulary", words.vocabulary->word_count()},
      {"dimensions", words.vectors.columns}, {"notes", corpus.notes},   {"map", map_json(context, words)},
      {"neighbours", neighbours_json(words)}};
  engine::write_file(folder / kOverviewFile, json.dump(1) + "\n");
}

bool has_word_files(const fs::path& folder) {
  return fs::exists(folder / kOverviewFile);
}

WordsOverview read_words_overview(const fs::path& folder) {
  const fs::path path = folder / kOverviewFile;
  WordsOverview overview;
  try {
    const auto json = nlohmann::json::parse(engine::read_file(path));
    overview.documents = json.at("documents");
    overview.words = json.at("words");
    overview.vocabulary = json.at("vocabulary");
    overview.dimensions = json.at("dimensions");
    overview.notes = json.at("notes").get<std::vector<std::string>>();
    overview.x_share = json.at("map").at("x_share");
    overview.y_share = json.at("map").at("y_share");
    for (const auto& point : json.at("map").at("points")) {
      overview.points.push_back({point.at(0), point.at(1), point.at(2), point.at(3)});
    }
    for (const auto& entry : json.at("neighbours")) {
      NearestNames& neighbours = overview.neighbours.emplace_back();
      neighbours.name = entry.at("word");
      for (const auto& near : entry.at("nearest")) neighbours.nearest.emplace_back(near.at(0), near.at(1));
    }
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::kArtifact, "{}: {}", path.string(), json_problem(error));
  }
  return overview;
}

}  // namespace matinee::host
