#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <numeric>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/support/context.h"
#include "kernels/support/error.h"
#include "kernels/support/grid.h"
#include "kernels/support/launch.cuh"
#include "kernels/support/philox.h"
#include "kernels/support/transfer.cuh"
#include "tests/support/cuda_device.h"
#include "tests/support/random_seed.h"

namespace matinee {
namespace {

using testing::HasSubstr;

__global__ void add_one_kernel(int32_t* numbers, int64_t count) {
  const int64_t thread = grid_thread(blockIdx.x, blockDim.x, threadIdx.x);
  if (thread < count) ++numbers[thread];
}

__global__ void philox_kernel(Philox draws, uint64_t first, uint64_t bound, int64_t count, Philox::Block* blocks,
                              double* uniform, uint64_t* below) {
  const int64_t thread = grid_thread(blockIdx.x, blockDim.x, threadIdx.x);
  if (thread >= count) return;
  const uint64_t index = first + static_cast<uint64_t>(thread);
  blocks[thread] = draws.block(index);
  uniform[thread] = draws.uniform(index);
  below[thread] = draws.below(index, bound);
}

// Offsets beyond 2^31, as kernels form them from what the hardware hands out in 32 bits.
__global__ void offsets_kernel(uint32_t block, uint32_t threads, uint32_t thread, int32_t row, int32_t stride,
                               int32_t column, int64_t* offsets) {
  offsets[0] = grid_thread(block, threads, thread);
  offsets[1] = element(row, stride, column);
  offsets[2] = rounded_up(element(row, stride, column), 128);
}

__global__ void trap_kernel() {
  __trap();
}

class CudaLayer : public testing::Test {
 protected:
  void SetUp() override { MATINEE_NEEDS_CUDA(); }
};

template <typename Action>
std::string error_of(ErrorKind kind, const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

TEST_F(CudaLayer, CopiesWhatIsLongerThanItsStagingMemoryThereAndBack) {
  Context own(test::cuda_device(), 1);
  CudaResources& cuda = own.cuda();
  for (const int64_t bytes : {int64_t{4}, StagingSlot::kBytes - 4, StagingSlot::kBytes, StagingSlot::kBytes + 4,
                              5 * StagingSlot::kBytes + 12}) {
    std::vector<int32_t> numbers(static_cast<std::size_t>(bytes / 4)), back(numbers.size());
    std::iota(numbers.begin(), numbers.end(), 7);
    auto there = uploaded<int32_t>(cuda, numbers);
    launch(cuda, Kernel("add_one_kernel", add_one_kernel), one_thread_each(there.size()), there.data(), there.size());
    download(cuda, std::span(back), there);
    for (int32_t& number : numbers) ++number;
    ASSERT_TRUE(back == numbers) << bytes;
  }
}

TEST_F(CudaLayer, RewritesMemoryOnlyAfterTheKernelsThatReadIt) {
  Context own(test::cuda_device(), 1);
  CudaResources& cuda = own.cuda();
  const std::vector<int32_t> first(1000, 1), second(1000, 10);
  DeviceBuffer<int32_t> numbers = uploaded<int32_t>(cuda, first);
  launch(cuda, Kernel("add_one_kernel", add_one_kernel), one_thread_each(1000), numbers.data(), int64_t{1000});
  std::vector<int32_t> back(1000);
  download(cuda, std::span(back), numbers);
  EXPECT_EQ(back, std::vector<int32_t>(1000, 2));
  upload_bytes(cuda, numbers.data(), second.data(), numbers.bytes());
  launch(cuda, Kernel("add_one_kernel", add_one_kernel), one_thread_each(1000), numbers.data(), int64_t{1000});
  upload_bytes(cuda, numbers.data(), first.data(), 4);
  download(cuda, std::span(back), numbers);
  EXPECT_EQ(back[0], 1);
  EXPECT_EQ(back[1], 11);
}

// Holds a stream until the host lets it go on, or for two seconds.
struct Gate {
  std::promise<void> opened;
  bool was_open = false;

  static void wait(void* gate) {
    auto& self = *static_cast<Gate*>(gate);
    self.was_open = self.opened.get_future().wait_for(std::chrono::seconds(2)) == std::future_status::ready;
  }
};

TEST_F(CudaLayer, ShortUploadsDoNotMakeTheHostWaitForKernels) {
  const char* schedule = std::getenv("SIMULATED_GPU_SCHEDULE");
  if (schedule != nullptr && std::string(schedule) == "random") GTEST_SKIP() << "work may run in any call there";
  Context own(test::cuda_device(), 1);
  CudaResources& cuda = own.cuda();
  constexpr int32_t kUploads = 32;
  DeviceBuffer<int32_t> numbers(cuda, kUploads);
  Gate gate;
  check_cuda(cudaLaunchHostFunc(cuda.stream(), Gate::wait, &gate), "cudaLaunchHostFunc");
  for (int32_t n = 0; n < kUploads; ++n) upload_bytes(cuda, numbers.data() + n, &n, sizeof n);
  gate.opened.set_value();
  std::vector<int32_t> back(kUploads), expected(kUploads);
  download(cuda, std::span(back), numbers);
  EXPECT_TRUE(gate.was_open);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(back, expected);
}

TEST_F(CudaLayer, DrawsTheSameRandomNumbersAsTheHost) {
  Context own(test::cuda_device(), 1);
  CudaResources& cuda = own.cuda();
  constexpr int64_t kCount = 1000;
  for (const uint64_t first : {uint64_t{0}, uint64_t{1} << 32, test::random_seed()}) {
    const Philox draws(test::random_seed(), first * 3);
    const uint64_t bound = (first >> 3) + 31;
    DeviceBuffer<Philox::Block> blocks(cuda, kCount);
    DeviceBuffer<double> uniform(cuda, kCount);
    DeviceBuffer<uint64_t> below(cuda, kCount);
    launch(cuda, Kernel("philox_kernel", philox_kernel), one_thread_each(kCount), draws, first, bound, kCount,
           blocks.data(), uniform.data(), below.data());
    std::vector<Philox::Block> blocks_back(kCount);
    std::vector<double> uniform_back(kCount);
    std::vector<uint64_t> below_back(kCount);
    download(cuda, std::span(blocks_back), blocks);
    download(cuda, std::span(uniform_back), uniform);
    download(cuda, std::span(below_back), below);
    for (std::size_t n = 0; n < kCount; ++n) {
      ASSERT_TRUE(blocks_back[n] == draws.block(first + n));
      ASSERT_EQ(uniform_back[n], draws.uniform(first + n));
      ASSERT_EQ(below_back[n], draws.below(first + n, bound));
    }
  }
}

TEST_F(CudaLayer, FormsOffsetsInSixtyFourBits) {
  Context own(test::cuda_device(), 1);
  CudaResources& cuda = own.cuda();
  DeviceBuffer<int64_t> offsets(cuda, 3);
  launch(cuda, Kernel("offsets_kernel", offsets_kernel), {1, 1, 0}, 2147483646U, 1024U, 1023U, 4000000, 1024, 7,
         offsets.data());
  std::vector<int64_t> back(3);
  download(cuda, std::span(back), offsets);
  EXPECT_EQ(back, (std::vector<int64_t>{2199023254527, 4096000007, 4096000128}));
  EXPECT_EQ(pieces((int64_t{1} << 40) + 1, 256), (int64_t{1} << 32) + 1);
}

TEST_F(CudaLayer, RefusesLaunchesAndNamesKernelShapeAndPlace) {
  Context own(test::cuda_device(), 1);
  CudaResources& cuda = own.cuda();
  const unsigned before = __LINE__;
  const Kernel trap("trap_kernel", trap_kernel);
  EXPECT_EQ(trap.where.line(), before + 1);
  const std::string too_wide = error_of(ErrorKind::kDevice, [&] { launch(cuda, trap, {3, 4096, 16}); });
  EXPECT_THAT(too_wide, HasSubstr("kernel trap_kernel <<<3, 4096, 16>>> at "));
  EXPECT_THAT(too_wide, HasSubstr("cuda_layer_test.cu:" + std::to_string(before + 1)));
  EXPECT_THAT(too_wide, HasSubstr("cudaErrorInvalidConfiguration"));
  const std::string too_many = error_of(ErrorKind::kDevice, [&] { launch(cuda, trap, {kMostBlocks + 1, 32, 0}); });
  EXPECT_THAT(too_many, HasSubstr("<<<2147483648, 32, 0>>>"));
  launch(cuda, trap, {0, 32, 0});  // nothing to do
  cuda.synchronize();
}

TEST_F(CudaLayer, CountsMemoryAndItsHighWaterMark) {
  Context own(test::cuda_device(), 1);
  CudaResources& cuda = own.cuda();
  EXPECT_EQ(own.peak_device_bytes(), 0);
  {
    DeviceBuffer<double> kept(cuda, 100);
    { const DeviceBuffer<uint8_t> passing(cuda, 5000); }
    DeviceBuffer<double> moved = std::move(kept);
    EXPECT_EQ(cuda.memory().held(), 800);
    EXPECT_EQ(own.peak_device_bytes(), 5800);
    own.reset_peak_device_bytes();
    EXPECT_EQ(own.peak_device_bytes(), 800);
  }
  EXPECT_EQ(cuda.memory().held(), 0);
}

TEST_F(CudaLayer, RefusesMemoryBeyondItsLimitAndSaysHowMuch) {
  Context limited(test::cuda_device(), 1, 1 << 20);
  DeviceBuffer<uint8_t> most(limited.cuda(), 1 << 19);
  EXPECT_EQ(limited.available_device_bytes(), 1 << 19);
  const std::string limit = error_of(ErrorKind::kMemory, [&] { DeviceBuffer<uint8_t>(limited.cuda(), 600'000); });
  EXPECT_THAT(limit, HasSubstr("600000 bytes wanted, 524288 held by this job, 1048576 allowed"));
  // More than any device has.
  Context whole(test::cuda_device(), 1, INT64_MAX);
  error_of(ErrorKind::kMemory, [&] { DeviceBuffer<uint8_t>(whole.cuda(), int64_t{1} << 46); });
  DeviceBuffer<uint8_t> after(whole.cuda(), 16);  // a refusal breaks nothing
  after.clear();
  std::vector<uint8_t> zeros(16, 1);
  download(whole.cuda(), std::span(zeros), after);
  EXPECT_EQ(zeros, std::vector<uint8_t>(16, 0));
}

TEST_F(CudaLayer, IsNoPlaceForTheCpu) {
  Context cpu(Device{}, 1);
  EXPECT_THAT(error_of(ErrorKind::kDevice, [&] { cpu.cuda(); }), HasSubstr("cpu"));
  EXPECT_EQ(cpu.peak_device_bytes(), 0);
}

}  // namespace
}  // namespace matinee
