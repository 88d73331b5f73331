#include "engine/models/genre_features.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

constexpr int64_t kUsersPerTask = 64;

// Calls body(name) for each part of "A|B".
template <typename Body>
void for_names(std::string_view joined, const Body& body) {
  while (!joined.empty()) {
    const std::size_t end = std::min(joined.find('|'), joined.size());
    if (end > 0) body(joined.substr(0, end));
    joined.remove_prefix(std::min(end + 1, joined.size()));
  }
}

// Of one user.
struct GenreSums {
  std::vector<int64_t> counts, levels;  // (genres), ratings and the sum of their levels
  int64_t mentions = 0;                 // Σ counts
  int64_t ratings = 0, all_levels = 0;  // of items with a genre, each once
};

void add_up(const SparseView& by_user, int32_t user, const ItemGenres& items, GenreSums& sums) {
  sums.counts.assign(items.names.size(), 0);
  sums.levels.assign(items.names.size(), 0);
  sums.mentions = sums.ratings = sums.all_levels = 0;
  const auto rated = by_user.row_indices(user);
  const auto levels = by_user.row_levels(user);
  for (std::size_t n = 0; n < rated.size(); ++n) {
    const auto item = static_cast<std::size_t>(rated[n]);
    const int64_t begin = items.offsets[item], end = items.offsets[item + 1];
    if (begin == end) continue;
    ++sums.ratings;
    sums.all_levels += levels[n];
    sums.mentions += end - begin;
    for (int64_t entry = begin; entry < end; ++entry) {
      const auto genre = static_cast<std::size_t>(items.genres[static_cast<std::size_t>(entry)]);
      ++sums.counts[genre];
      sums.levels[genre] += levels[n];
    }
  }
}

// Users of whom nothing is known are like the mean of the others.
void fill_unknown(GenreFeatures& features) {
  const auto known = std::count(features.known.begin(), features.known.end(), 1);
  if (known == 0 || known == features.users) return;
  for (int64_t row = 0; row < 2 * features.genres; ++row) {
    float* values = features.values.data() + row * features.users;
    double sum = 0;
    for (int64_t user = 0; user < features.users; ++user) sum += static_cast<double>(values[user]);
    const auto mean = static_cast<float>(sum / static_cast<double>(known));
    for (int64_t user = 0; user < features.users; ++user) {
      if (features.known[static_cast<std::size_t>(user)] == 0) values[user] = mean;
    }
  }
}

}  // namespace

ItemGenres::ItemGenres(const Catalogue& catalogue) : offsets(catalogue.genres.size() + 1) {
  std::set<std::string_view> found;
  for (const std::string& joined : catalogue.genres) {
    for_names(joined, [&](std::string_view name) { found.insert(name); });
  }
  std::map<std::string_view, int32_t> numbers;
  for (const std::string_view name : found) {
    numbers[name] = static_cast<int32_t>(names.size());
    names.emplace_back(name);
  }
  for (std::size_t item = 0; item < catalogue.genres.size(); ++item) {
    std::set<int32_t> of_item;
    for_names(catalogue.genres[item], [&](std::string_view name) { of_item.insert(numbers.at(name)); });
    genres.insert(genres.end(), of_item.begin(), of_item.end());
    offsets[item + 1] = static_cast<int64_t>(genres.size());
  }
}

GenreFeatures genre_features(Context& context, const SparseView& by_user, const RatingGrid& grid,
                             const ItemGenres& genres, GenreScale scale) {
  if (genres.offsets.size() != static_cast<std::size_t>(by_user.columns) + 1) {
    fail(ErrorKind::kConfig, "genre features: genres of {} items for ratings of {}", genres.offsets.size() - 1,
         by_user.columns);
  }
  GenreFeatures features{
      by_user.rows, genres.count(), {}, std::vector<uint8_t>(static_cast<std::size_t>(by_user.rows))};
  features.values.resize(static_cast<std::size_t>(2 * features.genres * features.users));
  const double range = grid.maximum() > grid.minimum() ? grid.maximum() - grid.minimum() : 1;
  std::vector<GenreSums> scratch(static_cast<std::size_t>(context.threads()));
  parallel_blocks(context, by_user.rows, kUsersPerTask, [&](int64_t begin, int64_t end, int worker) {
    GenreSums& sums = scratch[static_cast<std::size_t>(worker)];
    for (int64_t user = begin; user < end; ++user) {
      add_up(by_user, static_cast<int32_t>(user), genres, sums);
      if (sums.mentions == 0) continue;
      features.known[static_cast<std::size_t>(user)] = 1;
      const double user_mean = static_cast<double>(sums.all_levels) / static_cast<double>(sums.ratings) * grid.step;
      const double origin = scale == GenreScale::kCentred ? user_mean : grid.minimum();
      for (int64_t genre = 0; genre < features.genres; ++genre) {
        const auto count = static_cast<double>(sums.counts[static_cast<std::size_t>(genre)]);
        const auto levels = static_cast<double>(sums.levels[static_cast<std::size_t>(genre)]);
        const double mean = count > 0 ? levels / count * grid.step : user_mean;
        float* column = features.values.data() + user;
        column[genre * features.users] = static_cast<float>((mean - origin) / range);
        column[(features.genres + genre) * features.users] =
            static_cast<float>(count / static_cast<double>(sums.mentions));
      }
    }
  });
  fill_unknown(features);
  return features;
}

}  // namespace matinee::engine
