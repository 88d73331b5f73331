#include "kernels/clustering/k_means.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "kernels/support/philox.h"
#include "tests/support/cuda_device.h"
#include "tests/support/random_seed.h"

namespace matinee::clustering {
namespace {

struct Shape {
  int64_t points, dimensions, clusters;
};
constexpr Shape kShapes[] = {{1, 1, 1},    {1, 33, 1},    {31, 1, 3},     {33, 31, 16},
                             {131, 40, 7}, {131, 65, 17}, {1031, 33, 33}, {31, 131, 31}};

// Random numbers (rows × columns).
std::vector<float> drawn(int64_t rows, int64_t columns, uint64_t seed) {
  const Philox draws(seed, stream_id(RandomStream::kSynthetic));
  std::vector<float> values(static_cast<std::size_t>(rows * columns));
  for (std::size_t n = 0; n < values.size(); ++n) values[n] = static_cast<float>(2 * draws.uniform(n) - 1);
  return values;
}

struct Problem {
  Shape shape;
  std::vector<float> values;     // (dimensions, points)
  std::vector<float> centroids;  // (clusters, dimensions)

  Problem(Shape given, uint64_t seed)
      : shape(given),
        values(drawn(given.dimensions, given.points, seed)),
        centroids(drawn(given.clusters, given.dimensions, seed + 1)) {}

  Points points() const { return prepare_points({values.data(), shape.dimensions, shape.points, shape.points}); }
  MatrixView<float> rows() { return {centroids.data(), shape.clusters, shape.dimensions, shape.dimensions}; }
  double distance(int64_t point, int64_t cluster) const {
    double sum = 0;
    for (int64_t d = 0; d < shape.dimensions; ++d) {
      sum += std::pow(static_cast<double>(values[static_cast<std::size_t>(d * shape.points + point)]) -
                          static_cast<double>(centroids[static_cast<std::size_t>(cluster * shape.dimensions + d)]),
                      2);
    }
    return sum;
  }
};

struct Nearest {
  std::vector<int32_t> clusters;
  std::vector<float> distances;
  bool operator==(const Nearest&) const = default;
};

Nearest nearest(Context& context, const Points& points, const MatrixView<const float>& centroids) {
  Nearest found{std::vector<int32_t>(static_cast<std::size_t>(points.count()), -1),
                std::vector<float>(static_cast<std::size_t>(points.count()), -1)};
  nearest_centroids(context, points, centroids, found.clusters, found.distances);
  return found;
}

// Points on a line, one centroid each.
struct Line {
  std::vector<float> values, centroids;

  Points points() const {
    const auto count = static_cast<int64_t>(values.size());
    return prepare_points({values.data(), 1, count, count});
  }
  MatrixView<float> rows() { return {centroids.data(), static_cast<int64_t>(centroids.size()), 1, 1}; }
};

TEST(NearestCentroids, AreThoseOfTheDefinition) {
  uint64_t seed = test::random_seed();
  for (const Shape& shape : kShapes) {
    Problem problem(shape, seed += 2);
    Context context({}, 2);
    const Nearest found = nearest(context, problem.points(), problem.rows());
    for (int64_t point = 0; point < shape.points; ++point) {
      double least = std::numeric_limits<double>::max();
      for (int64_t cluster = 0; cluster < shape.clusters; ++cluster) {
        least = std::min(least, problem.distance(point, cluster));
      }
      const auto n = static_cast<std::size_t>(point);
      ASSERT_TRUE(found.clusters[n] >= 0 && found.clusters[n] < shape.clusters);
      EXPECT_NEAR(problem.distance(point, found.clusters[n]), least, 1e-5 * (1 + least));
      EXPECT_NEAR(found.distances[n], least, 1e-5 * (1 + least));
    }
  }
}

TEST(NearestCentroids, OfEqualDistanceAreTheFirst) {
  Line line{{0.0f, 2.0f}, {1.0f, -1.0f, 1.0f}};
  Context context({}, 2);
  EXPECT_EQ(nearest(context, line.points(), line.rows()).clusters, (std::vector<int32_t>{0, 0}));
}

TEST(KMeansStep, MovesCentroidsToTheMeansOfTheirPoints) {
  uint64_t seed = test::random_seed();
  for (const Shape& shape : kShapes) {
    Problem problem(shape, seed += 2);
    Context context({}, 3);
    const Nearest found = nearest(context, problem.points(), problem.rows());
    Problem moved = problem;
    const KMeansStep step = k_means_step(context, moved.points(), moved.rows());
    double inertia = 0;
    for (int64_t point = 0; point < shape.points; ++point) {
      inertia += problem.distance(point, found.clusters[static_cast<std::size_t>(point)]);
    }
    EXPECT_NEAR(step.inertia, inertia, 1e-5 * (1 + inertia));
    if (step.filled > 0) continue;  // which points an empty cluster takes is tested on its own
    for (int64_t cluster = 0; cluster < shape.clusters; ++cluster) {
      const auto members = std::ranges::count(found.clusters, static_cast<int32_t>(cluster));
      for (int64_t d = 0; members > 0 && d < shape.dimensions; ++d) {
        double sum = 0;
        for (int64_t point = 0; point < shape.points; ++point) {
          if (found.clusters[static_cast<std::size_t>(point)] != cluster) continue;
          sum += static_cast<double>(problem.values[static_cast<std::size_t>(d * shape.points + point)]);
        }
        EXPECT_NEAR(moved.rows()(cluster, d), sum / static_cast<double>(members), 1e-6);
      }
    }
  }
}

TEST(KMeansStep, GivesAnEmptyClusterTheFarthestPoint) {
  Line line{{0.0f, 0.5f, 5.0f, 4.0f}, {0.0f, 50.0f, 60.0f}};
  Context context({}, 2);
  const KMeansStep step = k_means_step(context, line.points(), line.rows());
  EXPECT_EQ(step.filled, 2);
  EXPECT_TRUE(step.moved);
  EXPECT_EQ(line.centroids, (std::vector<float>{0.25f, 5.0f, 4.0f}));
}

TEST(KMeansStep, LeavesTheLastPointOfAClusterThere) {
  Line line{{0.0f, 3.0f}, {0.0f, 1.0f, 50.0f}};  // 3 is the only point of its cluster, and farthest
  Context context({}, 1);
  const KMeansStep step = k_means_step(context, line.points(), line.rows());
  EXPECT_EQ(step.filled, 0);
  EXPECT_EQ(line.centroids, (std::vector<float>{0.0f, 3.0f, 50.0f}));
}

TEST(KMeansStep, OfEqualPointsMovesNothing) {
  Line line{std::vector<float>(33, 0.1f), {0.1f, 7.0f}};
  Context context({}, 2);
  const KMeansStep step = k_means_step(context, line.points(), line.rows());
  EXPECT_FALSE(step.moved);
  EXPECT_EQ(step.filled, 0);
  EXPECT_EQ(step.inertia, 0);
  EXPECT_EQ(line.centroids, (std::vector<float>{0.1f, 7.0f}));
}

TEST(KMeansStep, NeverRaisesTheInertia) {
  Problem problem({1031, 33, 9}, test::random_seed());
  Context context({}, 2);
  k_means_start(context, problem.points(), 7, problem.rows());
  double before = std::numeric_limits<double>::max();
  for (int step = 0; step < 12; ++step) {
    const double inertia = k_means_step(context, problem.points(), problem.rows()).inertia;
    EXPECT_LE(inertia, before * (1 + 1e-6));
    before = inertia;
  }
}

TEST(KMeansStep, OfNoPointsKeepsTheCentroids) {
  Line line{{}, {1.0f, 2.0f}};
  Context context({}, 2);
  EXPECT_FALSE(k_means_step(context, line.points(), line.rows()).moved);
  EXPECT_EQ(line.centroids, (std::vector<float>{1.0f, 2.0f}));
}

// Points with whole coordinates: every distance is exact, and so is each draw.
TEST(KMeansStart, DrawsPointsInProportionToTheirDistance) {
  const uint64_t seed = test::random_seed();
  constexpr int64_t kPoints = 131, kDimensions = 3, kClusters = 12;
  std::vector<float> values = drawn(kDimensions, kPoints, seed);
  for (float& value : values) value = std::floor(value * 20);
  const Points points = prepare_points({values.data(), kDimensions, kPoints, kPoints});
  std::vector<float> centroids(kClusters * kDimensions);
  Context context({}, 2);
  k_means_start(context, points, seed, {centroids.data(), kClusters, kDimensions, kDimensions});

  const Philox draws(seed, stream_id(RandomStream::kClusters));
  std::vector<double> distances(kPoints, std::numeric_limits<double>::max());
  int64_t chosen = static_cast<int64_t>(draws.below(0, kPoints));
  for (int64_t cluster = 0; cluster < kClusters; ++cluster) {
    double total = 0;
    for (int64_t point = 0; point < kPoints && cluster > 0; ++point)
      total += distances[static_cast<std::size_t>(point)];
    if (cluster > 0) {
      const auto all = static_cast<uint64_t>(total * points.distance_scale);
      const auto target = static_cast<int64_t>(draws.below(static_cast<uint64_t>(cluster), all));
      int64_t sum = 0;
      for (chosen = -1; sum <= target;) {
        sum += static_cast<int64_t>(distances[static_cast<std::size_t>(++chosen)] * points.distance_scale);
      }
    }
    for (int64_t d = 0; d < kDimensions; ++d) {
      ASSERT_EQ(centroids[static_cast<std::size_t>(cluster * kDimensions + d)],
                values[static_cast<std::size_t>(d * kPoints + chosen)])
          << "cluster " << cluster;
    }
    for (int64_t point = 0; point < kPoints; ++point) {
      double distance = 0;
      for (int64_t d = 0; d < kDimensions; ++d) {
        distance += std::pow(static_cast<double>(values[static_cast<std::size_t>(d * kPoints + point)]) -
                                 static_cast<double>(values[static_cast<std::size_t>(d * kPoints + chosen)]),
                             2);
      }
      auto& nearest = distances[static_cast<std::size_t>(point)];
      nearest = std::min(nearest, distance);
    }
  }
}

TEST(KMeansStart, DrawsDifferentPointsWhereThereAreSoMany) {
  Line line{{1, 2, 3, 4, 5, 5, 5, 5}, std::vector<float>(5)};
  Context context({}, 2);
  k_means_start(context, line.points(), test::random_seed(), line.rows());
  EXPECT_EQ(std::set<float>(line.centroids.begin(), line.centroids.end()), (std::set<float>{1, 2, 3, 4, 5}));
}

TEST(KMeansStart, DrawsAPointAgainWhereAllAreAlike) {
  Line line{std::vector<float>(3, 2.5f), std::vector<float>(4)};
  Context context({}, 2);
  k_means_start(context, line.points(), 1, line.rows());
  EXPECT_EQ(line.centroids, std::vector<float>(4, 2.5f));
}

// Start, five steps and the nearest centroids, with their bytes.
std::vector<double> run(Context& context, const Points& points, std::vector<float> centroids, Shape shape,
                        uint64_t seed) {
  const MatrixView<float> rows{centroids.data(), shape.clusters, shape.dimensions, shape.dimensions};
  k_means_start(context, points, seed, rows);
  std::vector<double> all(centroids.begin(), centroids.end());
  for (int step = 0; step < 5; ++step) {
    all.push_back(k_means_step(context, points, rows).inertia);
    all.insert(all.end(), centroids.begin(), centroids.end());
  }
  const Nearest found = nearest(context, points, rows);
  all.insert(all.end(), found.clusters.begin(), found.clusters.end());
  all.insert(all.end(), found.distances.begin(), found.distances.end());
  return all;
}

TEST(KMeans, HasTheSameBytesForAnyNumberOfThreads) {
  const uint64_t seed = test::random_seed();
  const Problem problem({3001, 33, 31}, seed);
  Context one({}, 1);
  const auto expected = run(one, problem.points(), problem.centroids, problem.shape, seed);
  for (const int threads : {2, 3, 8}) {
    Context context({}, threads);
    EXPECT_TRUE(run(context, problem.points(), problem.centroids, problem.shape, seed) == expected) << threads;
  }
}

TEST(KMeansCuda, HasTheBytesOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  uint64_t seed = test::random_seed();
  for (const Shape& shape : kShapes) {
    const Problem problem(shape, seed += 2);
    Context cpu({}, 2), cuda(test::cuda_device(), 2);
    EXPECT_TRUE(run(cuda, problem.points(), problem.centroids, shape, seed) ==
                run(cpu, problem.points(), problem.centroids, shape, seed))
        << shape.points << " points of " << shape.dimensions << " dimensions, " << shape.clusters << " clusters";
  }
}

TEST(KMeansCuda, ReadsPointsWithGapsBetweenRows) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  const Problem problem({33, 5, 4}, seed);
  Points points = problem.points();
  points.values.columns = 31;
  Context cpu({}, 2), cuda(test::cuda_device(), 2);
  EXPECT_TRUE(run(cuda, points, problem.centroids, problem.shape, seed) ==
              run(cpu, points, problem.centroids, problem.shape, seed));
}

TEST(PreparePoints, RefusesWhatIsNoFiniteNumber) {
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 2e15f}) {
    const std::vector<float> values = {0, 1, value};
    EXPECT_THROW(prepare_points({values.data(), 1, 3, 3}), Error);
  }
}

TEST(KMeansStart, RefusesWhatIsMisshapen) {
  Line line{{1, 2}, {0, 0}};
  Context context({}, 1);
  EXPECT_THROW(k_means_start(context, line.points(), 1, {line.centroids.data(), 0, 1, 1}), Error);
  EXPECT_THROW(k_means_start(context, line.points(), 1, {line.centroids.data(), 1, 2, 2}), Error);
  line.values.clear();
  EXPECT_THROW(k_means_start(context, line.points(), 1, line.rows()), Error);
  std::vector<int32_t> clusters(1);
  std::vector<float> distances(1);
  EXPECT_THROW(nearest_centroids(context, line.points(), line.rows(), clusters, distances), Error);
}

}  // namespace
}  // namespace matinee::clustering
