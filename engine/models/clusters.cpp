#include "engine/models/clusters.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/models/cluster_profiles.h"
#include "kernels/clustering/k_means.h"
#include "kernels/support/error.h"
#include "kernels/support/keep_operands.h"

namespace matinee::engine {
namespace {

constexpr auto kScales = std::to_array<std::string_view>({"centred", "range"});
constexpr int64_t kGenresAtMost = 32;  // that memory is predicted for; MovieLens has 18 to 20

// The columns of users of whom something is known.
std::vector<float> known_columns(const GenreFeatures& features, int64_t known) {
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(2 * features.genres * known));
  const MatrixView<const float> all = features.view();
  for (int64_t row = 0; row < all.rows; ++row) {
    for (int64_t user = 0; user < all.columns; ++user) {
      if (features.known[static_cast<std::size_t>(user)] != 0) values.push_back(all(row, user));
    }
  }
  return values;
}

}  // namespace

void Clusters::describe(Parameters& p) {
  p.integer("clusters", clusters_, {.minimum = 1, .maximum = 100'000}, "clusters",
            "How many groups of users there are; fewer, where there are not so many users.");
  p.integer("iterations", iterations_, {.minimum = 1, .maximum = 100'000}, "iterations",
            "Of k-means at most; it ends when no centroid moves.");
  p.choice("genre_ratings", scale_, kScales,
           "How a user's mean rating of a genre enters, in units of the rating range. centred: less the user's mean "
           "rating, so that strict and generous users of one taste are alike. range: less the lowest rating.");
  p.real("prior", prior_, {.minimum = 0, .maximum = 1e9, .above_minimum = true}, "ratings",
         "Weight of the prior of an item's Bayesian mean rating in a cluster: its mean among all users counts like "
         "that many ratings.");
}

int64_t Clusters::host_bytes(const DataShape& shape) const {
  const int64_t count = std::min(clusters_, std::max<int64_t>(shape.users, 1));
  const int64_t features = 2 * 2 * kGenresAtMost * 4 * shape.users;
  return features + shape.users * 32 + count * shape.items * 4 + shape.items * 64 + count * kGenresAtMost * 64;
}

int64_t Clusters::device_bytes(const DataShape& shape) const {
  return shape.users * (2 * kGenresAtMost * 4 + 16) + std::min(clusters_, shape.users) * kGenresAtMost * 2 * 12;
}

void Clusters::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  const ItemGenres genres(input.catalogue == nullptr ? Catalogue() : *input.catalogue);
  if (genres.count() == 0 && input.by_item.rows > 0) {
    fail(ErrorKind::kInput,
         "a model of type \"clusters\" groups users by the genres of what they rate, and no item has a genre: give a "
         "titles file that names genres (u.item, movies.dat, or a csv file with a column genres) as dataset.titles, or "
         "remove the model");
  }
  const GenreFeatures features = genre_features(context, input.by_user, input.grid, genres, scale_);
  const int64_t count = find_centroids(context, features, input.seed, monitor);
  found_.clusters.assign(static_cast<std::size_t>(features.users), 0);
  std::vector<float> distances(found_.clusters.size());
  clustering::nearest_centroids(context, clustering::prepare_points(features.view()),
                                {found_.centroids.data(), count, 2 * features.genres, 2 * features.genres},
                                found_.clusters, distances);
  set_profiles(input.by_user, input.grid, genres, count, found_);
  items_ = input.by_item.rows;
  means_ = cluster_means(context, input.by_item, input.grid, found_.clusters, count, prior_);
}

int64_t Clusters::find_centroids(Context& context, const GenreFeatures& features, uint64_t seed,
                                 TrainingMonitor& monitor) {
  const int64_t known = std::count(features.known.begin(), features.known.end(), 1), width = 2 * features.genres;
  const int64_t count = std::clamp<int64_t>(clusters_, 1, std::max<int64_t>(known, 1));
  if (count < clusters_) monitor.note(fmt::format("{} clusters, one for each user with ratings", count));
  found_.centroids.assign(static_cast<std::size_t>(count * width), 0.0f);
  if (known == 0) return count;
  const MatrixView<float> centroids{found_.centroids.data(), count, width, width};
  const std::vector<float> values = known_columns(features, known);
  const clustering::Points points = clustering::prepare_points({values.data(), width, known, known});
  const KeepOperands kept(context);
  int64_t done = 0;
  bool moved = true;
  if (const TensorFile* checkpoint = monitor.checkpoint(); checkpoint != nullptr) {
    std::ranges::copy(checkpoint->finite("centroids", {count, width}), found_.centroids.begin());
    done = checkpoint->get<int64_t>("position", {2})[0];
    moved = checkpoint->get<int64_t>("position", {2})[1] != 0;
  } else {
    clustering::k_means_start(context, points, seed, centroids);
  }
  while (moved && done < iterations_) {
    const clustering::KMeansStep step = clustering::k_means_step(context, points, centroids);
    ++done;
    moved = step.moved;
    monitor.metric(done, "inertia", step.inertia / static_cast<double>(known));
    monitor.progress(static_cast<double>(done), static_cast<double>(iterations_), "iterations");
    const std::vector<int64_t> position = {done, moved ? 1 : 0};
    monitor.offer_checkpoint([&](TensorWriter& file) {
      file.add<float>("centroids", found_.centroids, {count, width});
      file.add("position", position);
    });
  }
  if (moved) monitor.note(fmt::format("centroids still move after {} iterations (iterations)", done));
  return count;
}

void Clusters::save(TensorWriter& file) const {
  const int64_t genres = static_cast<int64_t>(found_.genres.size()), count = found_.count();
  std::string names;
  for (const std::string& genre : found_.genres) names += (names.empty() ? "" : "|") + genre;
  file.note("genres", names);
  file.add("user_clusters", found_.clusters);
  file.add("sizes", found_.sizes);
  file.add<float>("centroids", found_.centroids, {count, 2 * genres});
  file.add<double>("genre_mean_ratings", found_.mean_ratings, {count, genres});
  file.add<double>("genre_shares", found_.rating_shares, {count, genres});
  file.add<float>("mean_ratings", means_, {count, items_});
}

void Clusters::load(const TensorFile& file) {
  UserClusters found;
  const ItemGenres names({{}, {file.note("genres")}, {}});
  found.genres = names.names;
  const int64_t genres = names.count();
  found.sizes = file.vector<int64_t>("sizes");
  found.clusters = file.vector<int32_t>("user_clusters");
  const int64_t count = found.count();
  const auto doubles = [&](std::string_view name) {
    const auto values = file.get<double>(name, {count, genres});
    if (!std::ranges::all_of(values, [](double value) { return std::isfinite(value); })) {
      fail(ErrorKind::kArtifact, "{}: {} holds NaN or infinite numbers: train the model again", file.path().string(),
           name);
    }
    return std::vector<double>(values.begin(), values.end());
  };
  found.mean_ratings = doubles("genre_mean_ratings");
  found.rating_shares = doubles("genre_shares");
  const auto centroids = file.finite("centroids", {count, 2 * genres});
  found.centroids.assign(centroids.begin(), centroids.end());
  const auto means = file.finite("mean_ratings", {count, -1});
  const auto out_of_range = std::ranges::find_if(
      found.clusters, [&](int32_t cluster) { return cluster < 0 || cluster >= static_cast<int32_t>(count); });
  if (count < 1 || out_of_range != found.clusters.end()) {
    fail(ErrorKind::kArtifact,
         "{}: tensor user_clusters names a cluster that is not among the {}: publish an intact run (matinee rollback) "
         "or train again",
         file.path().string(), count);
  }
  found_ = std::move(found);
  items_ = static_cast<int64_t>(means.size()) / count;
  means_.assign(means.begin(), means.end());
}

void Clusters::require_users(int32_t user) const {
  if (user >= 0 && static_cast<std::size_t>(user) < found_.clusters.size()) return;
  fail(ErrorKind::kArtifact, "the clusters model knows {} users, not user {}; train it on these data",
       found_.clusters.size(), user);
}

void Clusters::score(Context& context, const History&, std::span<const int32_t> users, MatrixView<float> scores) const {
  if (scores.columns != items_) {
    fail(ErrorKind::kArtifact, "the clusters model knows {} items where {} are to be scored; train it on these data",
         items_, scores.columns);
  }
  for (const int32_t user : users) require_users(user);
  parallel_blocks(context, static_cast<int64_t>(users.size()), 16, [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      const int64_t cluster = found_.clusters[static_cast<std::size_t>(users[static_cast<std::size_t>(row)])];
      std::copy_n(means_.begin() + cluster * items_, items_, scores.row(row));
    }
  });
}

void Clusters::predict(Context&, const History&, std::span<const int32_t> users, std::span<const int32_t> items,
                       std::span<float> ratings) const {
  for (std::size_t n = 0; n < users.size(); ++n) {
    require_users(users[n]);
    if (items[n] >= items_) {
      fail(ErrorKind::kArtifact, "the clusters model knows {} items; item {} is to be rated: train it on these data",
           items_, items[n]);
    }
    const int64_t cluster = found_.clusters[static_cast<std::size_t>(users[n])];
    ratings[n] = means_[static_cast<std::size_t>(cluster * items_ + items[n])];
  }
}

}  // namespace matinee::engine
