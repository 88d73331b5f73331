#include "kernels/factorization/training_operands.h"

#include <algorithm>

#include "kernels/factorization/check_factors.h"
#include "kernels/factorization/training_operands_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::factorization {
namespace {

template <typename T>
Buffer<uint16_t> narrowed(const MatrixView<float>& matrix) {
  Buffer<uint16_t> halves(matrix.rows * matrix.stride);
  std::transform(matrix.data, matrix.data + halves.size(), halves.data(),
                 [](float value) { return nearest<T>(value).bits; });
  return halves;
}

template <typename T>
void widen_all(const Buffer<uint16_t>& halves, float* values) {
  std::transform(halves.data(), halves.data() + halves.size(), values, [](uint16_t bits) { return widen(T{bits}); });
}

StoredMatrix on_cpu(const MatrixView<float>& factors, const Buffer<uint16_t>& halves, Storage storage) {
  if (storage == Storage::kFp32) return MatrixView<const float>(factors);
  return {halves.data(), factors.rows, factors.columns, factors.stride * bytes_of(storage), storage};
}

}  // namespace

TrainingOperands::TrainingOperands(Context& context, const RatingBlocks& blocks, const Objective& objective,
                                   const FactorsView<float>& model, Storage storage)
    : blocks_(&blocks), objective_(objective), model_(model), storage_(storage) {
  check_factors(blocks, model);
  if (context.on_cuda()) {
    MATINEE_ON_CUDA(hold_on_device, context, blocks, objective, model, storage, device_, parts_);
    return;
  }
  if (storage != Storage::kFp32) {
    const auto halves = storage == Storage::kFp16 ? narrowed<Fp16> : narrowed<Bf16>;
    user_halves_ = halves(model.user_factors);
    item_halves_ = halves(model.item_factors);
  }
  parts_ = {.user_factors = on_cpu(model.user_factors, user_halves_, storage),
            .item_factors = on_cpu(model.item_factors, item_halves_, storage),
            .user_biases = MatrixView<const float>{model.user_biases, model.user_factors.rows, 1, 1},
            .item_biases = MatrixView<const float>{model.item_biases, model.item_factors.rows, 1, 1}};
}

void TrainingOperands::set_penalties(const Objective& objective) {
  objective_.user_penalty = objective.user_penalty;
  objective_.item_penalty = objective.item_penalty;
  objective_.user_bias_penalty = objective.user_bias_penalty;
  objective_.item_bias_penalty = objective.item_bias_penalty;
}

int64_t TrainingOperands::device_bytes(int64_t users, int64_t items, int64_t ratings, int64_t factors,
                                       Storage storage) {
  const int64_t subgroups = int64_t{RatingBlocks::default_groups(ratings)} * RatingBlocks::default_parts(ratings);
  const int64_t groups = RatingBlocks::default_groups(ratings);
  constexpr int64_t kRatingBytes = sizeof(Rating), kOffsetBytes = sizeof(int64_t);
  constexpr int64_t kEpochBytes = 4096;  // of an epoch's parameters and of the groups' places
  return ratings * kRatingBytes + (users + items) * device_bytes_of_row(padded(factors), storage) + kEpochBytes +
         (subgroups * subgroups + 1) * kOffsetBytes + groups * groups * static_cast<int64_t>(sizeof(double));
}

int64_t TrainingOperands::host_bytes(int64_t users, int64_t items, int64_t factors, Storage storage) {
  return storage == Storage::kFp32 ? 0 : (users + items) * padded(factors) * bytes_of(storage);
}

void TrainingOperands::fetch(Context& context) const {
  if (device_) {
    MATINEE_ON_CUDA(fetch_model, context, *device_, model_);
  } else if (storage_ != Storage::kFp32) {
    const auto widen_halves = storage_ == Storage::kFp16 ? widen_all<Fp16> : widen_all<Bf16>;
    widen_halves(user_halves_, model_.user_factors.data);
    widen_halves(item_halves_, model_.item_factors.data);
  }
}

}  // namespace matinee::factorization
