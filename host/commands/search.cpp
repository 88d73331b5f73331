#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "engine/text/search_words.h"
#include "engine/text/title_search.h"
#include "host/commands/commands.h"
#include "host/commands/item_table.h"
#include "host/commands/query_options.h"
#include "host/config/search_model.h"
#include "host/config/suggestions.h"
#include "host/run/search_files.h"
#include "host/text/encoding.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

struct SearchOptions {
  std::string query, user;
  std::optional<double> personal;
};

// A word of the query that no title and no director has.
struct UnknownWord {
  std::string word, near;  // near: what was perhaps meant; empty: nothing is near
};

std::vector<std::string> query_words(const std::string& query) {
  if (!is_utf8(query)) fail(ErrorKind::kConfig, "--query is not UTF-8: give it in the encoding of a UTF-8 terminal");
  std::vector<std::string> words = engine::search_words(query);
  if (words.empty()) {
    fail(ErrorKind::kConfig, "--query \"{}\" has no words: give letters or digits of a title or of a director's name",
         query);
  }
  return words;
}

std::vector<UnknownWord> unknown_words(const engine::InvertedIndex& index, const std::vector<std::string>& words) {
  std::vector<UnknownWord> unknown;
  std::vector<std::string> known;
  for (const std::string& word : words) {
    if (index.find(word)) continue;
    for (auto n = static_cast<int64_t>(known.size()); n < index.words(); ++n) known.emplace_back(index.word(n));
    unknown.push_back({word, std::string(nearest_name(word, known))});
  }
  return unknown;
}

const ModelSpec& taste_model(const OpenRun& run, const std::string& wanted) {
  const ModelSpec* spec = wanted.empty() ? search_model(run.job) : &run.spec(wanted);
  if (spec != nullptr && makes_taste(run.job.dataset, *spec)) return *spec;
  constexpr std::string_view kRemedy = "train one of type seq2seq, mf, pmf or ials beside it, or search without --user";
  if (spec == nullptr) {
    fail(ErrorKind::kConfig, "{}: no model of this run has vectors of users and items, which --user needs: {}",
         run.folder.string(), kRemedy);
  }
  fail(ErrorKind::kConfig, "model \"{}\" ({}) has no vectors of users and items, which --user needs: {}", spec->name,
       spec->model->type(), kRemedy);
}

engine::InvertedIndex open_index(const OpenRun& run) {
  if (!has_search_index(run)) {
    fail(ErrorKind::kConfig,
         "{}: this run has no index of titles: its dataset has none, or an older version made it. Train again on a "
         "dataset with titles",
         run.folder.string());
  }
  run.require_intact(std::string(kSearchFolder) + "/");
  engine::InvertedIndex index = read_search_index(run.folder, run.data);
  if (index.words() == 0) {
    fail(ErrorKind::kConfig,
         "{}: no item of this run has a title. Train on a dataset whose titles are read (movies.csv, movies.dat, "
         "dataset.titles)",
         run.folder.string());
  }
  return index;
}

void print_json(const OpenRun& run, const SearchOptions& asked, const std::string& model,
                const std::vector<engine::MatchedDocument>& matches, const std::vector<UnknownWord>& unknown) {
  nlohmann::ordered_json json = {{"query", asked.query}};
  if (!asked.user.empty())
    json.update(nlohmann::ordered_json{{"user", asked.user}, {"model", model}, {"personal", *asked.personal}});
  json["run"] = run.folder.filename().string();
  json["unknown_words"] = nlohmann::ordered_json::array();
  for (const UnknownWord& word : unknown) {
    json["unknown_words"].push_back({{"word", word.word}});
    if (!word.near.empty()) json["unknown_words"].back()["did_you_mean"] = word.near;
  }
  json["items"] = nlohmann::ordered_json::array();
  for (std::size_t rank = 0; rank < matches.size(); ++rank) {
    json["items"].push_back({{"rank", rank + 1},
                             {"item", run.data.items.id(matches[rank].document)},
                             {"title", title_of(run.data, matches[rank].document)},
                             {"score", matches[rank].score}});
  }
  fmt::print("{}\n", json.dump(2));
}

void print_table(const OpenRun& run, const SearchOptions& asked, const std::string& model, std::size_t found,
                 const std::vector<engine::MatchedDocument>& matches) {
  fmt::print("query \"{}\"", asked.query);
  if (!asked.user.empty()) fmt::print(", user {}, model {}, personal {:g}", asked.user, model, *asked.personal);
  fmt::print(", {} found\n", found);
  std::vector<engine::ScoredItem> items;
  for (const engine::MatchedDocument& match : matches) {
    items.push_back({match.document, static_cast<float>(match.score)});
  }
  print_item_table(items, run.data, "score");
}

void search(const QueryOptions& options, SearchOptions asked) {
  const std::vector<std::string> words = query_words(asked.query);
  const OpenRun run = open_run(options.run);
  std::string model;
  std::optional<int32_t> user;
  std::optional<Taste> taste;
  if (!asked.user.empty()) {
    user = known_user(run, asked.user);
    const ModelSpec& spec = taste_model(run, options.model);
    model = spec.name;
    taste = taste_of(run, spec);
    if (!asked.personal) asked.personal = run.job.search.personal;
  }
  const engine::InvertedIndex index = open_index(run);
  const std::vector<UnknownWord> unknown = unknown_words(index, words);
  for (const UnknownWord& word : unknown) {
    spdlog::warn("no title and no director has the word \"{}\"{}", word.word,
                 word.near.empty() ? "" : fmt::format("; did you mean \"{}\"?", word.near));
  }
  std::vector<engine::MatchedDocument> matches = engine::bm25(index, words);
  if (taste) {
    engine::rank_by_taste(matches, taste->vectors, *user, *asked.personal);
  } else {
    engine::rank_by_words(matches);
  }
  const std::size_t found = matches.size();
  matches.resize(std::min(found, static_cast<std::size_t>(options.top)));
  if (*options.json) return print_json(run, asked, model, matches, unknown);
  print_table(run, asked, model, found, matches);
}

}  // namespace

void add_search(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "search",
      "the items whose titles and directors have the words of a query, in the order of a user's taste or not");
  const auto options = add_query_options(*command);
  const auto asked = std::make_shared<SearchOptions>();
  command->get_option("--model")->description(
      "name of a model of the run whose vectors tell what the user likes (default: that of the job's search.model)");
  command->add_option("--query", asked->query, "words of a title or of a director's name")->required();
  CLI::Option* user =
      command->add_option("--user", asked->user, "id of the user whose taste orders what is found, as in the ratings");
  command->get_option("--model")->needs(user);
  command
      ->add_option("--personal", asked->personal,
                   "share of taste in the score, 0 to 1 (default: the job's search.personal)")
      ->check(CLI::Range(0.0, 1.0))
      ->needs(user);
  command->callback([options, asked] { search(*options, *asked); });
}

}  // namespace matinee::host
