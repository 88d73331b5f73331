#include <array>
#include <functional>

#include "kernels/factorization/prefetch_rows.h"
#include "kernels/factorization/squared_error.h"
#include "kernels/support/multiversion.h"

namespace matinee::factorization::cpu {
namespace {

template <Link link>
[[gnu::always_inline]] inline double block_error_of(std::span<const Rating> ratings,
                                                    const FactorsView<const float>& model) {
  double squares = 0;
  for (std::size_t n = 0; n < ratings.size(); ++n) {
    if (n + kRatingsAhead < ratings.size()) prefetch_rows<kForReading>(ratings[n + kRatingsAhead], model);
    const Rating& rating = ratings[n];
    const float error = rating_error<link>(rating.value, predictor(model, rating.user, rating.item));
    squares += static_cast<double>(error) * static_cast<double>(error);
  }
  return squares;
}

MATINEE_MULTIVERSION
double block_error(std::span<const Rating> ratings, Link link, const FactorsView<const float>& model) {
  return link == Link::kIdentity ? block_error_of<Link::kIdentity>(ratings, model)
                                 : block_error_of<Link::kLogistic>(ratings, model);
}

}  // namespace

double squared_error(Context& context, const RatingBlocks& blocks, Link link, const FactorsView<const float>& model) {
  double squares = 0;
  std::array<double, RatingBlocks::kMaximumGroups> block_squares;
  for (int32_t user_group = 0; user_group < blocks.groups(); ++user_group) {
    const auto work = [&](int64_t group, int) {
      block_squares[static_cast<std::size_t>(group)] =
          block_error(blocks.block(user_group, static_cast<int32_t>(group)), link, model);
    };
    context.pool().run(blocks.groups(), std::cref(work));
    for (int32_t group = 0; group < blocks.groups(); ++group) squares += block_squares[static_cast<std::size_t>(group)];
  }
  return squares;
}

}  // namespace matinee::factorization::cpu
