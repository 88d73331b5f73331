#include "engine/models/early_stopping.h"

#include <algorithm>

#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

constexpr const char* kPrefix = "best_";

void copy_numbers(const FactorState& from, FactorState& to) {
  std::copy_n(from.user_factors.data(), from.user_factors.size(), to.user_factors.data());
  std::copy_n(from.item_factors.data(), from.item_factors.size(), to.item_factors.data());
  std::copy_n(from.user_biases.data(), from.user_biases.size(), to.user_biases.data());
  std::copy_n(from.item_biases.data(), from.item_biases.size(), to.item_biases.data());
}

}  // namespace

ValidationSplit hold_out_for_validation(SparseView by_user, double share, uint64_t seed) {
  const Philox draws(seed, stream_id(RandomStream::kValidation));
  ValidationSplit split;
  for (SparseRatings* part : {&split.train, &split.validation}) {
    part->rows = by_user.rows;
    part->columns = by_user.columns;
  }
  for (int32_t user = 0; user < by_user.rows; ++user) {
    for (int64_t n = by_user.offsets[user]; n < by_user.offsets[user + 1]; ++n) {
      SparseRatings& part = draws.uniform(static_cast<uint64_t>(n)) < share ? split.validation : split.train;
      part.indices.push_back(by_user.indices[n]);
      part.levels.push_back(by_user.levels[n]);
    }
    split.train.offsets.push_back(split.train.size());
    split.validation.offsets.push_back(split.validation.size());
  }
  split.train_by_item = transposed(split.train);
  return split;
}

bool BestModel::offer(const FactorState& state, int64_t epoch, double error, int64_t patience) {
  if (error < error_) {
    if (epoch_ == 0) best_ = FactorState::zeros(state.users, state.items, state.factors);
    copy_numbers(state, best_);
    epoch_ = epoch;
    error_ = error;
  }
  return epoch - epoch_ >= patience;
}

void BestModel::put_back(FactorState& state) const {
  if (epoch_ > 0) copy_numbers(best_, state);
}

void BestModel::save(TensorWriter& file) const {
  if (epoch_ == 0) return;
  best_.add_numbers(file, kPrefix);
  file.add<int64_t>("best_epoch", std::span(&epoch_, 1), {1});
  file.add<double>("best_error", std::span(&error_, 1), {1});
}

void BestModel::load(const TensorFile& file, const FactorState& state) {
  if (!file.has("best_epoch")) return;
  best_ = FactorState::zeros(state.users, state.items, state.factors);
  best_.read_numbers(file, kPrefix);
  epoch_ = file.get<int64_t>("best_epoch", {1})[0];
  error_ = file.get<double>("best_error", {1})[0];
}

}  // namespace matinee::engine
