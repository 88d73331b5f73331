#include "kernels/factorization/sgd_epoch_cuda.h"
#include "kernels/factorization/step_tiles.cuh"

namespace matinee::factorization {
namespace {

// The step on a rating, from the product of its rows and their biases and shares: changes the biases, returns what to
// do to the factors. Adds e².
__device__ RowStep descend(const StepOperands& operands, float learning_rate, float value, float product, float2& p,
                           float2& q, double& squares) {
  const Objective& objective = operands.objective;
  const float error = rating_error(objective.link, value, operands.predictor(p.x, q.x, product));
  const float gradient = rating_gradient(objective.link, value, error);
  const RatingStep step = rating_step(operands.objective, learning_rate, p.y, q.y);
  if (objective.biases) {
    update_bias(p.x, gradient, step.learning_rate, step.user_bias_penalty);
    update_bias(q.x, gradient, step.learning_rate, step.item_bias_penalty);
  }
  squares += static_cast<double>(error) * static_cast<double>(error);
  return {gradient, step};
}

template <typename T>
__device__ void apply(const RowStep& step, Piece<T>& p, Piece<T>& q) {
#pragma unroll
  for (int part = 0; part < Piece<T>::kParts; ++part) {
    step.apply(p.parts[part].x, q.parts[part].x);
    step.apply(p.parts[part].y, q.parts[part].y);
    step.apply(p.parts[part].z, q.parts[part].z);
    step.apply(p.parts[part].w, q.parts[part].w);
  }
}

// A team works through a tile, its ratings strictly one after the other; rows in registers, those of the next rating
// loaded while this one's are changed, unless they are the same (of the longest rows the item's alone: more do not
// fit). Per rating: 12 bytes and both rows read and written, 4 × factors × bytes of a number; 8 flops per factor, at 64
// factors 0.5 a byte in fp32 and 1 in halves: bound by memory, or with few tiles by its latency. Beside them a tile
// reads up to 64 bytes of its neighbours' ratings and 16 of offsets, and a block of ratings 8 bytes for each row of its
// groups, or 12 with shares.
template <typename T, int kChunks, Updates updates>
struct SgdTile {
  static constexpr int kThreads = kTeam, kMostThreads = kTeam * RatingBlocks::kMaximumParts, kLeastBlocks = 2;
  static constexpr Updates kUpdates = updates;
  static constexpr bool kUserBiases = true;
  using Row = MemberRow<T, kChunks, updates>;

  static __device__ double run(const StepOperands& operands, const EpochRate& rate, TileRatings<kThreads>& ratings,
                               const StepMemory<updates, kThreads>& memory) {
    constexpr bool kBothAhead = kChunks <= 4, kItemAhead = kBothAhead || sizeof(T) == sizeof(float);
    const int32_t longest = longest_of_warp(ratings.size());
    double squares = 0;
    Rating now = ratings.next(), next = ratings.next();
    Row p, q;
    if (now.user >= 0) {
      p.load(operands.users, now.user);
      q.load(operands.items, now.item);
    }
    for (int32_t n = 0; n < longest; ++n) {
      const Rating after = ratings.next();
      Row next_p, next_q;
      const bool other_user = next.user >= 0 && next.user != now.user;
      const bool other_item = next.user >= 0 && next.item != now.item;
      if (kBothAhead && other_user) next_p.load(operands.users, next.user);
      if (kItemAhead && other_item) next_q.load(operands.items, next.item);
      const float product = row_product(p, q);
      const bool active = now.user >= 0;
      float2 p_bias = memory.users.of_team(now.user, active);
      float2 q_bias = memory.items.of_team(now.item, active);
      if (active) {
        const RowStep step = descend(operands, rate.learning_rate, now.value, product, p_bias, q_bias, squares);
#pragma unroll
        for (int c = 0; c < Row::kPieces; ++c) apply(step, p.pieces[c], q.pieces[c]);
        const RoundingDraws draws(rate.rounding_key, ratings.first_number() + n);
        const int member = drawing_member<T>();
        p.store(operands.users, now.user, member, [&](int k) { return RoundingDraws::first(draws(k)); });
        q.store(operands.items, now.item, member, [&](int k) { return RoundingDraws::second(draws(k)); });
        if (operands.objective.biases) {
          memory.users.set(now.user, p_bias.x);
          memory.items.set(now.item, q_bias.x);
        }
      }
      if (kBothAhead && other_user) p = next_p;
      if (!kBothAhead && other_user) p.load(operands.users, next.user);
      if (kItemAhead && other_item) q = next_q;
      if (!kItemAhead && other_item) q.load(operands.items, next.item);
      now = next;
      next = after;
    }
    return squares;
  }
};

// The same for rows too long for registers: a warp works through a tile, both rows in shared memory.
template <typename T, Updates updates>
struct LongSgdTile {
  static constexpr int kThreads = kWarp, kMostThreads = kLongRowThreads, kLeastBlocks = 1;
  static constexpr Updates kUpdates = updates;
  static constexpr bool kUserBiases = true;

  static __device__ double run(const StepOperands& operands, const EpochRate& rate, TileRatings<kThreads>& ratings,
                               const StepMemory<updates, kThreads>& memory) {
    double squares = 0;
    for (int32_t n = 0; n < ratings.size(); ++n) {
      const Rating rating = ratings.next();
      StagedRow<T, updates> p(operands.users, rating.user, memory.rows);
      const int64_t columns = p.pieces() * int64_t{16 / sizeof(T)};
      StagedRow<T, updates> q(operands.items, rating.item, memory.rows + columns);
      __syncwarp();
      const float product = staged_product(p.numbers(), q.numbers(), columns);
      float2 p_bias = memory.users.of_team(rating.user, true);
      float2 q_bias = memory.items.of_team(rating.item, true);
      const RowStep step = descend(operands, rate.learning_rate, rating.value, product, p_bias, q_bias, squares);
      const RoundingDraws draws(rate.rounding_key, ratings.first_number() + n);
      for (int piece = team_member<kWarp>(); piece < p.pieces(); piece += kWarp) {
        Piece<T> p_piece = p.piece(piece), q_piece = q.piece(piece);
        apply(step, p_piece, q_piece);
        p.store(piece, p_piece, [&](int k) { return RoundingDraws::first(draws(k)); });
        q.store(piece, q_piece, [&](int k) { return RoundingDraws::second(draws(k)); });
      }
      if (operands.objective.biases) {
        memory.users.set(rating.user, p_bias.x);
        memory.items.set(rating.item, q_bias.x);
      }
      __syncwarp();
    }
    return squares;
  }
};

struct SgdSteps {
  static constexpr const char* kName = "sgd_step_kernel";
  static constexpr int64_t kStagedRows = 2;
  template <typename T, int kChunks, Updates updates>
  using InRegisters = SgdTile<T, kChunks, updates>;
  template <typename T, Updates updates>
  using InSharedMemory = LongSgdTile<T, updates>;
};

}  // namespace

double sgd_epoch_cuda(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                      const EpochOptions& options) {
  DeviceTraining& training = operands.on_device();
  return run_steps(context.cuda(), training, strata, options, operands.objective(), kernels_for<SgdSteps>(training));
}

}  // namespace matinee::factorization
