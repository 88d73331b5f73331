#include <array>
#include <functional>

#include "kernels/factorization/prefetch_rows.h"
#include "kernels/factorization/squared_error.h"
#include "kernels/support/multiversion.h"

namespace matinee::factorization {
namespace {

template <typename T, Link link>
[[gnu::always_inline]] inline double error_of(std::span<const int64_t> tiles, const TrainingOperands& operands) {
  const Rating* const ratings = operands.blocks().ratings().data();
  const FactorsView<T, float> model = operands.stored<T>();
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

template <typename T>
[[gnu::always_inline]] inline double error_of(std::span<const int64_t> tiles, const TrainingOperands& operands) {
  return operands.objective().link == Link::kIdentity ? error_of<T, Link::kIdentity>(tiles, operands)
                                                      : error_of<T, Link::kLogistic>(tiles, operands);
}

MATINEE_MULTIVERSION
double block_error(std::span<const int64_t> tiles, const TrainingOperands& operands) {
  if (operands.storage() == Storage::kFp16) return error_of<Fp16>(tiles, operands);
  if (operands.storage() == Storage::kBf16) return error_of<Bf16>(tiles, operands);
  return error_of<float>(tiles, operands);
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
          block_error(blocks.block_offsets(user_group, blocks.stratum_item_group(stratum, user_group)), operands);
    };
    context.pool().run(blocks.groups(), std::cref(work));
    for (int32_t group = 0; group < blocks.groups(); ++group) squares += block_squares[static_cast<std::size_t>(group)];
  }
  return squares;
}

}  // namespace matinee::factorization
