// What the interpreter does not know stops with its name and place, where a thread reaches it and only there.
#include <vector>

#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"

namespace simulated_gpu::test {
namespace ptx_unsupported {

__global__ void opcode_kernel(int* x, bool use) {
  if (use) asm volatile("vadd.s32.s32.s32 %0, %0, 1;" : "+r"(x[0]));
  x[0] += 2;
}
__global__ void modifier_kernel(int* x, bool use) {
  if (use) asm volatile("mul24.hi.s32 %0, %0, 3;" : "+r"(x[0]));
  x[0] += 2;
}
__global__ void second_modifier_kernel(int* x, bool use) {
  if (use) asm volatile("mad.hi.sat.s32 %0, %0, %0, %0;" : "+r"(x[0]));
  x[0] += 2;
}
__global__ void type_kernel(int* x, bool use) {
  if (use) {
    asm volatile(
        "{ .reg .b32 a, b; .reg .f32 c; mov.b32 a, %0; mov.b32 b, 0;\n\t"
        "mma.sync.aligned.m8n8k32.row.col.s32.s4.s4.s32 {%0, b}, {a}, {a}, {%0, b}; }"
        : "+r"(x[0]));
  }
  x[0] += 2;
}

__device__ __noinline__ int fibonacci(int n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}
__global__ void recursion_kernel(int* x, bool use) {
  if (use) x[0] = fibonacci(x[0]);
  x[0] += 2;
}

template <typename Kernel>
void launch(Kernel kernel, bool use, int expected) {
  const DeviceBuffer<int> x(std::vector<int>{5});
  kernel<<<1, 1>>>(x.data(), use);
  EXPECT_EQ(x.values()[0], expected);
}

class PtxUnsupported : public testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(PtxUnsupported, Opcode) {
  launch(opcode_kernel, false, 7);
  EXPECT_DEATH(launch(opcode_kernel, true, 7), "unknown opcode vadd .*at unsupported_test.cu:[0-9]+");
}
TEST_F(PtxUnsupported, Modifier) {
  launch(modifier_kernel, false, 7);
  EXPECT_DEATH(launch(modifier_kernel, true, 7), "mul24.hi.s32 .*at unsupported_test.cu:[0-9]+");
}
TEST_F(PtxUnsupported, SecondModifier) {
  launch(second_modifier_kernel, false, 7);
  EXPECT_DEATH(launch(second_modifier_kernel, true, 7), "unknown modifier .sat .*at unsupported_test.cu:[0-9]+");
}
TEST_F(PtxUnsupported, Type) {
  launch(type_kernel, false, 7);
  EXPECT_DEATH(launch(type_kernel, true, 7), "mma.sync.aligned.m8n8k32.*at unsupported_test.cu:[0-9]+");
}
TEST_F(PtxUnsupported, Recursion) {
  launch(recursion_kernel, false, 7);
  EXPECT_DEATH(launch(recursion_kernel, true, 7), "recursion of .*fibonacci.* at unsupported_test.cu:[0-9]+");
}

}  // namespace ptx_unsupported
}  // namespace simulated_gpu::test
