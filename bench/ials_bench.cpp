// Trains ials over ratings in memory, an epoch at a time. ials.py drives it and trains with other libraries in between:
// usage `ials_bench RATINGS THREADS FACTORS EPOCHS UNOBSERVED_WEIGHT REGULARIZATION OUTPUT`, RATINGS a text file of
// lines "user item level" with dense indices from 0. Each line on stdin asks for an epoch; the answer is its seconds on
// stdout. In the end OUTPUT gets the vectors of the users, then of the items, as rows of FACTORS floats.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "bench/read_ratings.h"
#include "engine/data/ratings.h"
#include "engine/models/als_training.h"
#include "kernels/support/error.h"

namespace {

using namespace matinee;
using matinee::bench::read_ratings;

// Waits for a line before each epoch and tells its seconds after it.
class EpochByEpoch : public engine::SilentMonitor {
 public:
  void wait() {
    std::string line;
    std::getline(std::cin, line);
    start_ = std::chrono::steady_clock::now();
  }
  void metric(int64_t epoch, std::string_view name, double value) override {
    SilentMonitor::metric(epoch, name, value);
    std::cout << std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count() << std::endl;
    if (epoch < epochs) wait();
  }
  int64_t epochs = 0;

 private:
  std::chrono::steady_clock::time_point start_;
};

void write_rows(std::ofstream& file, const Buffer<float>& rows, int64_t count) {
  file.write(reinterpret_cast<const char*>(rows.data()), count * static_cast<int64_t>(sizeof(float)));
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 8) {
    fail(ErrorKind::kConfig,
         "usage: ials_bench RATINGS THREADS FACTORS EPOCHS UNOBSERVED_WEIGHT REGULARIZATION OUTPUT");
  }
  const engine::SparseRatings by_user = read_ratings(argv[1]);
  const engine::SparseRatings by_item = engine::transposed(by_user);
  Context context(Device{}, std::atoi(argv[2]));
  engine::AlsOptions options;
  options.factors = std::atoi(argv[3]);
  options.epochs = std::atoi(argv[4]);
  options.objective.unobserved_weight = std::atof(argv[5]);
  options.objective.regularization = std::atof(argv[6]);
  options.objective.regularization_exponent = 0;  // one penalty for all rows, as the other libraries have it
  engine::TrainingInput input;
  input.by_user = by_user.view();
  input.by_item = by_item.view();
  input.seed = 1;
  auto state = engine::FactorState::zeros(by_user.rows, by_item.rows, options.factors);
  EpochByEpoch monitor;
  monitor.epochs = options.epochs;
  monitor.wait();
  engine::train_by_als(context, input, options, nullptr, monitor, state);
  state.compact();
  std::ofstream file(argv[7], std::ios::binary);
  write_rows(file, state.user_factors, state.users * state.factors);
  write_rows(file, state.item_factors, state.items * state.factors);
} catch (const matinee::Error& error) {
  std::cerr << "ials_bench: " << error.what() << '\n';
  return static_cast<int>(error.kind());
}
