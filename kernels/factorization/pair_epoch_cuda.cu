#include "kernels/factorization/pair_epoch_cuda.h"
#include "kernels/factorization/step_tiles.cuh"

namespace matinee::factorization {
namespace {

// The step on a pair, from the products of its rows and their biases and shares: changes the items' biases, returns
// what to do to the factors. Adds e².
__device__ RowStep descend(const StepOperands& operands, float learning_rate, float held_product, float drawn_product,
                           const float2& p, float2& q, float2& d, double& squares) {
  const RatingStep step = rating_step(operands.objective, learning_rate, p.y, q.y);
  const float x = operands.predictor(p.x, q.x, held_product) - operands.predictor(p.x, d.x, drawn_product);
  const float error = rating_error<Link::kLogOdds>(1.0f, x);
  if (operands.objective.biases) {
    update_bias(q.x, error, step.learning_rate, step.item_bias_penalty);
    update_bias(d.x, -error, step.learning_rate, step.item_bias_penalty);
  }
  squares += static_cast<double>(error) * static_cast<double>(error);
  return {error, step};
}

template <typename T>
__device__ void apply(const RowStep& step, Piece<T>& p, Piece<T>& q, Piece<T>& d) {
#pragma unroll
  for (int part = 0; part < Piece<T>::kParts; ++part) {
    step.apply(p.parts[part].x, q.parts[part].x, d.parts[part].x);
    step.apply(p.parts[part].y, q.parts[part].y, d.parts[part].y);
    step.apply(p.parts[part].z, q.parts[part].z, d.parts[part].z);
    step.apply(p.parts[part].w, q.parts[part].w, d.parts[part].w);
  }
}

// A team works through a tile, its pairs strictly one after the other, their rows in registers. Per pair: 24 bytes,
// three rows read and written, 6 × factors × bytes of a number; 13 flops per factor: bound by the latency of memory.
// Beside them a block of pairs reads 4 bytes for each row of its groups, 8 with shares, and writes 4 for each item.
template <typename T, int kChunks, Updates updates>
struct PairTile {
  static constexpr int kThreads = kTeam, kMostThreads = kTeam * RatingBlocks::kMaximumParts, kLeastBlocks = 2;
  static constexpr Updates kUpdates = updates;
  static constexpr bool kUserBiases = false;
  using Row = MemberRow<T, kChunks, updates>;

  static __device__ double run(const StepOperands& operands, const EpochRate& rate, TileRatings<kThreads>& ratings,
                               const StepMemory<updates, kThreads>& memory) {
    const int32_t longest = longest_of_warp(ratings.size());
    double squares = 0;
    for (int32_t n = 0; n < longest; n += 2) {
      const Rating held = ratings.next(), drawn = ratings.next();
      const bool active = drawn.user >= 0;
      Row p, q, d;
      if (active) {
        p.load(operands.users, held.user);
        q.load(operands.items, held.item);
        d.load(operands.items, drawn.item);
      }
      const float held_product = row_product(p, q), drawn_product = row_product(p, d);
      float2 q_bias = memory.items.of_team(held.item, active);
      float2 d_bias = memory.items.of_team(drawn.item, active);
      if (!active) continue;
      const float2 p_bias = {memory.users.bias(held.user), memory.users.share(held.user)};
      const RowStep step =
          descend(operands, rate.learning_rate, held_product, drawn_product, p_bias, q_bias, d_bias, squares);
#pragma unroll
      for (int c = 0; c < Row::kPieces; ++c) apply(step, p.pieces[c], q.pieces[c], d.pieces[c]);
      const RoundingDraws draws(rate.rounding_key, ratings.first_number() + n);
      const int member = drawing_member<T>();
      p.store(operands.users, held.user, member, [&](int k) { return RoundingDraws::first(draws(k)); });
      q.store(operands.items, held.item, member, [&](int k) { return RoundingDraws::second(draws(k)); });
      d.store(operands.items, drawn.item, member, [&](int k) { return RoundingDraws::third(draws(k)); });
      if (!operands.objective.biases) continue;
      memory.items.set(held.item, q_bias.x);
      memory.items.set(drawn.item, d_bias.x);
    }
    return squares;
  }
};

// The same for rows too long for registers: a warp works through a tile, the rows in shared memory.
template <typename T, Updates updates>
struct LongPairTile {
  static constexpr int kThreads = kWarp, kMostThreads = kLongRowThreads, kLeastBlocks = 1;
  static constexpr Updates kUpdates = updates;
  static constexpr bool kUserBiases = false;

  static __device__ double run(const StepOperands& operands, const EpochRate& rate, TileRatings<kThreads>& ratings,
                               const StepMemory<updates, kThreads>& memory) {
    double squares = 0;
    for (int32_t n = 0; n + 1 < ratings.size(); n += 2) {
      const Rating held = ratings.next(), drawn = ratings.next();
      StagedRow<T, updates> p(operands.users, held.user, memory.rows);
      const int64_t columns = p.pieces() * int64_t{16 / sizeof(T)};
      StagedRow<T, updates> q(operands.items, held.item, memory.rows + columns);
      StagedRow<T, updates> d(operands.items, drawn.item, memory.rows + 2 * columns);
      __syncwarp();
      const float held_product = staged_product(p.numbers(), q.numbers(), columns);
      const float drawn_product = staged_product(p.numbers(), d.numbers(), columns);
      const float2 p_bias = {memory.users.bias(held.user), memory.users.share(held.user)};
      float2 q_bias = memory.items.of_team(held.item, true);
      float2 d_bias = memory.items.of_team(drawn.item, true);
      const RowStep step =
          descend(operands, rate.learning_rate, held_product, drawn_product, p_bias, q_bias, d_bias, squares);
      const RoundingDraws draws(rate.rounding_key, ratings.first_number() + n);
      for (int piece = team_member<kWarp>(); piece < p.pieces(); piece += kWarp) {
        Piece<T> p_piece = p.piece(piece), q_piece = q.piece(piece), d_piece = d.piece(piece);
        apply(step, p_piece, q_piece, d_piece);
        p.store(piece, p_piece, [&](int k) { return RoundingDraws::first(draws(k)); });
        q.store(piece, q_piece, [&](int k) { return RoundingDraws::second(draws(k)); });
        d.store(piece, d_piece, [&](int k) { return RoundingDraws::third(draws(k)); });
      }
      if (operands.objective.biases) {
        memory.items.set(held.item, q_bias.x);
        memory.items.set(drawn.item, d_bias.x);
      }
      __syncwarp();
    }
    return squares;
  }
};

struct PairSteps {
  static constexpr const char* kName = "pair_step_kernel";
  static constexpr int64_t kStagedRows = 3;
  template <typename T, int kChunks, Updates updates>
  using InRegisters = PairTile<T, kChunks, updates>;
  template <typename T, Updates updates>
  using InSharedMemory = LongPairTile<T, updates>;
};

}  // namespace

double pair_epoch_cuda(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                       const EpochOptions& options) {
  DeviceTraining& training = operands.on_device();
  return run_steps(context.cuda(), training, strata, options, operands.objective(), kernels_for<PairSteps>(training));
}

}  // namespace matinee::factorization
