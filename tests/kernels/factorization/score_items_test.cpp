#include "kernels/factorization/score_items.h"

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/factorization_problem.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

using test::FactorizationProblem;

struct Scorer {
  FactorizationProblem problem;
  Buffer<float> panels;

  Scorer(int32_t users, int32_t items, int64_t factors) : problem(users, items, factors, 0.1, test::random_seed()) {
    panels = pack_panels({problem.item_factors.data(), items, factors, problem.stride});
  }
  ScoringModel model() const {
    const auto& ratings = problem.data.ratings;
    return {.user_factors = {problem.user_factors.data(), ratings.user_count, problem.factors, problem.stride},
            .items = ratings.item_count,
            .item_panels = panels.data(),
            .user_biases = problem.user_biases.data(),
            .item_biases = problem.item_biases.data(),
            .mean = 0.4f};
  }
};

TEST(ScoreItems, AgreesWithTheReferenceOnOddShapes) {
  for (const int32_t users : {1, 31, 33}) {
    for (const int32_t items : {1, 16, 31, 131}) {
      for (const int64_t factors : {1, 33}) {
        Scorer scorer(users, items, factors);
        const test::ReferenceFactors reference(scorer.problem);
        std::vector<int32_t> wanted;
        for (int32_t user = users - 1; user >= 0; --user) wanted.push_back(user);
        std::vector<float> scores(static_cast<std::size_t>(users) * items);
        Context context({}, 2);
        score_items(context, scorer.model(), wanted, {scores.data(), users, items, items});
        for (std::size_t row = 0; row < wanted.size(); ++row) {
          for (int32_t item = 0; item < items; ++item) {
            ASSERT_NEAR(scores[row * static_cast<std::size_t>(items) + static_cast<std::size_t>(item)],
                        reference.predictor(wanted[row], item), 2e-6)
                << users << " × " << items << " × " << factors;
          }
        }
      }
    }
  }
}

TEST(ScoreItems, RefusesUnknownUsersAndMisshapenScores) {
  Scorer scorer(3, 5, 2);
  std::vector<float> scores(15);
  Context context({}, 1);
  for (const int32_t unknown : {-1, 3}) {
    EXPECT_THROW(score_items(context, scorer.model(), std::span(&unknown, 1), {scores.data(), 1, 5, 5}), Error);
  }
  const std::vector<int32_t> users = {0, 1};
  EXPECT_THROW(score_items(context, scorer.model(), users, {scores.data(), 3, 5, 5}), Error);
  EXPECT_THROW(score_items(context, scorer.model(), users, {scores.data(), 2, 4, 5}), Error);
}

}  // namespace
}  // namespace matinee::factorization
