#include "host/commands/similar_words.h"

#include <algorithm>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "engine/text/split_words.h"
#include "engine/text/word_vectors.h"
#include "host/commands/item_table.h"
#include "host/config/suggestions.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

using engine::Vocabulary;

constexpr int kWordWidth = 32;

struct WordModel {
  std::string name;
  std::unique_ptr<engine::Model> model;
  engine::WordVectors words;
};

WordModel open_word_model(const OpenRun& run, const std::string& wanted) {
  for (const ModelSpec& spec : run.job.models) {
    const bool chosen = wanted.empty() ? spec.model->text() != nullptr : spec.name == run.spec(wanted).name;
    if (!chosen) continue;
    WordModel found{spec.name, run.model(spec.name), {}};
    if (const auto words = found.model->word_vectors()) {
      found.words = *words;
      return found;
    }
    if (!wanted.empty()) {
      fail(ErrorKind::kConfig, "model \"{}\" ({}) knows no words. Choose a model of type skip_gram with --model",
           wanted, spec.model->type());
    }
  }
  fail(ErrorKind::kConfig, "{}: no model of this run knows words: train one of type skip_gram", run.folder.string());
}

int32_t find_word(const Vocabulary& vocabulary, const std::string& word, const std::string& model) {
  const auto id = vocabulary.find(word);
  if (id && *id >= Vocabulary::kSpecials) return *id;
  std::vector<std::string> known;
  for (int32_t other = Vocabulary::kSpecials; other < vocabulary.size(); ++other)
    known.push_back(vocabulary.word(other));
  const std::string_view near = nearest_name(word, known);
  known.resize(std::min<std::size_t>(known.size(), 10));
  fail(ErrorKind::kConfig, "model \"{}\" does not know the word \"{}\"; {}", model, word,
       near.empty()
           ? fmt::format("the most frequent of its {} words: {}", vocabulary.word_count(), fmt::join(known, ", "))
           : fmt::format("did you mean \"{}\"?", near));
}

}  // namespace

void print_similar_words(const QueryOptions& options, const std::string& word) {
  const OpenRun run = open_run(options.run);
  const WordModel model = open_word_model(run, options.model);
  const Vocabulary& vocabulary = *model.words.vocabulary;
  const std::vector<std::string> parts = engine::words_of(word);
  const int32_t id = find_word(vocabulary, parts.size() == 1 ? parts.front() : word, model.name);
  const auto nearest = engine::nearest_words(model.words, id, options.top);
  if (*options.json) {
    nlohmann::ordered_json json = {{"word", word},
                                   {"count", vocabulary.count(id)},
                                   {"model", model.name},
                                   {"run", run.folder.filename().string()},
                                   {"words", nlohmann::ordered_json::array()}};
    for (std::size_t rank = 0; rank < nearest.size(); ++rank) {
      json["words"].push_back({{"rank", rank + 1},
                               {"word", vocabulary.word(nearest[rank].id)},
                               {"count", vocabulary.count(nearest[rank].id)},
                               {"similarity", nearest[rank].similarity}});
    }
    fmt::print("{}\n", json.dump(2));
    return;
  }
  fmt::print("words similar to {} (stands {} times), model {}\n", word, vocabulary.count(id), model.name);
  fmt::print("{:>4}  {}  {:>10}  {:>10}\n", "rank", padded("word", kWordWidth), "count", "similarity");
  for (std::size_t rank = 0; rank < nearest.size(); ++rank) {
    fmt::print("{:>4}  {}  {:>10}  {:>10.4f}\n", rank + 1, padded(vocabulary.word(nearest[rank].id), kWordWidth),
               vocabulary.count(nearest[rank].id), nearest[rank].similarity);
  }
}

}  // namespace matinee::host
