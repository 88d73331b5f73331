#include "engine/models/factor_state.h"

#include <algorithm>
#include <cstring>

#include "kernels/factorization/rating_update.h"
#include "kernels/support/error.h"
#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

enum FactorPart : uint64_t { kUserRows, kItemRows };

void compact_rows(Buffer<float>& rows, int64_t count, int64_t stride, int64_t factors) {
  for (int64_t row = 1; row < count; ++row) {
    std::memmove(rows.data() + row * factors, rows.data() + row * stride,
                 static_cast<std::size_t>(factors) * sizeof(float));
  }
}

struct InitialRows {
  const float* data = nullptr;  // (count, stride)
  int64_t count = 0, stride = 0;
};

// Copies row `row` where it has been learnt, which is where it is not all zero.
bool take_over(const InitialRows& initial, int64_t row, int64_t factors, float* target) {
  if (row >= initial.count) return false;
  const float* source = initial.data + row * initial.stride;
  if (std::all_of(source, source + factors, [](float value) { return value == 0; })) return false;
  std::copy_n(source, factors, target);
  return true;
}

void initialise_rows(Context& context, SparseView ratings, const MatrixView<float>& rows, int64_t factors,
                     const Philox& draws, double deviation, const InitialRows& initial) {
  parallel_blocks(context, rows.rows, 64, [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      if (take_over(initial, row, factors, rows.row(row))) continue;
      if (ratings.row_size(static_cast<int32_t>(row)) == 0) continue;
      for (int64_t k = 0; k < factors; ++k) {
        rows(row, k) = static_cast<float>(deviation * normal(draws, static_cast<uint64_t>(row * factors + k)));
      }
    }
  });
}

void load_rows(const TensorFile& file, std::string_view name, int64_t& count, int64_t& factors, Buffer<float>& rows) {
  const auto values = file.finite(name, {-1, -1});
  count = file.shape(name)[0];
  factors = file.shape(name)[1];
  rows = Buffer<float>(static_cast<int64_t>(values.size()));
  std::copy(values.begin(), values.end(), rows.data());
}

Buffer<float> load_biases(const TensorFile& file, std::string_view name, int64_t count) {
  const auto values = file.finite(name, {count});
  Buffer<float> biases(count);
  std::copy(values.begin(), values.end(), biases.data());
  return biases;
}

}  // namespace

FactorState FactorState::zeros(int64_t users, int64_t items, int64_t factors) {
  FactorState state;
  state.users = users;
  state.items = items;
  state.factors = factors;
  state.stride = factorization::padded(factors);
  state.user_factors = Buffer<float>(users * state.stride);
  state.item_factors = Buffer<float>(items * state.stride);
  state.user_biases = Buffer<float>(users);
  state.item_biases = Buffer<float>(items);
  return state;
}

int64_t FactorState::bytes(int64_t users, int64_t items, int64_t factors) {
  return (users + items) * (factorization::padded(factors) + 1) * static_cast<int64_t>(sizeof(float));
}

factorization::FactorsView<float> FactorState::training_view() {
  return {.user_factors = {user_factors.data(), users, stride, stride},
          .item_factors = {item_factors.data(), items, stride, stride},
          .user_biases = user_biases.data(),
          .item_biases = item_biases.data(),
          .mean = mean};
}

void FactorState::copy_numbers(const FactorState& other) {
  std::ranges::copy(other.user_factors.span(), user_factors.data());
  std::ranges::copy(other.item_factors.span(), item_factors.data());
  std::ranges::copy(other.user_biases.span(), user_biases.data());
  std::ranges::copy(other.item_biases.span(), item_biases.data());
}

void FactorState::add_numbers(TensorWriter& file, const std::string& prefix) const {
  file.add<float>(prefix + "user_factors", user_factors.span(), {users, stride});
  file.add<float>(prefix + "item_factors", item_factors.span(), {items, stride});
  file.add<float>(prefix + "user_biases", user_biases.span(), {users});
  file.add<float>(prefix + "item_biases", item_biases.span(), {items});
}

void FactorState::read_numbers(const TensorFile& file, const std::string& prefix) {
  const auto copy = [&](const std::string& name, Buffer<float>& target, std::initializer_list<int64_t> shape) {
    const auto values = file.get<float>(prefix + name, shape);
    std::copy(values.begin(), values.end(), target.data());
  };
  copy("user_factors", user_factors, {users, stride});
  copy("item_factors", item_factors, {items, stride});
  copy("user_biases", user_biases, {users});
  copy("item_biases", item_biases, {items});
}

void FactorState::compact() {
  compact_rows(user_factors, users, stride, factors);
  compact_rows(item_factors, items, stride, factors);
  stride = factors;
}

void FactorState::save(TensorWriter& file) const {
  const auto rows = [&](const Buffer<float>& values, int64_t count) {
    return values.span().first(static_cast<std::size_t>(count * factors));
  };
  file.add<float>("user_factors", rows(user_factors, users), {users, factors});
  file.add<float>("item_factors", rows(item_factors, items), {items, factors});
  file.add<float>("user_biases", user_biases.span(), {users});
  file.add<float>("item_biases", item_biases.span(), {items});
  file.add<float>("mean", std::span(&mean, 1), {1});
}

FactorState FactorState::load(const TensorFile& file) {
  FactorState state;
  int64_t item_columns = 0;
  load_rows(file, "user_factors", state.users, state.factors, state.user_factors);
  load_rows(file, "item_factors", state.items, item_columns, state.item_factors);
  if (item_columns != state.factors) {
    fail(ErrorKind::kArtifact, "{}: user_factors has {} columns and item_factors {}: train the model again",
         file.path().string(), state.factors, item_columns);
  }
  state.stride = state.factors;
  state.user_biases = load_biases(file, "user_biases", state.users);
  state.item_biases = load_biases(file, "item_biases", state.items);
  state.mean = file.finite("mean", {1})[0];
  return state;
}

void initialise(Context& context, FactorState& state, SparseView by_user, SparseView by_item, double deviation,
                uint64_t seed, const FactorState* initial) {
  const auto view = state.training_view();
  InitialRows users, items;
  if (initial != nullptr) {
    users = {initial->user_factors.data(), initial->users, initial->stride};
    items = {initial->item_factors.data(), initial->items, initial->stride};
    std::copy_n(initial->user_biases.data(), initial->users, state.user_biases.data());
    std::copy_n(initial->item_biases.data(), initial->items, state.item_biases.data());
  }
  initialise_rows(context, by_user, view.user_factors, state.factors,
                  Philox(seed, stream_id(RandomStream::kFactors, kUserRows)), deviation, users);
  initialise_rows(context, by_item, view.item_factors, state.factors,
                  Philox(seed, stream_id(RandomStream::kFactors, kItemRows)), deviation, items);
}

}  // namespace matinee::engine
