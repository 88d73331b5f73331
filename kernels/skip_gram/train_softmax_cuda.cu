#include <algorithm>
#include <cmath>
#include <vector>

#include <cooperative_groups.h>

#include "kernels/skip_gram/collect_windows.h"
#include "kernels/skip_gram/softmax_pairs.h"
#include "kernels/skip_gram/softmax_sums.h"
#include "kernels/skip_gram/train_softmax_cuda.h"
#include "kernels/skip_gram/window_warp.cuh"
#include "kernels/support/launch.cuh"
#include "kernels/support/warp_sum.cuh"

namespace matinee::skip_gram {
namespace {

constexpr int kThreads = kStepSums * kWarp;  // of a block: a warp for each of the sums of a chunk's steps
constexpr int kTileColumns = 512;            // whose sums a block has in shared memory at a time
constexpr int kLeastBlocksOfSoftmax = 2;  // of a multiprocessor: 128 registers a thread, with which ptxas spills none
static_assert(kShareSums == kWarp);

// Of a pair: -ln softmax = ln sum + difference.
struct SoftmaxLoss {
  double sum, difference;
};

// What the kernel works on. Chunks are those of softmax_sums.h.
struct SoftmaxWork {
  DeviceModel model;
  const SoftmaxPair* pairs;
  int64_t pair_count;
  int64_t chunk_words, chunks;
  float* exponentials;  // (vocabulary): first the products
  SoftmaxSum* sums;     // (chunks)
  float* steps;         // (chunks, stride): of the input row
  SoftmaxLoss* losses;  // (pairs)
  // Of rows in shared memory, where each block has one chunk and keeps it from the first pair to the last; 0: rows stay
  // where they are.
  int32_t row_stride;

  __device__ int64_t words_of(int64_t chunk) const { return min(chunk_words, model.vocabulary - chunk * chunk_words); }
};

// Shared memory of a block, in floats: the input row, sums of steps, what words pull, rows.
struct SoftmaxSpace {
  static MATINEE_HOST_DEVICE int64_t sums(int64_t stride) { return stride; }
  static MATINEE_HOST_DEVICE int64_t pulls(int64_t stride) { return sums(stride) + kStepSums * kTileColumns; }
  static MATINEE_HOST_DEVICE int64_t rows(int64_t stride, int64_t chunk_words) {
    return pulls(stride) + rounded_up(chunk_words, 4);
  }
};

__device__ float warp_greatest(float most) {
  for (int distance = kWarp / 2; distance > 0; distance /= 2) {
    most = greater(most, __shfl_xor_sync(~0u, most, distance));
  }
  return most;
}

// A block and its memory.
struct SoftmaxBlock {
  const SoftmaxWork& work;
  int64_t stride;
  float* input;  // (stride)
  float* sums;   // (kStepSums, kTileColumns)
  float* pulls;  // (chunk words)
  float* rows;   // (chunk words, row stride)
  int warp = static_cast<int>(threadIdx.x) / kWarp, lane = static_cast<int>(threadIdx.x) % kWarp;

  __device__ SoftmaxBlock(const SoftmaxWork& of, float* memory)
      : work(of),
        stride(of.model.stride),
        input(memory),
        sums(memory + SoftmaxSpace::sums(stride)),
        pulls(memory + SoftmaxSpace::pulls(stride)),
        rows(memory + SoftmaxSpace::rows(stride, of.chunk_words)) {}

  // Output row i of a chunk.
  __device__ float* row(int64_t chunk, int64_t i) const {
    if (work.row_stride > 0) return rows + i * work.row_stride;
    return work.model.row(work.model.vocabulary + chunk * work.chunk_words + i);
  }

  __device__ void fetch_rows() const {
    for (int64_t i = warp; i < work.words_of(blockIdx.x); i += kStepSums) {
      copy_row(work.model.row(work.model.vocabulary + blockIdx.x * work.chunk_words + i), stride, row(blockIdx.x, i));
    }
  }
  __device__ void put_back_rows() const {
    for (int64_t i = warp; i < work.words_of(blockIdx.x); i += kStepSums) {
      copy_row(row(blockIdx.x, i), stride, work.model.row(work.model.vocabulary + blockIdx.x * work.chunk_words + i));
    }
  }

  __device__ void fetch_input(int32_t word) const {
    const float* from = work.model.row(word);
    for (int64_t k = 4 * int64_t{threadIdx.x}; k < stride; k += 4 * kThreads) {
      *reinterpret_cast<float4*>(input + k) = *reinterpret_cast<const float4*>(from + k);
    }
    __syncthreads();
  }

  // The products of a chunk's rows with the input row.
  __device__ void multiply(int64_t chunk) const {
    const int64_t count = work.words_of(chunk);
    for (int64_t base = 0; base < count; base += kThreads / kTeam) {
      const int64_t i = base + threadIdx.x / kTeam;
      const float product = team_product(input, row(chunk, i < count ? i : 0), stride);
      if (i < count && threadIdx.x % kTeam == 0) work.exponentials[chunk * work.chunk_words + i] = product;
    }
    __syncthreads();
  }

  // Products become exponentials, by one warp. Returns the target's product where the chunk has it, in all its lanes.
  __device__ float weigh(int64_t chunk, int32_t target) const {
    const int64_t count = work.words_of(chunk), own = target - chunk * work.chunk_words;
    float* products = work.exponentials + chunk * work.chunk_words;
    float most = -INFINITY;
    for (int64_t i = lane; i < count; i += kWarp) most = greater(most, products[i]);
    most = warp_greatest(most);
    const float of_target = own >= 0 && own < count ? products[own] : 0.0f;
    __syncwarp();
    double sum = 0;
    for (int64_t i = lane; i < count; i += kWarp) {
      products[i] = exponential(products[i] - most);
      sum += static_cast<double>(products[i]);
    }
    sum = warp_sum(sum);
    if (lane == 0) work.sums[chunk] = {most, sum};
    return of_target;
  }

  // Of all chunks, by one warp.
  __device__ SoftmaxSum sum_all() const {
    float most = -INFINITY;
    for (int64_t c = lane; c < work.chunks; c += kWarp) most = greater(most, work.sums[c].most);
    most = warp_greatest(most);
    double sum = 0;
    for (int64_t c = lane; c < work.chunks; c += kWarp) sum += scaled_sum(work.sums[c], most);
    return {most, warp_sum(sum)};
  }

  // What each word of a chunk pulls.
  __device__ void pull(int64_t chunk, float share, const SoftmaxPair& pair) const {
    const int64_t first = chunk * work.chunk_words;
    for (int64_t i = threadIdx.x; i < work.words_of(chunk); i += kThreads) {
      pulls[i] = softmax_pull(work.exponentials[first + i], share, first + i == pair.target, pair.rate);
    }
    __syncthreads();
  }

  // Moves 4 columns of those output rows of a chunk whose steps are one sum, and returns it.
  __device__ float4 move_columns(int64_t chunk, int64_t k) const {
    const float4 by = *reinterpret_cast<const float4*>(input + k);
    float4 step = {};
    for (int64_t i = warp; i < work.words_of(chunk); i += kStepSums) {
      auto& numbers = *reinterpret_cast<float4*>(row(chunk, i) + k);
      float4 now = numbers;
      const float pull = pulls[i];
      step.x = fmaf(pull, now.x, step.x);
      step.y = fmaf(pull, now.y, step.y);
      step.z = fmaf(pull, now.z, step.z);
      step.w = fmaf(pull, now.w, step.w);
      now.x = fmaf(pull, by.x, now.x);
      now.y = fmaf(pull, by.y, now.y);
      now.z = fmaf(pull, by.z, now.z);
      now.w = fmaf(pull, by.w, now.w);
      numbers = now;
    }
    return step;
  }

  // Moves the output rows of a chunk.
  __device__ void move(int64_t chunk) const {
    for (int64_t tile = 0; tile < stride; tile += kTileColumns) {
      const int64_t columns = min(int64_t{kTileColumns}, stride - tile);
      for (int64_t k = 4 * lane; k < columns; k += 4 * kWarp) {
        *reinterpret_cast<float4*>(sums + warp * kTileColumns + k) = move_columns(chunk, tile + k);
      }
      __syncthreads();
      for (int64_t k = threadIdx.x; k < columns; k += kThreads) {
        float parts[kStepSums];
#pragma unroll
        for (int part = 0; part < kStepSums; ++part) parts[part] = sums[part * kTileColumns + k];
        work.steps[element(chunk, stride, tile + k)] = halved_sum(parts);
      }
      __syncthreads();
    }
  }

  // Moves the columns of the input row that fall to this block, by the steps of all chunks.
  __device__ void move_input(int32_t word) const {
    if (warp > 0) return;
    for (int64_t k = int64_t{blockIdx.x} * kWarp + lane; k < stride; k += int64_t{gridDim.x} * kWarp) {
      float parts[kStepSums] = {};
      for (int64_t first = 0; first < work.chunks; first += kStepSums) {
#pragma unroll
        for (int part = 0; part < kStepSums; ++part) {
          if (first + part < work.chunks) parts[part] += work.steps[element(first + part, stride, k)];
        }
      }
      work.model.row(word)[k] += halved_sum(parts);
    }
  }
};

// Pairs one after the other, by all blocks together. Each has a chunk of the output rows (where the device runs fewer
// blocks than there are chunks, several): of these it takes the products and then, when all blocks know the sum over
// all words, moves them. The input row is moved when all blocks have added up what their words pull. So blocks wait for
// each other twice a pair, and a third time where the next pair has the same input row.
// Per pair of v words and rows of d floats: 6 v d flops, and the output rows read twice and written once, 12 v d bytes.
// Where they fit, these are of shared memory, and of device memory there are 4 d (1 + 2 chunks) bytes of the input row
// and its steps; otherwise device memory (for a small vocabulary, its cache) bounds it. Below about a million numbers
// v d the two waits do.
__global__ void __launch_bounds__(kThreads, kLeastBlocksOfSoftmax) train_softmax_kernel(SoftmaxWork work) {
  extern __shared__ float4 memory[];
  __shared__ SoftmaxSum all;
  __shared__ float share;
  const auto grid = cooperative_groups::this_grid();
  const SoftmaxBlock block(work, reinterpret_cast<float*>(memory));
  if (work.row_stride > 0) block.fetch_rows();
  for (int64_t p = 0; p < work.pair_count; ++p) {
    const SoftmaxPair pair = work.pairs[p];
    if (p > 0 && work.pairs[p - 1].input == pair.input) grid.sync();
    block.fetch_input(pair.input);
    float target_product = 0;
    for (int64_t chunk = blockIdx.x; chunk < work.chunks; chunk += gridDim.x) {
      block.multiply(chunk);
      if (block.warp == 0) target_product += block.weigh(chunk, pair.target);
    }
    grid.sync();
    if (block.warp == 0) {
      const SoftmaxSum sum = block.sum_all();
      if (block.lane == 0) all = sum;
    }
    for (int64_t chunk = blockIdx.x; chunk < work.chunks; chunk += gridDim.x) {
      if (threadIdx.x == 0) {
        share = share_of(work.sums[chunk], all);
        if (pair.target / work.chunk_words == chunk) {
          work.losses[p] = {all.sum, static_cast<double>(all.most) - static_cast<double>(target_product)};
        }
      }
      __syncthreads();
      block.pull(chunk, share, pair);
      block.move(chunk);
    }
    grid.sync();
    block.move_input(pair.input);
  }
  if (work.row_stride > 0) block.put_back_rows();
}

struct SoftmaxLaunch {
  LaunchShape shape;
  int32_t row_stride;
};

// With rows in shared memory where each chunk can have a block of its own with room for them.
template <typename KernelOf>
SoftmaxLaunch launch_of(CudaResources& cuda, const KernelOf& kernel, const SoftmaxWork& work) {
  const auto bytes = [](int64_t floats) { return floats * static_cast<int64_t>(sizeof(float)); };
  const int64_t floats = SoftmaxSpace::rows(work.model.stride, work.chunk_words);
  const int64_t row_stride = spread_stride(work.model.stride), with_rows = floats + work.chunk_words * row_stride;
  LaunchShape shape{.blocks = work.chunks, .threads = kThreads, .shared_bytes = bytes(with_rows), .cooperative = true};
  if (shape.shared_bytes <= most_shared_bytes() &&
      work.chunks <= most_blocks_at_once(cuda, kernel, kThreads, shape.shared_bytes)) {
    return {shape, static_cast<int32_t>(row_stride)};
  }
  shape.shared_bytes = bytes(floats);
  shape.blocks = std::min({work.chunks, kChunks, most_blocks_at_once(cuda, kernel, kThreads, shape.shared_bytes)});
  return {shape, 0};
}

class SoftmaxTraining {
 public:
  SoftmaxTraining(CudaResources& cuda, const TrainingOperands& operands)
      : cuda_(cuda),
        model_(operands.on_device().model(operands)),
        chunk_words_(softmax_chunk_words(model_.vocabulary)),
        chunks_(pieces(model_.vocabulary, chunk_words_)),
        exponentials_(cuda, model_.vocabulary),
        sums_(cuda, chunks_),
        steps_(cuda, chunks_ * model_.stride) {}

  // The loss of the pairs.
  void train(const std::vector<SoftmaxPair>& pairs, double& loss) {
    if (pairs.empty()) return;
    const auto there = uploaded(cuda_, std::span(pairs));
    DeviceBuffer<SoftmaxLoss> losses(cuda_, there.size());
    SoftmaxWork work{model_,        there.data(),
                     there.size(),  chunk_words_,
                     chunks_,       exponentials_.data(),
                     sums_.data(),  steps_.data(),
                     losses.data(), 0};
    const Kernel kernel("train_softmax_kernel", train_softmax_kernel);
    const SoftmaxLaunch how = launch_of(cuda_, kernel, work);
    work.row_stride = how.row_stride;
    launch(cuda_, kernel, how.shape, work);
    losses_.resize(pairs.size());
    download(cuda_, std::span(losses_), losses);
    for (const SoftmaxLoss& of : losses_) loss += std::log(of.sum) + of.difference;
  }

 private:
  CudaResources& cuda_;
  DeviceModel model_;
  int64_t chunk_words_, chunks_;
  DeviceBuffer<float> exponentials_;
  DeviceBuffer<SoftmaxSum> sums_;
  DeviceBuffer<float> steps_;
  std::vector<SoftmaxLoss> losses_;
};

}  // namespace

Trained train_softmax_cuda(Context& context, const TrainingOperands& operands, const WordRange& range) {
  SoftmaxTraining training(context.cuda(), operands);
  Trained trained{.words = range.end - range.begin};
  std::vector<SoftmaxPair> pairs;
  for (int64_t begin = range.begin; begin < range.end; begin += kSoftmaxWordsOnDevice) {
    const Windows windows =
        collect_windows(context, operands, range.epoch, begin, std::min(begin + kSoftmaxWordsOnDevice, range.end));
    pairs.clear();
    for_each_pair(operands, range.epoch, windows, [&](const SoftmaxPair& pair) { pairs.push_back(pair); });
    training.train(pairs, trained.loss);
    trained.pairs += static_cast<int64_t>(pairs.size());
  }
  return trained;
}

}  // namespace matinee::skip_gram
