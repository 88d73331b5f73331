#include <algorithm>

#include "host/commands/commands.h"
#include "host/commands/item_table.h"
#include "host/commands/query_options.h"
#include "host/commands/similar_interest.h"
#include "host/commands/similar_words.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

// Whether any item of the model has a neighbour: then "none" for one item is an answer.
bool knows_similar_items(const engine::Model& model, int32_t items) {
  for (int32_t item = 0; item < items; ++item) {
    if (!model.similar_items(item, 1).empty()) return true;
  }
  return false;
}

void similar_items(const OpenRun& run, const QueryOptions& options, const std::string& item_id) {
  const auto item = run.data.items.find(item_id);
  if (!item) {
    fail(ErrorKind::kConfig, "item \"{}\" is not in the training data of {}. The ids of its {} items are in {}",
         item_id, run.folder.string(), run.data.items.size(), (run.folder / "ids/items.tsv").string());
  }
  const std::string name = chosen_model(run, options.model);
  const auto model = run.model(name);
  const auto items = model->similar_items(*item, options.top);
  if (items.empty() && !knows_similar_items(*model, run.data.items.size())) {
    fail(ErrorKind::kConfig, "model \"{}\" ({}) knows no similarity of items. Choose another with --model", name,
         model->type());
  }
  print_similar_items(run, options, *item, name, items);
}

bool recommends_anything(const OpenRun& run) {
  return std::ranges::any_of(run.job.models, [](const ModelSpec& spec) { return spec.model->recommends(); });
}

// Of the model that was asked for; else of a recommending one; else by interest vectors.
void similar_to_item(const QueryOptions& options, const std::string& id) {
  const OpenRun run = open_run(options.run);
  const bool by_interest =
      options.model.empty() ? !recommends_anything(run) && knows_interest(run, "") : knows_interest(run, options.model);
  if (by_interest) return print_similar_interest(run, options, InterestKind::kMovies, id);
  similar_items(run, options, id);
}

}  // namespace

void add_similar(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "similar",
      "what is most similar to an item, a director, a user or a word: items, directors, users or words, from a run's "
      "artifacts");
  const auto options = add_query_options(*command);
  const auto asked = std::make_shared<std::string>();
  CLI::Option_group* question = command->add_option_group("question", "what is looked for");
  question->add_option("--item", *asked, "id of the item, as in the ratings");
  question->add_option("--director", *asked, "a director's name, as in the dataset: by a model of type seq2seq");
  question->add_option("--user", *asked, "id of the user, as in the ratings: by a model of type seq2seq");
  question->add_option("--word", *asked, "a word, as in the text that a model of type skip_gram has learnt from");
  question->require_option(1);
  command->callback([options, asked, question] {
    const auto given = [&](const char* name) { return question->get_option(name)->count() > 0; };
    if (given("--word")) return print_similar_words(*options, *asked);
    if (given("--item")) return similar_to_item(*options, *asked);
    const InterestKind kind = given("--user") ? InterestKind::kUsers : InterestKind::kDirectors;
    print_similar_interest(open_run(options->run), *options, kind, *asked);
  });
}

}  // namespace matinee::host
