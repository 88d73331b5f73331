#include <vector>

#include <gtest/gtest.h>

#include "kernels/factorization/score_items.h"
#include "tests/support/cuda_device.h"
#include "tests/support/factorization_problem.h"
#include "tests/support/random_seed.h"

namespace matinee::factorization {
namespace {

TEST(ScoreItemsCuda, HasTheBitsOfTheCpuOnOddShapes) {
  MATINEE_NEEDS_CUDA();
  for (const int32_t users : {1, 31, 131}) {
    for (const int32_t items : {1, 16, 33, 131}) {
      for (const int64_t factors : {1, 33, 64}) {
        test::FactorizationProblem problem(users, items, factors, 0.1, test::random_seed());
        const auto panels = pack_panels({problem.item_factors.data(), items, factors, problem.stride});
        const ScoringModel model{.user_factors = {problem.user_factors.data(), users, factors, problem.stride},
                                 .items = items,
                                 .item_panels = panels.data(),
                                 .user_biases = problem.user_biases.data(),
                                 .item_biases = problem.item_biases.data(),
                                 .mean = 0.4F};
        std::vector<int32_t> wanted;
        for (int32_t user = users - 1; user >= 0; --user) wanted.push_back(user);
        std::vector<float> expected(static_cast<std::size_t>(users) * items), found(expected.size());
        Context cpu(Device{}, 2), cuda(test::cuda_device(), 2);
        score_items(cpu, model, wanted, {expected.data(), users, items, items});
        score_items(cuda, model, wanted, {found.data(), users, items, items});
        ASSERT_TRUE(found == expected) << users << " × " << items << " × " << factors;
      }
    }
  }
}

}  // namespace
}  // namespace matinee::factorization
