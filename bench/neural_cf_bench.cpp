// Times steps of training of neural collaborative filtering. neural_cf.py drives it and times PyTorch in between: usage
// `neural_cf_bench PROBLEM THREADS`; the file holds int64 users, items, factors, last layer, layers, examples of a
// batch and batches, then all int32 users, int32 items and float32 labels, then the float32 parameters: vectors of
// users, of items, and the dense ones (kernels/neural_cf/network_shape.h). Each line on stdin is "steps learning_rate
// PATH": so many steps over the batches in turn, from the parameters of the file. The answer on stdout is the seconds
// and the mean loss of all examples; the parameters go to PATH unless it is "-".
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "bench/read_numbers.h"
#include "kernels/neural_cf/training_step.h"
#include "kernels/support/error.h"

namespace {

using namespace matinee;

struct Problem {
  neural_cf::NetworkShape shape;
  int64_t batch = 0, batches = 0;
  std::vector<int32_t> users, items;
  std::vector<float> labels, user_rows, item_rows, dense;
};

Problem read_problem(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const auto head = read_numbers<int64_t>(file, 7);
  Problem problem;
  problem.shape = {.users = head[0], .items = head[1], .factors = head[2], .last = head[3], .layers = head[4]};
  problem.batch = head[5];
  problem.batches = head[6];
  const int64_t examples = problem.batch * problem.batches;
  problem.users = read_numbers<int32_t>(file, examples);
  problem.items = read_numbers<int32_t>(file, examples);
  problem.labels = read_numbers<float>(file, examples);
  problem.user_rows = read_numbers<float>(file, problem.shape.users * problem.shape.row());
  problem.item_rows = read_numbers<float>(file, problem.shape.items * problem.shape.row());
  problem.dense = read_numbers<float>(file, problem.shape.dense());
  return problem;
}

void train(Context& context, const Problem& problem, neural_cf::TrainingStep& step, const std::string& line) {
  int64_t steps = 0;
  neural_cf::StepOptions options;
  std::string path;
  std::istringstream(line) >> steps >> options.adam.learning_rate >> path;
  neural_cf::TrainedNetwork network(context, problem.shape, options.optimizer);
  network.users.parameters.assign(context, problem.user_rows);
  network.items.parameters.assign(context, problem.item_rows);
  network.dense.parameters.assign(context, problem.dense);
  const auto start = std::chrono::steady_clock::now();
  for (int64_t number = 0; number < steps; ++number) {
    const int64_t first = number % problem.batches * problem.batch;
    step.run(context, network,
             {problem.batch, problem.users.data() + first, problem.items.data() + first, problem.labels.data() + first},
             options, number + 1);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (path != "-") {
    std::ofstream file(path, std::ios::binary);
    for (const auto* part : {&network.users, &network.items, &network.dense}) {
      file.write(reinterpret_cast<const char*>(part->parameters.data()),
                 static_cast<std::streamsize>(part->parameters.size()) * static_cast<std::streamsize>(sizeof(float)));
    }
    if (!file.flush()) fail(ErrorKind::kArtifact, "{} cannot be written", path);
  }
  std::cout << seconds << ' ' << network.loss.data()[0] / static_cast<double>(steps * problem.batch) << std::endl;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) fail(ErrorKind::kConfig, "usage: neural_cf_bench PROBLEM THREADS");
  const Problem problem = read_problem(argv[1]);
  Context context(Device{}, std::atoi(argv[2]));
  const auto step = neural_cf::make_training_step(context, problem.shape, problem.batch);
  for (std::string line; std::getline(std::cin, line);) train(context, problem, *step, line);
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
