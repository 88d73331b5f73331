#include "engine/models/cluster_profiles.h"

namespace matinee::engine {
namespace {

constexpr int64_t kItemsPerTask = 64;

struct Mean {
  int64_t levels = 0, ratings = 0;

  void add(uint8_t level) {
    levels += level;
    ++ratings;
  }
  // Of values whose prior mean is `expected`, in levels.
  double bayesian(double expected, double prior) const {
    return (prior * expected + static_cast<double>(levels)) / (prior + static_cast<double>(ratings));
  }
};

}  // namespace

void set_profiles(const SparseView& by_user, const RatingGrid& grid, const ItemGenres& genres, int64_t count,
                  UserClusters& clusters) {
  const auto genre_count = static_cast<std::size_t>(genres.count());
  std::vector<Mean> sums(static_cast<std::size_t>(count) * genre_count);
  clusters.genres = genres.names;
  clusters.sizes.assign(static_cast<std::size_t>(count), 0);
  for (int32_t user = 0; user < by_user.rows; ++user) {
    const auto cluster = static_cast<std::size_t>(clusters.clusters[static_cast<std::size_t>(user)]);
    ++clusters.sizes[cluster];
    const auto items = by_user.row_indices(user);
    const auto levels = by_user.row_levels(user);
    for (std::size_t n = 0; n < items.size(); ++n) {
      const auto item = static_cast<std::size_t>(items[n]);
      for (int64_t entry = genres.offsets[item]; entry < genres.offsets[item + 1]; ++entry) {
        const auto genre = static_cast<std::size_t>(genres.genres[static_cast<std::size_t>(entry)]);
        sums[cluster * genre_count + genre].add(levels[n]);
      }
    }
  }
  clusters.mean_ratings.assign(sums.size(), 0);
  clusters.rating_shares.assign(sums.size(), 0);
  for (std::size_t cluster = 0; cluster < static_cast<std::size_t>(count); ++cluster) {
    int64_t all = 0;
    for (std::size_t genre = 0; genre < genre_count; ++genre) all += sums[cluster * genre_count + genre].ratings;
    for (std::size_t genre = 0; genre < genre_count; ++genre) {
      const Mean& sum = sums[cluster * genre_count + genre];
      if (sum.ratings == 0) continue;
      const auto ratings = static_cast<double>(sum.ratings);
      clusters.mean_ratings[cluster * genre_count + genre] = static_cast<double>(sum.levels) / ratings * grid.step;
      clusters.rating_shares[cluster * genre_count + genre] = ratings / static_cast<double>(all);
    }
  }
}

std::vector<float> cluster_means(Context& context, const SparseView& by_item, const RatingGrid& grid,
                                 std::span<const int32_t> clusters, int64_t count, double prior) {
  std::vector<float> means(static_cast<std::size_t>(count) * static_cast<std::size_t>(by_item.rows));
  int64_t levels = 0;
  for (int64_t entry = 0; entry < by_item.size(); ++entry) levels += by_item.levels[entry];
  const double middle = (grid.minimum_level + grid.maximum_level) / 2.0;
  const double overall =
      by_item.size() == 0 ? middle : static_cast<double>(levels) / static_cast<double>(by_item.size());
  parallel_blocks(context, by_item.rows, kItemsPerTask, [&](int64_t begin, int64_t end, int) {
    std::vector<Mean> sums;
    for (int64_t item = begin; item < end; ++item) {
      sums.assign(static_cast<std::size_t>(count), {});
      Mean all;
      const auto users = by_item.row_indices(static_cast<int32_t>(item));
      const auto item_levels = by_item.row_levels(static_cast<int32_t>(item));
      for (std::size_t n = 0; n < users.size(); ++n) {
        sums[static_cast<std::size_t>(clusters[static_cast<std::size_t>(users[n])])].add(item_levels[n]);
        all.add(item_levels[n]);
      }
      const double expected = all.bayesian(overall, prior);
      for (int64_t cluster = 0; cluster < count; ++cluster) {
        means[static_cast<std::size_t>(cluster * by_item.rows + item)] =
            static_cast<float>(sums[static_cast<std::size_t>(cluster)].bayesian(expected, prior) * grid.step);
      }
    }
  });
  return means;
}

}  // namespace matinee::engine
