// Times the training of matrix factorisation on ratings in memory. factorization.py drives it and times other libraries
// in between: usage `factorization_bench TRAINING TEST THREADS [LEVEL]`, both files records of user, item (int32, dense
// from 0) and level (int32). Each line on stdin is "factors epochs learning_rate regularization", then if wanted
// "fp32", "fp16" or "bf16" and "ordered" or "lock_free"; the answer on stdout is the seconds of one training, its
// preparations included, and the RMSE on the test ratings.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "bench/level.h"
#include "engine/data/ratings.h"
#include "engine/models/sgd_training.h"
#include "kernels/support/error.h"

namespace {

using namespace matinee;

engine::Ratings read_ratings(const char* path) {
  engine::Ratings ratings;
  std::ifstream file(path, std::ios::binary);
  for (int32_t record[3]; file.read(reinterpret_cast<char*>(record), sizeof record);) {
    ratings.users.push_back(record[0]);
    ratings.items.push_back(record[1]);
    ratings.levels.push_back(static_cast<uint8_t>(record[2]));
    ratings.user_count = std::max(ratings.user_count, record[0] + 1);
    ratings.item_count = std::max(ratings.item_count, record[1] + 1);
  }
  if (ratings.size() == 0) fail(ErrorKind::kInput, "{}: no ratings", path);
  return ratings;
}

struct Job {
  engine::SgdOptions options;
  double regularization = 0;
};

double mean_level(SparseView ratings) {
  double sum = 0;
  for (int64_t n = 0; n < ratings.size(); ++n) sum += ratings.levels[n];
  return sum / static_cast<double>(ratings.size());
}

engine::FactorState train(Context& context, const engine::TrainingInput& input, const Job& job) {
  engine::SgdTask task;
  for (int level = 0; level < 256; ++level) task.values[static_cast<std::size_t>(level)] = static_cast<float>(level);
  task.value_range = 10;
  task.objective.user_penalty = task.objective.item_penalty = static_cast<float>(job.regularization);
  task.objective.user_bias_penalty = task.objective.item_bias_penalty = static_cast<float>(job.regularization);
  task.report = [](auto&&...) {};
  auto state = engine::FactorState::zeros(input.by_user.rows, input.by_item.rows, job.options.factors);
  state.mean = static_cast<float>(mean_level(input.by_user));
  engine::SilentMonitor monitor;
  engine::train_by_sgd(context, input, job.options, task, nullptr, monitor, state);
  return state;
}

double rmse(engine::FactorState& state, const engine::Ratings& test) {
  double squares = 0;
  for (std::size_t n = 0; n < test.users.size(); ++n) {
    const double x = static_cast<double>(factorization::predictor(state.training_view(), test.users[n], test.items[n]));
    squares += (test.levels[n] - x) * (test.levels[n] - x);
  }
  return std::sqrt(squares / static_cast<double>(test.users.size()));
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4 && argc != 5) fail(ErrorKind::kConfig, "usage: factorization_bench TRAINING TEST THREADS [LEVEL]");
  if (argc == 5) bench::limit_level(argv[4]);
  const engine::SparseRatings by_user = engine::by_user(read_ratings(argv[1]));
  const engine::SparseRatings by_item = engine::transposed(by_user);
  const engine::Ratings test = read_ratings(argv[2]);
  Context context(Device{}, std::atoi(argv[3]));
  engine::TrainingInput input;
  input.by_user = by_user.view();
  input.by_item = by_item.view();
  input.seed = 1;
  for (std::string line; std::getline(std::cin, line);) {
    Job job;
    std::string storage, updates;
    std::istringstream(line) >> job.options.factors >> job.options.epochs >> job.options.learning_rate >>
        job.regularization >> storage >> updates;
    if (storage == "fp16") job.options.storage = factorization::Storage::kFp16;
    if (storage == "bf16") job.options.storage = factorization::Storage::kBf16;
    if (updates == "lock_free") job.options.updates = factorization::Updates::kLockFree;
    const auto start = std::chrono::steady_clock::now();
    auto state = train(context, input, job);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::cout << seconds << ' ' << rmse(state, test) << std::endl;
  }
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
