#include <memory>
#include <numeric>

#include "engine/bench/bench_case.h"
#include "engine/bench/bench_ratings.h"
#include "kernels/ranking/top_n.h"
#include "kernels/support/buffer.h"
#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

PreparedBench prepare_top_n(Context& context) {
  constexpr int64_t kPlaces = 10;
  struct Data {
    Data() : ratings(bench_ratings()), users(static_cast<std::size_t>(ratings.by_user.rows)) {
      std::iota(users.begin(), users.end(), 0);
      scores = Buffer<float>(int64_t{ratings.by_user.rows} * ratings.by_user.columns);
      best = Buffer<ranking::RankedItem>(ratings.by_user.rows * kPlaces);
      const Philox draws(4, stream_id(RandomStream::kRandomModel));
      for (int64_t n = 0; n < scores.size(); ++n) {
        scores[n] = static_cast<float>(draws.uniform(static_cast<uint64_t>(n)));
      }
    }
    BenchRatings ratings;
    std::vector<int32_t> users;
    Buffer<float> scores;
    Buffer<ranking::RankedItem> best;
  };
  const auto data = std::make_shared<Data>();
  const int64_t users = data->ratings.by_user.rows, items = data->ratings.by_user.columns;
  const auto run = [&context, data, users, items] {
    ranking::top_n(context, {data->scores.data(), users, items, items}, data->ratings.by_user.view(), data->users,
                   {data->best.data(), users, kPlaces, kPlaces});
  };
  const auto seen = static_cast<double>(data->ratings.by_user.size());
  return {run, 4.0 * static_cast<double>(users * items) + 4 * seen, 0, static_cast<double>(users)};
}

}  // namespace

std::vector<BenchCase> ranking_bench_cases() {
  return {{"top_n/10", "users", prepare_top_n, true}};
}

}  // namespace matinee::engine
