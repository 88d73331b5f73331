#include "host/report/report_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "host/report/number_text.h"
#include "host/report/protocol_text.h"

namespace matinee::host {
namespace {

using Json = nlohmann::ordered_json;
using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string counted(int64_t count, std::string_view one, std::string_view many) {
  return count_text(count) + " " + std::string(count == 1 ? one : many);
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "none";
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void flatten(const Json& group, const std::string& prefix, Pairs& pairs) {
  for (const auto& [key, value] : group.items()) {
    if (value.is_object() && !value.empty()) {
      flatten(value, prefix + key + ".", pairs);
    } else {
      pairs.emplace_back(prefix + key, text_of(value));
    }
  }
}

// Whether the same job gives the same bytes again, else which models do not.
std::string repeatable(const RunReport& report) {
  std::string names;
  for (const ModelReport& model : report.models) {
    if (!model.deterministic) names += (names.empty() ? "" : ", ") + model.name;
  }
  return names.empty() ? "bit for bit" : "not bit for bit: " + names;
}

}  // namespace

std::string summary_sentence(const RunReport& report) {
  std::string names;
  for (const ModelReport& model : report.models) names += (names.empty() ? "" : ", ") + model.name;
  const auto count = static_cast<int64_t>(report.models.size());
  if (report.ratings == 0) {
    return fmt::format("{}{} trained on text.", counted(count, "model", "models"),
                       names.empty() ? "" : " (" + names + ")");
  }
  return fmt::format("{}{} trained on {} of {} by {}.", counted(count, "model", "models"),
                     names.empty() ? "" : " (" + names + ")", counted(report.ratings, "rating", "ratings"),
                     counted(report.items, "item", "items"), counted(report.users, "user", "users"));
}

Pairs facts(const RunReport& report) {
  const Pairs run = {
      {"Seed", fmt::format("{}", report.seed)}, {"Repeatable", repeatable(report)}, {"Engine", report.engine_version}};
  if (report.ratings == 0) return run;
  const double cells = static_cast<double>(report.users) * static_cast<double>(report.items);
  const double density = cells > 0 ? 100 * static_cast<double>(report.ratings) / cells : 0;
  Pairs pairs = {{"Users", count_text(report.users)},
                 {"Items", count_text(report.items)},
                 {"Ratings", count_text(report.ratings)},
                 {"Density", fmt::format("{:.3g} %", density)},
                 {"Rating scale", short_text(report.grid.minimum()) + "\u2013" + short_text(report.grid.maximum())}};
  pairs.insert(pairs.end(), run.begin(), run.end());
  return pairs;
}

std::string words_sentence(const WordsOverview& words) {
  return fmt::format("{} of {} dimensions each, learnt from {} in {}.", counted(words.vocabulary, "word", "words"),
                     words.dimensions, counted(words.words, "word", "words"),
                     counted(words.documents, "text", "texts"));
}

const char* const kDirectorsSentence =
    "The directors of the most titles, and those whose interest vectors have the highest cosine with theirs: their "
    "titles read alike, which tells nothing of the movies.";

const char* const kDecodedSentence =
    "What the model says where it is to say a text again: greedily, each token the most probable one, and by beam "
    "search. Texts that were held out are new to it.";

std::string search_ranking(const engine::Evaluation& evaluation) {
  const std::string ranking = protocol_value(evaluation.protocol, "ranking");
  const std::string model = protocol_value(evaluation.protocol, "model");
  if (model.empty()) return ranking;
  return fmt::format("{} (model {}, personal {})", ranking, model, protocol_value(evaluation.protocol, "personal"));
}

std::string search_protocol(const engine::Evaluation& evaluation) {
  engine::Protocol shared = evaluation.protocol;
  std::erase_if(shared, [](const auto& entry) {
    return entry.first == "candidates" || entry.first == "ranking" || entry.first == "model" ||
           entry.first == "personal";
  });
  return protocol_sentences(shared);
}

std::string map_sentence(const WordsOverview& words) {
  return fmt::format(
      "Vectors scaled to length 1, along their first two principal components, which hold {:.0f} % and {:.0f} % of the "
      "variance of these words. What lies near here need not lie near in all dimensions.",
      100 * words.x_share, 100 * words.y_share);
}

std::vector<std::pair<std::string, int64_t>> rating_counts(const RunReport& report) {
  std::vector<std::pair<std::string, int64_t>> counts;
  if (report.ratings_per_level.empty() || report.ratings == 0) return counts;
  for (int level = report.grid.minimum_level; level <= report.grid.maximum_level; ++level) {
    const auto index = static_cast<std::size_t>(level);
    const int64_t count = index < report.ratings_per_level.size() ? report.ratings_per_level[index] : 0;
    counts.emplace_back(short_text(report.grid.value(level)), count);
  }
  return counts;
}

Pairs parameter_list(const std::string& canonical_json) {
  const Json parameters = Json::parse(canonical_json, nullptr, false);
  Pairs pairs;
  if (parameters.is_object()) flatten(parameters, "", pairs);
  return pairs;
}

}  // namespace matinee::host
