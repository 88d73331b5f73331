#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include "host/commands/commands.h"
#include "host/commands/item_table.h"
#include "host/commands/job_options.h"
#include "host/commands/query_options.h"
#include "host/run/job_contexts.h"
#include "host/run/recommendations.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

void recommend(const QueryOptions& options, const std::string& user_id, const std::string& device) {
  const OpenRun run = open_run(options.run);
  const int32_t user = known_user(run, user_id);
  const std::string name = chosen_model(run, options.model);
  const auto model = run.model(name);
  const TrainingRatings ratings = run.training();
  const SparseView& train = ratings.view();
  if (train.row_size(user) == 0)
    spdlog::warn("user \"{}\" has no training ratings in this run: none went into this list", user_id);
  JobContexts contexts(run.job, device, 1);
  const int32_t users[] = {user};
  const auto lists =
      best_unseen(contexts.for_work(model->scores_on_cuda()), *model, {train, run.data.grid}, users, options.top);
  if (*options.json) {
    print_item_json(lists[0], run.data, "score",
                    {{"user", user_id}, {"model", name}, {"run", run.folder.filename().string()}});
  } else {
    fmt::print("user {}, model {}, {} training ratings\n", user_id, name, train.row_size(user));
    print_item_table(lists[0], run.data, "score");
  }
}

}  // namespace

void add_recommend(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("recommend", "the items that a model recommends to a user, from a run's artifacts");
  const auto options = add_query_options(*command);
  const auto user = std::make_shared<std::string>();
  command->add_option("--user", *user, "id of the user, as in the ratings")->required();
  const auto device = std::make_shared<std::string>("cpu");  // starting a CUDA device takes longer than one list
  add_device_option(*command, *device);
  command->callback([options, user, device] { recommend(*options, *user, *device); });
}

}  // namespace matinee::host
