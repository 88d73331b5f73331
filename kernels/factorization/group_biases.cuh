#pragma once

#include "kernels/factorization/row_pieces.cuh"
#include "kernels/factorization/tile_ratings.cuh"

namespace matinee::factorization {

// The biases and shares of the rows of a group, for the teams of a block of threads: in shared memory as long as the
// block has the group, so that a bias costs 4 bytes a block of ratings and not a sector of 32 each rating; or, where
// there is no room, where they lie. A bias is read and written by the first thread of the team that has the row, the
// others hear of it. Teams are of kThreads.
template <Updates updates, int kThreads>
class GroupBiases {
 public:
  // Shared memory: `biases` and `shares` for those of the largest group; `before`, with lock-free updates alone, for
  // the biases that were read. Where `staged` is false, they are not touched.
  __device__ GroupBiases(const DeviceRows& rows, bool staged, float* biases, float* shares, float* before)
      : rows_(rows), staged_(staged), biases_(biases), shares_(shares), before_(before) {}

  // All threads of the block call it before they use the group, and then meet.
  __device__ void take(int32_t group) {
    first_ = rows_.begins[group];
    count_ = rows_.begins[group + 1] - first_;
    for (int32_t n = threadIdx.x; staged_ && n < count_; n += blockDim.x) {
      const float bias = read_part<updates>(rows_.biases + first_ + n);
      biases_[n] = bias;
      if constexpr (updates == Updates::kLockFree) before_[n] = bias;
      if (rows_.shares != nullptr) shares_[n] = rows_.shares[first_ + n];
    }
  }
  // The same once all are done with the group. Of lock-free updates the changes are added to those of other blocks.
  __device__ void give_back() const {
    for (int32_t n = threadIdx.x; staged_ && n < count_; n += blockDim.x) {
      float* bias = rows_.biases + first_ + n;
      if constexpr (updates == Updates::kOrdered) {
        *bias = biases_[n];
      } else {
        atomicAdd(bias, biases_[n] - before_[n]);
      }
    }
  }

  // An access that says which memory it means: a pointer to either would leave that to the compiler.
  __device__ float bias(int32_t place) const {
    return staged_ ? biases_[place - first_] : load_relaxed(rows_.biases + place);
  }
  __device__ float share(int32_t place) const {
    if (rows_.shares == nullptr) return 1.0F;
    return staged_ ? shares_[place - first_] : __ldg(rows_.shares + place);
  }
  // Bias and share in all threads of a team; all threads of the warp call it.
  __device__ float2 of_team(int32_t place, bool active) const {
    float own = 0;
    if (active && team_member<kThreads>() == 0) own = bias(place);
    own = __shfl_sync(~0u, own, 0, kThreads);
    return {own, active ? share(place) : 1.0F};
  }
  __device__ void set(int32_t place, float bias) const {
    if (team_member<kThreads>() != 0) return;
    if (staged_) {
      biases_[place - first_] = bias;
    } else {
      store_relaxed(rows_.biases + place, bias);
    }
  }

 private:
  const DeviceRows rows_;
  const bool staged_;
  float* const biases_;
  float* const shares_;
  float* const before_;
  int32_t first_ = 0, count_ = 0;
};

// How much shared memory a block of threads has for the biases of its two groups, and how it lies.
struct BiasRoom {
  int32_t users = 0, items = 0;  // of the largest groups; both 0: biases stay where they are
  bool shares = false;

  // Floats, for one kind of updates.
  MATINEE_HOST_DEVICE int64_t floats(Updates updates) const {
    const int64_t both = int64_t{users} + items;
    return both + (shares ? both : 0) + (updates == Updates::kLockFree ? items : 0);
  }
  __device__ bool staged() const { return users + items > 0; }
  template <int kThreads>
  __device__ GroupBiases<Updates::kOrdered, kThreads> of_users(const DeviceRows& rows, float* memory) const {
    return {rows, staged(), memory, memory + users + items, nullptr};
  }
  template <Updates updates, int kThreads>
  __device__ GroupBiases<updates, kThreads> of_items(const DeviceRows& rows, float* memory) const {
    float* const end = memory + (shares ? 2 : 1) * (users + items);
    return {rows, staged(), memory + users, memory + 2 * users + items, end};
  }
};

}  // namespace matinee::factorization
