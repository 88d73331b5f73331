#include <memory>
#include <numeric>

#include <fmt/format.h>

#include "engine/bench/bench_case.h"
#include "engine/bench/bench_ratings.h"
#include "kernels/factorization/als_sweep.h"
#include "kernels/factorization/gram_matrix.h"
#include "kernels/factorization/score_items.h"
#include "kernels/factorization/sgd_epoch.h"
#include "kernels/factorization/squared_error.h"
#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

using namespace factorization;

struct Factors {
  Factors(int64_t user_count, int64_t item_count, int64_t factors)
      : users(user_count),
        items(item_count),
        stride(padded(factors)),
        rows_of_users(users * stride),
        rows_of_items(items * stride),
        user_biases(users),
        item_biases(items) {
    const Philox draws(2, stream_id(RandomStream::kFactors));
    uint64_t next = 0;
    for (float& value : rows_of_users.span()) value = static_cast<float>(0.2 * draws.uniform(next++) - 0.1);
    for (float& value : rows_of_items.span()) value = static_cast<float>(0.2 * draws.uniform(next++) - 0.1);
  }
  FactorsView<float> view() {
    return {{rows_of_users.data(), users, stride, stride},
            {rows_of_items.data(), items, stride, stride},
            user_biases.data(),
            item_biases.data(),
            5};
  }
  int64_t users, items, stride;
  Buffer<float> rows_of_users, rows_of_items, user_biases, item_biases;
};

LevelValues level_values() {
  LevelValues values;
  std::iota(values.begin(), values.end(), 0.0f);
  return values;
}

struct Training {
  Training(Context& context, int64_t factors)
      : ratings(bench_ratings()),
        blocks(context, ratings.by_user.view(), level_values(), RatingBlocks::default_groups(ratings.by_user.size()), 3,
               RatingBlocks::default_parts(ratings.by_user.size())),
        model(ratings.by_user.rows, ratings.by_item.rows, factors),
        operands(context, blocks, objective(), model.view()),
        order(strata_order(blocks.groups(), 3, 0)) {}

  static Objective objective() {
    Objective result;
    result.user_penalty = result.item_penalty = 0.02f;
    return result;
  }

  BenchRatings ratings;
  RatingBlocks blocks;
  Factors model;
  TrainingOperands operands;
  std::vector<int32_t> order;
};

PreparedBench prepare_epoch(Context& context, int64_t factors) {
  const auto data = std::make_shared<Training>(context, factors);
  const auto run = [&context, data] { sgd_epoch(context, data->operands, data->order, 1e-4f); };
  const auto ratings = static_cast<double>(data->blocks.size());
  const auto k = static_cast<double>(factors);
  return {run, ratings * (4 * k * sizeof(float) + sizeof(Rating)), ratings * 8 * k, ratings};
}

PreparedBench prepare_error(Context& context, int64_t factors) {
  const auto data = std::make_shared<Training>(context, factors);
  const auto run = [&context, data] { squared_error(context, data->operands); };
  const auto ratings = static_cast<double>(data->blocks.size());
  const auto k = static_cast<double>(factors);
  return {run, ratings * (2 * k * sizeof(float) + sizeof(Rating)), ratings * 2 * k, ratings};
}

PreparedBench prepare_scores(Context& context, int64_t factors) {
  constexpr int64_t kUsers = 512, kItems = 4000, kUsersPerPanel = 16;
  struct Data {
    explicit Data(int64_t factors) : model(kUsers, kItems, factors), users(kUsers), scores(kUsers * kItems) {
      std::iota(users.begin(), users.end(), 0);
      panels = pack_panels({model.rows_of_items.data(), kItems, factors, model.stride});
    }
    Factors model;
    std::vector<int32_t> users;
    Buffer<float> panels, scores;
  };
  const auto data = std::make_shared<Data>(factors);
  const auto run = [&context, data, factors] {
    score_items(context,
                {.user_factors = {data->model.rows_of_users.data(), kUsers, factors, data->model.stride},
                 .items = kItems,
                 .item_panels = data->panels.data(),
                 .user_biases = data->model.user_biases.data(),
                 .item_biases = data->model.item_biases.data()},
                data->users, {data->scores.data(), kUsers, kItems, kItems});
  };
  constexpr int64_t kPanels = kUsers / kUsersPerPanel;
  const auto panels = static_cast<double>(kPanels * kItems * factors * 4);
  return {run, panels + 4.0 * kUsers * kItems, 2.0 * kUsers * kItems * static_cast<double>(factors), kUsers};
}

PreparedBench prepare_least_squares(Context& context, int64_t factors) {
  struct Data {
    Data(Context& on, int64_t width)
        : ratings(bench_ratings()),
          model(ratings.by_user.rows, ratings.by_item.rows, width),
          gram(gram_matrix(on, model.view().item_factors)) {}
    BenchRatings ratings;
    Factors model;
    Buffer<double> gram;
  };
  const auto data = std::make_shared<Data>(context, factors);
  const auto run = [&context, data, factors] {
    const auto view = data->model.view();
    const AlsSweep sweep{data->ratings.by_user.view(), view.item_factors, data->gram.data(), factors, {}};
    als_sweep(context, sweep, 0, view.user_factors, [](int64_t) {});
  };
  const auto ratings = static_cast<double>(data->ratings.by_user.size());
  const auto rows = static_cast<double>(data->model.users), k = static_cast<double>(factors);
  return {run, (ratings + rows) * k * sizeof(float), ratings * k * k + rows * k * k * k / 3, ratings};
}

}  // namespace

std::vector<BenchCase> factorization_bench_cases() {
  std::vector<BenchCase> cases;
  for (const int64_t factors : {32, 64, 128}) {
    const std::string size = fmt::format("/{}", factors);
    const auto with = [factors](auto prepare) {
      return [prepare, factors](Context& context) { return prepare(context, factors); };
    };
    cases.push_back({"sgd_epoch" + size, "ratings", with(prepare_epoch), true});
    cases.push_back({"squared_error" + size, "ratings", with(prepare_error), true});
    cases.push_back({"als_sweep" + size, "ratings", with(prepare_least_squares), true});
    cases.push_back({"score_items" + size, "users", with(prepare_scores), true});
  }
  return cases;
}

}  // namespace matinee::engine
