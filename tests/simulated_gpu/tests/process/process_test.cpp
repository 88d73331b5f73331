// How processes on the simulated GPU end, and what their environment changes.
#include <csignal>
#include <cstdio>
#include <string>
#include <sys/wait.h>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simulated_gpu::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kFindings = 86;

struct Ended {
  int status = 0;      // of exit; 128 + N for signal N
  std::string output;  // stdout and stderr
};

// `environment`: "NAME=VALUE ..." in front of the library path that the test itself has.
Ended run(const std::string& environment, const std::string& arguments) {
  const std::string command = "env -u SIMULATED_GPU_LEAKS -u SIMULATED_GPU_CHECK " + environment + " " +
                              SIMULATED_GPU_PROGRAM + " " + arguments + " 2>&1";
  Ended ended;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return {-1, "popen failed"};
  char buffer[4096];
  while (const size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) ended.output.append(buffer, got);
  const int status = pclose(pipe);
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended;
}

TEST(Process, EndsWellAfterACorrectKernel) {
  const Ended ended = run("SIMULATED_GPU_CHECK=1 SIMULATED_GPU_LEAKS=1", "run");
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_EQ(ended.output, "");
}

TEST(Process, EndsWithAFindingAlsoIfItIgnoresErrors) {
  const Ended ended = run("SIMULATED_GPU_CHECK=1", "ignore-errors");
  EXPECT_EQ(ended.status, kFindings);
  EXPECT_THAT(ended.output, HasSubstr("out-of-bounds: thread (60,0,0) of block (0,0,0) writes 4 bytes at program.cu:"));
}

TEST(Process, FindsTheGuardWrittenWithoutChecks) {
  const Ended ended = run("", "ignore-errors");
  EXPECT_EQ(ended.status, kFindings);
  EXPECT_THAT(ended.output, HasSubstr("guard: "));
}

TEST(Process, LeavesNothingBehind) {
  for (const auto& [what, named] : {std::pair("memory", "device buffer of 40 bytes"),
                                    {"pinned", "pinned buffer of 40"},
                                    {"stream", "1 stream(s)"},
                                    {"event", "1 event(s)"},
                                    {"handle", "cuBLAS handle"},
                                    {"cudnn-handle", "1 cuDNN handle(s)"},
                                    {"descriptor", "1 RNN descriptor(s)"}}) {
    const Ended ended = run("SIMULATED_GPU_LEAKS=1", std::string("leave ") + what);
    EXPECT_EQ(ended.status, kFindings) << what;
    EXPECT_THAT(ended.output, HasSubstr("leak: ")) << what;
    EXPECT_THAT(ended.output, HasSubstr(named)) << what;
    EXPECT_EQ(run("", std::string("leave ") + what).status, 0) << what;
  }
}

TEST(Process, HasTheMemoryThatItIsGiven) {
  EXPECT_EQ(run("SIMULATED_GPU_MEMORY=1M", "allocate 1048576").output, "cudaSuccess\n");
  EXPECT_EQ(run("SIMULATED_GPU_MEMORY=1M", "allocate 1048577").output, "cudaErrorMemoryAllocation\n");
  EXPECT_EQ(run("", "allocate 60000000000").output, "cudaSuccess\n");  // address space only
}

TEST(Process, SeesTheDeviceThatItIsGiven) {
  EXPECT_EQ(run("", "describe").output, "Simulated A100-SXM4-80GB 85899345920 8.0\n");
  EXPECT_EQ(run("SIMULATED_GPU_DEVICE=H200", "describe").output, "Simulated H200-SXM-141GB 151397597184 9.0\n");
  const Ended ended = run("SIMULATED_GPU_DEVICE=B200", "describe");
  EXPECT_EQ(ended.status, 128 + SIGABRT);
  EXPECT_THAT(ended.output, HasSubstr("SIMULATED_GPU_DEVICE=B200 is not supported"));
}

TEST(Process, StopsWithTheNameOfWhatIsMissing) {
  for (const char* name : {"cudaMallocManaged", "cublasDnrm2_v2", "cudnnGetMaxDeviceVersion",
                           "another RNN than an LSTM of one direction with linear input"}) {
    const Ended ended = run("", std::string("unsupported '") + name + "'");
    EXPECT_EQ(ended.status, 128 + SIGABRT);
    EXPECT_THAT(ended.output, HasSubstr(std::string("simulated GPU: ") + name + " is not supported"));
  }
}

TEST(Process, ReportsItsKernels) {
  const Ended ended = run("SIMULATED_GPU_REPORT=-", "run");
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.output, HasSubstr("set_kernel"));
  EXPECT_THAT(ended.output, HasSubstr("a bound, never a time"));
  EXPECT_THAT(run("", "run").output, Not(HasSubstr("set_kernel")));
}

}  // namespace
}  // namespace simulated_gpu::test
