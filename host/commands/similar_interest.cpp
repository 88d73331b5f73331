#include "host/commands/similar_interest.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "engine/text/nearest_rows.h"
#include "host/commands/item_table.h"
#include "host/config/suggestions.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

constexpr int kNameWidth = 52;

std::string interest_model(const OpenRun& run, const std::string& wanted) {
  for (const ModelSpec& spec : run.job.models) {
    if (!wanted.empty() && spec.name != run.spec(wanted).name) continue;
    if (has_interest(run.folder / "models" / spec.name)) return spec.name;
    if (!wanted.empty()) {
      fail(ErrorKind::kConfig,
           "model \"{}\" ({}) has no interest vectors. Choose a model of type seq2seq that learns from titles with "
           "--model",
           wanted, spec.model->type());
    }
  }
  fail(ErrorKind::kConfig,
       "{}: no model of this run has interest vectors: train one of type seq2seq on the titles of a dataset",
       run.folder.string());
}

const char* name_of(InterestKind kind) {
  switch (kind) {
    case InterestKind::kDirectors:
      return "director";
    case InterestKind::kMovies:
      return "item";
    default:
      return "user";
  }
}

class Question {
 public:
  Question(const OpenRun& run, const std::string& model, InterestKind kind)
      : run_(run), kind_(kind), interest_(read_interest(run.folder / "models" / model, kind, run.data)) {}

  int64_t find(const std::string& id) const {
    const auto row = known(id);
    if (!row) {
      fail(ErrorKind::kConfig, "{} \"{}\" is not in the data of {}{}", name_of(kind_), id, run_.folder.string(),
           hint(id));
    }
    const float* vector = interest_.vectors.row(*row);
    if (std::all_of(vector, vector + interest_.vectors.columns, [](float value) { return value == 0; })) {
      fail(ErrorKind::kConfig, "{} \"{}\" has no words: {}", name_of(kind_), id,
           kind_ == InterestKind::kUsers ? "the user liked no movie with a title"
                                         : "nothing is left of the title without stop words");
    }
    return *row;
  }

  std::vector<engine::ScoredRow> nearest(int64_t row, int64_t count) const {
    return engine::nearest_rows(interest_.vectors, row, count);
  }

  std::string id(int64_t row) const {
    const auto index = static_cast<int32_t>(row);
    if (kind_ == InterestKind::kDirectors) return interest_.directors[static_cast<std::size_t>(row)];
    return kind_ == InterestKind::kMovies ? run_.data.items.id(index) : run_.data.users.id(index);
  }

 private:
  std::optional<int64_t> known(const std::string& id) const {
    if (kind_ == InterestKind::kDirectors) {
      const auto found = std::ranges::find(interest_.directors, id);
      if (found == interest_.directors.end()) return std::nullopt;
      return found - interest_.directors.begin();
    }
    return kind_ == InterestKind::kMovies ? run_.data.items.find(id) : run_.data.users.find(id);
  }

  std::string hint(const std::string& id) const {
    if (kind_ != InterestKind::kDirectors) {
      return fmt::format(". The ids are in {}",
                         (run_.folder / (kind_ == InterestKind::kMovies ? "ids/items.tsv" : "ids/users.tsv")).string());
    }
    if (interest_.directors.empty()) return ": the dataset names no directors (dataset.directors)";
    const std::string_view near = nearest_name(id, interest_.directors);
    return near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near);
  }

  const OpenRun& run_;
  InterestKind kind_;
  InterestVectors interest_;
};

}  // namespace

bool knows_interest(const OpenRun& run, const std::string& model) {
  return std::ranges::any_of(run.job.models, [&](const ModelSpec& spec) {
    return (model.empty() || spec.name == model) && has_interest(run.folder / "models" / spec.name);
  });
}

void print_similar_interest(const OpenRun& run, const QueryOptions& options, InterestKind kind, const std::string& id) {
  const std::string model = interest_model(run, options.model);
  run.require_intact("models/" + model + "/");
  const Question question(run, model, kind);
  const int64_t row = question.find(id);
  const auto nearest = question.nearest(row, options.top);
  if (kind == InterestKind::kMovies) {
    std::vector<engine::ScoredItem> items;
    for (const engine::ScoredRow& near : nearest) items.push_back({static_cast<int32_t>(near.row), near.similarity});
    return print_similar_items(run, options, static_cast<int32_t>(row), model, items);
  }
  if (*options.json) {
    nlohmann::ordered_json json = {{name_of(kind), id}, {"model", model}, {"run", run.folder.filename().string()}};
    auto& list = json[fmt::format("{}s", name_of(kind))] = nlohmann::ordered_json::array();
    for (std::size_t rank = 0; rank < nearest.size(); ++rank) {
      list.push_back({{"rank", rank + 1},
                      {name_of(kind), question.id(nearest[rank].row)},
                      {"similarity", nearest[rank].similarity}});
    }
    fmt::print("{}\n", json.dump(2));
    return;
  }
  fmt::print("{}s similar to {}, model {}\n", name_of(kind), id, model);
  fmt::print("{:>4}  {}  {:>10}\n", "rank", padded(name_of(kind), kNameWidth), "similarity");
  for (std::size_t rank = 0; rank < nearest.size(); ++rank) {
    fmt::print("{:>4}  {}  {:>10.4f}\n", rank + 1, padded(question.id(nearest[rank].row), kNameWidth),
               nearest[rank].similarity);
  }
}

}  // namespace matinee::host
