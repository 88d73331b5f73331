#include "tests/support/neural_cf_steps.h"

namespace matinee::test {
namespace {

std::vector<float> fetched(Context& context, const Array<float>& numbers) {
  std::vector<float> values(static_cast<std::size_t>(numbers.size()));
  numbers.fetch(context, values);
  return values;
}

void put(Context& context, const std::vector<double>& numbers, Array<float>& array) {
  const std::vector<float> values(numbers.begin(), numbers.end());
  array.assign(context, values);
}

// Calls `work` with each batch in the memory of the device.
template <typename Work>
SteppedNetwork after_batches(Context& context, const NaiveNetwork& start,
                             const std::vector<std::vector<NaiveExample>>& batches, neural_cf::Optimizer optimizer,
                             int64_t most_examples, const Work& work) {
  neural_cf::TrainedNetwork network(context, start.shape, optimizer);
  put(context, start.users, network.users.parameters);
  put(context, start.items, network.items.parameters);
  put(context, start.dense, network.dense.parameters);
  const auto step = neural_cf::make_training_step(context, start.shape, most_examples);
  Array<int32_t> users(context, most_examples), items(context, most_examples);
  Array<float> labels(context, most_examples);
  for (const auto& batch : batches) {
    std::vector<int32_t> batch_users, batch_items;
    std::vector<float> batch_labels;
    for (const NaiveExample& example : batch) {
      batch_users.push_back(example.user);
      batch_items.push_back(example.item);
      batch_labels.push_back(static_cast<float>(example.label));
    }
    users.assign(context, batch_users);
    items.assign(context, batch_items);
    labels.assign(context, batch_labels);
    work(*step, network,
         neural_cf::ExamplesView{static_cast<int64_t>(batch.size()), users.data(), items.data(), labels.data()});
  }
  SteppedNetwork stepped;
  const auto take = [&](const neural_cf::TrainedPart& part, std::vector<float>& parameters, std::vector<float>& mean,
                        std::vector<float>& square) {
    parameters = fetched(context, part.parameters);
    mean = fetched(context, part.mean);
    square = fetched(context, part.square);
  };
  take(network.users, stepped.users, stepped.users_mean, stepped.users_square);
  take(network.items, stepped.items, stepped.items_mean, stepped.items_square);
  take(network.dense, stepped.dense, stepped.dense_mean, stepped.dense_square);
  network.loss.fetch(context, std::span(&stepped.loss, 1));
  return stepped;
}

}  // namespace

SteppedNetwork steps_on(Context& context, const NaiveNetwork& start,
                        const std::vector<std::vector<NaiveExample>>& batches, const neural_cf::StepOptions& options,
                        int64_t most_examples) {
  int64_t number = 0;
  return after_batches(
      context, start, batches, options.optimizer, most_examples,
      [&](neural_cf::TrainingStep& step, neural_cf::TrainedNetwork& network, const neural_cf::ExamplesView& examples) {
        step.run(context, network, examples, options, ++number);
      });
}

SteppedNetwork losses_on(Context& context, const NaiveNetwork& network,
                         const std::vector<std::vector<NaiveExample>>& batches, int64_t most_examples) {
  return after_batches(context, network, batches, neural_cf::Optimizer::kSgd, most_examples,
                       [&](neural_cf::TrainingStep& step, neural_cf::TrainedNetwork& state,
                           const neural_cf::ExamplesView& examples) { step.add_loss(context, state, examples); });
}

}  // namespace matinee::test
