#include <array>
#include <functional>

#include "kernels/factorization/prefetch_rows.h"
#include "kernels/factorization/squared_error.h"
#include "kernels/support/multiversion.h"

namespace matinee::factorization {
namespace {

template <Link link>
[[gnu::always_inline]] inline double block_error_of(const RatingBlocks& blocks, std::span<const int64_t> tiles,
                                                    const FactorsView<float>& model) {
  const Rating* const ratings = blocks.ratings().data();
  double squares = 0;
  for (std::size_t tile = 0; tile + 1 < tiles.size(); ++tile) {
    double tile_squares = 0;
    for (int64_t n = tiles[tile]; n < tiles[tile + 1]; ++n) {
      if (n + kRatingsAhead < tiles.back()) prefetch_rows<kForReading>(ratings[n + kRatingsAhead], model);
      const Rating& rating = ratings[n];
      const float error = rating_error<link>(rating.value, predictor(model, rating.user, rating.item));
      tile_squares += static_cast<double>(error) * static_cast<double>(error);
    }
    squares += tile_squares;
  }
  return squares;
}

MATINEE_MULTIVERSION
double block_error(const RatingBlocks& blocks, std::span<const int64_t> tiles, Link link,
                   const FactorsView<float>& model) {
  return link == Link::kIdentity ? block_error_of<Link::kIdentity>(blocks, tiles, model)
                                 : block_error_of<Link::kLogistic>(blocks, tiles, model);
}

}  // namespace

double squared_error_cpu(Context& context, const TrainingOperands& operands) {
  const RatingBlocks& blocks = operands.blocks();
  double squares = 0;
  std::array<double, RatingBlocks::kMaximumGroups> block_squares;
  for (int32_t stratum = 0; stratum < blocks.groups(); ++stratum) {
    const auto work = [&](int64_t group, int) {
      const auto user_group = static_cast<int32_t>(group);
      block_squares[static_cast<std::size_t>(group)] =
          block_error(blocks, blocks.block_offsets(user_group, blocks.stratum_item_group(stratum, user_group)),
                      operands.objective().link, operands.model());
    };
    context.pool().run(blocks.groups(), std::cref(work));
    for (int32_t group = 0; group < blocks.groups(); ++group) squares += block_squares[static_cast<std::size_t>(group)];
  }
  return squares;
}

}  // namespace matinee::factorization
