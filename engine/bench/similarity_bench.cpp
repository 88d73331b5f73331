#include <memory>
#include <string_view>
#include <utility>

#include "engine/bench/bench_case.h"
#include "engine/bench/bench_ratings.h"
#include "kernels/similarity/neighbour_scores.h"
#include "kernels/similarity/top_neighbours.h"

namespace matinee::engine {
namespace {

using similarity::Kind;

// (user, item, item) triples: what a search for all neighbours adds up.
double triples(const SparseRatings& by_user) {
  double sum = 0;
  for (int32_t user = 0; user < by_user.rows; ++user) {
    const auto size = static_cast<double>(by_user.view().row_size(user));
    sum += size * size;
  }
  return sum;
}

struct Lists {
  Lists(int64_t rows, int64_t width) : indices(rows * width), counts(rows), similarities(rows * width) {}
  similarity::NeighbourRows rows(int64_t width) {
    const int64_t count = counts.size();
    return {{indices.data(), count, width, width}, {similarities.data(), count, width, width}, counts.span()};
  }
  Buffer<int32_t> indices, counts;
  Buffer<float> similarities;
};

// Each triple: an entry of 4 bytes is read, a sum of 8 bytes updated, 2 operations.
PreparedBench prepare_search(Context& context, Kind kind) {
  constexpr int64_t kNeighbours = 100;
  const auto data = std::make_shared<BenchRatings>(bench_ratings());
  const auto lists = std::make_shared<Lists>(data->by_item.rows, kNeighbours);
  const double count = triples(data->by_user);
  const auto run = [&context, kind, data, lists] {
    const auto comparison = similarity::prepare_comparison(context, data->by_item.view(), data->by_user.view(),
                                                           {.kind = kind, .neighbours = kNeighbours});
    similarity::top_neighbours(context, comparison, 0, lists->rows(kNeighbours));
  };
  return {run, 20 * count, 2 * count, static_cast<double>(data->by_user.size())};
}

// Each influenced item of each rating: index and weight are read, a score updated, 2 operations.
PreparedBench prepare_scores(Context& context) {
  constexpr int64_t kNeighbours = 100;
  struct Data {
    BenchRatings ratings = bench_ratings();
    std::vector<int64_t> offsets = {0};
    std::vector<int32_t> indices, users;
    std::vector<float> weights;
    similarity::LevelValues values{};
    Buffer<float> scores;
  };
  const auto data = std::make_shared<Data>();
  const int32_t items = data->ratings.by_item.rows, users = data->ratings.by_user.rows;
  for (int32_t item = 0; item < items; ++item) {  // each item influences those after it
    for (int32_t step = 1; step <= kNeighbours; ++step) {
      data->indices.push_back((item + step) % items);
      data->weights.push_back(1.0f / static_cast<float>(step));
    }
    data->offsets.push_back(static_cast<int64_t>(data->indices.size()));
  }
  for (std::size_t level = 0; level < data->values.size(); ++level) data->values[level] = static_cast<float>(level);
  for (int32_t user = 0; user < users; ++user) data->users.push_back(user);
  data->scores = Buffer<float>(int64_t{users} * items);
  const auto run = [&context, data, items, users] {
    similarity::score_by_items(context, {items, data->offsets.data(), data->indices.data(), data->weights.data()},
                               data->ratings.by_user.view(), data->values, data->users,
                               {data->scores.data(), users, items, items});
  };
  const double terms = static_cast<double>(data->ratings.by_user.size() * kNeighbours);
  return {run, 16 * terms + 4.0 * users * items, 2 * terms, static_cast<double>(users)};
}

}  // namespace

std::vector<BenchCase> similarity_bench_cases() {
  constexpr std::pair<const char*, Kind> kKinds[] = {{"cosine", Kind::kCosine},
                                                     {"binary_cosine", Kind::kBinaryCosine},
                                                     {"adjusted_cosine", Kind::kAdjustedCosine},
                                                     {"pearson", Kind::kPearson},
                                                     {"jaccard", Kind::kJaccard}};
  std::vector<BenchCase> cases;
  for (const auto& [name, kind] : kKinds) {
    cases.push_back({std::string("top_neighbours/") + name, "ratings",
                     [kind = kind](Context& context) { return prepare_search(context, kind); }, true});
  }
  cases.push_back({"score_by_items/100", "users", prepare_scores, true});
  return cases;
}

}  // namespace matinee::engine
