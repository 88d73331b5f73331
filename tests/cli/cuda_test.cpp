// What a device changes: nothing but where the work is done.
#include <gmock/gmock.h>

#include "tests/support/command_line.h"
#include "tests/support/cuda_device.h"

namespace matinee::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Two models that do not need each other, all of whose work has a CUDA side.
constexpr const char* kTwoModels =
    R"("cf": {"type": "item_similarity", "neighbours": 7}, "pearson": {"type": "item_similarity", "similarity": "pearson"})";

class Cuda : public CommandLine {
 protected:
  Cuda() { write("job.json", job(kTwoModels)); }
  void SetUp() override { MATINEE_NEEDS_CUDA(); }
  void expect_the_same_on_both(const char* file) const {
    done({"train", file, "--device", "cpu", "--output", "cpu"});
    done({"train", file, "--device", "cuda", "--output", "cuda"});
    EXPECT_THAT(manifest_value("cuda/current", "/device"), HasSubstr("cuda"));
    EXPECT_THAT(differences(deterministic_files("cpu/current"), deterministic_files("cuda/current")),
                testing::ElementsAre("config.json", "report.html", "report.md"))
        << "which name the device";
  }
};

TEST_F(Cuda, TrainingGivesTheSameArtifactsAsOnTheCpu) {
  expect_the_same_on_both("job.json");
}

TEST_F(Cuda, WordsWithSoftmaxAreTheSameArtifactsAsOnTheCpu) {
  write("text.txt", "star wars episode\nfar star\nwars far away episode\n");
  write("words.json", job(R"("words": {"type": "skip_gram", "output": "softmax", "dimensions": 9, "epochs": 2,
                                       "text": {"source": "file", "path": "text.txt"}})"));
  expect_the_same_on_both("words.json");
}

TEST_F(Cuda, AutoTakesTheDeviceWhereAllWorkHasACudaSide) {
  done({"train", "job.json"});
  EXPECT_THAT(manifest_value("runs/current", "/device"), HasSubstr("cuda"));
}

TEST_F(Cuda, EvaluateAndRecommendSayWhatTheySayOnTheCpu) {
  done({"train", "job.json", "--device", "cpu"});
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"evaluate", "runs"}, {"recommend", "runs", "--user", "3", "--model", "pearson"}}) {
    std::vector<std::string> on_cpu = command, on_cuda = command;
    on_cpu.insert(on_cpu.end(), {"--device", "cpu"});
    on_cuda.insert(on_cuda.end(), {"--device", "cuda"});
    EXPECT_EQ(done(on_cpu), done(on_cuda));
  }
}

TEST_F(Cuda, BenchRunsWhatHasACudaSideAndNamesTheRest) {
  const ProgramEnd end = matinee({"bench", "32", "--device", "cuda", "--runs", "1", "--seconds", "0"});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_THAT(end.out, AllOf(HasSubstr("cuda:0"), HasSubstr("score_items/32")));
}

TEST_F(Cuda, AJobThatTheDeviceCannotHoldIsRefusedBeforeItStarts) {
  const ProgramEnd end = matinee({"train", "job.json", "--device", "cuda", "--set", "limits.device_memory=0.000005"});
  EXPECT_EQ(end.exit_code, 5);
  EXPECT_THAT(end.err, AllOf(HasSubstr("stage \"train cf\" needs"), HasSubstr("of device memory"),
                             HasSubstr("/limits/device_memory"), HasSubstr("--device cpu")));
  EXPECT_FALSE(std::filesystem::exists(at("runs")));
}

}  // namespace
}  // namespace matinee::test
