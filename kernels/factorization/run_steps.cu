#include <algorithm>
#include <vector>

#include "kernels/factorization/step_tiles.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::factorization {
namespace {

constexpr int64_t kFloat = sizeof(float);
constexpr int64_t kStaticBytes = 2 * RatingBlocks::kMaximumParts * int64_t{sizeof(double)};  // of step_kernel
constexpr int64_t kWithoutAsking = 48 * 1024;  // bytes of shared memory that every kernel may have

// How a kernel of steps is launched.
struct StepPlan {
  StepRoom room;
  LaunchShape shape;
};

StepPlan plan_of(CudaResources& cuda, const DeviceTraining& training, const Objective& objective,
                 const StepKernels& kernels, Updates updates) {
  const int64_t floats = (most_shared_bytes() - kStaticBytes) / kFloat;
  const bool shares = objective.user_shares != nullptr;
  StepPlan plan;
  plan.room = {kernels.team_floats, bias_room(training, shares, updates, floats - kernels.team_floats)};
  int64_t teams = std::min<int64_t>(training.cut.parts, kernels.most_threads / kernels.threads);
  if (kernels.team_floats > 0) {
    teams = std::min(teams, (floats - plan.room.biases.floats(updates)) / kernels.team_floats);
  }
  plan.shape.blocks = training.cut.groups;
  plan.shape.threads = static_cast<int>(rounded_up(teams * kernels.threads, kWarp));
  plan.shape.shared_bytes = plan.room.bytes(plan.shape.threads / kernels.threads, updates);
  const StepKernel& kernel = updates == Updates::kOrdered ? kernels.ordered : kernels.lock_free;
  if (plan.shape.shared_bytes > kWithoutAsking - kStaticBytes) {
    most_blocks_at_once(cuda, kernel, plan.shape.threads, plan.shape.shared_bytes);
  }
  return plan;
}

void begin_call(CudaResources& cuda, DeviceTraining& training, std::span<const int32_t> strata,
                const EpochOptions& options) {
  DeviceEpoch epoch = {options.rounding_key, options.learning_rate, {}};
  std::copy(strata.begin(), strata.end(), epoch.strata);
  upload_bytes(cuda, training.epoch.data(), &epoch, sizeof epoch);
}

}  // namespace

BiasRoom bias_room(const DeviceTraining& training, bool shares, Updates updates, int64_t floats) {
  const BiasRoom room = {training.users.most, training.items.most, shares};
  constexpr int64_t kSector = 32;
  const int64_t groups = training.cut.groups, ratings = training.ratings.size() / (sizeof(Rating) / kFloat);
  const int64_t staged = 3 * kFloat * (training.users.size() + training.items.size()) * groups;  // share, bias, bias
  const bool worth_it = staged <= 4 * kSector * ratings;
  return worth_it && room.floats(updates) <= floats ? room : BiasRoom{};
}

double sum_of_squares(CudaResources& cuda, const DeviceTraining& training, int64_t strata) {
  std::vector<double> blocks(static_cast<std::size_t>(strata * training.cut.groups));
  download<double>(cuda, blocks, training.block_squares);
  double sum = 0;
  for (const double squares : blocks) sum += squares;
  return sum;
}

double run_steps(CudaResources& cuda, DeviceTraining& training, std::span<const int32_t> strata,
                 const EpochOptions& options, const Objective& objective, const StepKernels& kernels) {
  const StepPlan plan = plan_of(cuda, training, objective, kernels, options.updates);
  const StepOperands operands = {training.users.view(), training.items.view(), training.mean, objective};
  const EpochTiles tiles = {training.ratings.data(), training.tile_offsets.data(), training.cut, training.epoch.data()};
  const auto groups = static_cast<std::size_t>(training.cut.groups);
  double squares = 0;
  for (std::size_t first = 0; first < strata.size(); first += groups) {
    const auto taken = strata.subspan(first, std::min(strata.size() - first, groups));
    const auto places = static_cast<int32_t>(taken.size());
    begin_call(cuda, training, taken, options);
    const auto launch_places = [&](const StepKernel& kernel, int32_t place, int32_t count) {
      launch(cuda, kernel, plan.shape, operands, tiles, plan.room, place, count, training.block_squares.data());
    };
    if (options.updates == Updates::kLockFree) {
      launch_places(kernels.lock_free, 0, places);
    } else {
      const CapturedStrata captured = {reinterpret_cast<const void*>(kernels.ordered.function), places, objective};
      if (!training.strata || training.captured != captured) {
        training.captured = captured;
        training.strata = std::make_unique<CapturedWork>(cuda, [&] {
          for (int32_t place = 0; place < places; ++place) launch_places(kernels.ordered, place, 1);
        });
      }
      training.strata->launch(cuda);
    }
    squares += sum_of_squares(cuda, training, places);
  }
  return squares;
}

}  // namespace matinee::factorization
