#include <fmt/core.h>

#include "host/commands/commands.h"
#include "host/commands/item_table.h"
#include "host/commands/query_options.h"
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

void similar(const QueryOptions& options, const std::string& item_id) {
  const OpenRun run = open_run(options.run);
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
  if (*options.json) {
    print_item_json(items, run.data, "similarity",
                    {{"item", item_id},
                     {"title", title_of(run.data, *item)},
                     {"model", name},
                     {"run", run.folder.filename().string()}});
  } else {
    fmt::print("items similar to {} ({}), model {}\n", title_of(run.data, *item), item_id, name);
    print_item_table(items, run.data, "similarity");
  }
}

}  // namespace

void add_similar(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "similar", "the items most similar to an item, or the words most similar to a word, from a run's artifacts");
  const auto options = add_query_options(*command);
  const auto item = std::make_shared<std::string>();
  const auto word = std::make_shared<std::string>();
  CLI::Option_group* question = command->add_option_group("question", "what is looked for");
  question->add_option("--item", *item, "id of the item, as in the ratings");
  question->add_option("--word", *word, "a word, as in the text that a model of type skip_gram has learnt from");
  question->require_option(1);
  command->callback([options, item, word, question] {
    if (question->get_option("--word")->count() > 0) return print_similar_words(*options, *word);
    similar(*options, *item);
  });
}

}  // namespace matinee::host
