// Runs that are interrupted: by a signal they stop with a checkpoint, by kill -9 with whatever is on disk. In both
// cases nothing is published, and the same command goes on and ends with the bytes of a run that nobody disturbed.
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include <gmock/gmock.h>

#include "tests/support/command_line.h"
#include "tests/support/random_seed.h"

namespace matinee::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

void sleep_seconds(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

class Interruption : public CommandLine {
 protected:
  Interruption() {
    // On the CPU, wherever the tests run: thousands of epochs are there to be interrupted.
    write("long.json", R"({"name": "long", "device": "cpu",
      "dataset": {"format": "synthetic", "synthetic": {"users": 500, "items": 300, "ratings": 10000},
                  "split": {"kind": "leave_last_out"}},
      "models": {"mf": {"type": "mf", "factors": 16, "epochs": )" +
                           std::string(kSanitized ? "600" : "4000") + R"(}},
      "output": {"directory": "runs"}, "limits": {"checkpoint_seconds": 0.02}})");
  }
  std::map<std::string, std::string> undisturbed() {
    const ProgramEnd end = matinee(train_);
    EXPECT_EQ(end.exit_code, 0) << end.err;
    seconds_ = end.seconds;
    auto files = deterministic_files("runs/current");
    fs::remove_all(at("runs"));
    return files;
  }
  // Empty: there is none.
  fs::path checkpoint() const {
    std::error_code error;
    for (const auto& stage : fs::directory_iterator(at("runs/.stages"), error)) {
      if (fs::exists(stage.path() / "checkpoint.safetensors", error)) return stage.path() / "checkpoint.safetensors";
    }
    return {};
  }
  // A training run that is sent `signal` after its first checkpoint.
  ProgramEnd interrupted(int signal, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> command = train_;
    command.insert(command.end(), more.begin(), more.end());
    StartedProgram training = start(command);
    while (checkpoint().empty() && training.running()) sleep_seconds(0.001);
    training.send(signal);
    return training.end();
  }
  void expect_stop(int signal) {
    const auto expected = undisturbed();
    const ProgramEnd end = interrupted(signal);
    EXPECT_EQ(end.exit_code, 128 + signal) << end.err;
    EXPECT_THAT(end.err, HasSubstr("the same command goes on from here"));
    EXPECT_EQ(end.out, "");
    EXPECT_EQ(current(), "");
    EXPECT_NE(checkpoint(), "");

    const ProgramEnd rest = matinee(train_);
    EXPECT_EQ(rest.exit_code, 0) << rest.err;
    EXPECT_THAT(rest.err, HasSubstr("train mf: goes on from a checkpoint"));
    EXPECT_THAT(differences(deterministic_files("runs/current"), expected), testing::IsEmpty());
    EXPECT_EQ(checkpoint(), "");
    done({"verify", "runs"});
  }

  const std::vector<std::string> train_ = {"train", "long.json"};
  double seconds_ = 0;
};

TEST_F(Interruption, SigtermStopsWithACheckpointThatTheSameCommandTakesUp) {
  expect_stop(SIGTERM);
}

TEST_F(Interruption, SigintStopsWithACheckpointThatTheSameCommandTakesUp) {
  expect_stop(SIGINT);
}

TEST_F(Interruption, AnInterruptedRunLeavesThePublishedOneAsItIs) {
  done({"train", "job.json"});
  const std::string before = current();
  EXPECT_EQ(interrupted(SIGTERM, {"--set", "models.mf.epochs=100000"}).exit_code, 143);
  EXPECT_EQ(current(), before);
  done({"verify", "runs"});
}

TEST_F(Interruption, KillAtAnyMomentLeavesNothingHalfDone) {
  const auto expected = undisturbed();
  std::mt19937_64 random(random_seed());
  for (int kill = 0; kill < 6; ++kill) {
    StartedProgram training = start(train_);
    sleep_seconds(std::uniform_real_distribution(0.0, seconds_)(random));
    training.send(SIGKILL);
    training.end();
    if (fs::is_symlink(at("runs/current"))) {
      EXPECT_TRUE(fs::is_regular_file(at("runs/current/manifest.json"))) << "current points to nothing";
      done({"verify", "runs"});
    }
    if (kill % 2 == 0) continue;  // the next one starts from what this one left
    done(train_);
    EXPECT_THAT(differences(deterministic_files("runs/current"), expected), testing::IsEmpty());
    done({"verify", "runs"});
    fs::remove_all(at("runs"));
  }
}

TEST_F(Interruption, ACheckpointThatCannotBeReadIsNotUsed) {
  const auto expected = undisturbed();
  interrupted(SIGKILL);
  ASSERT_NE(checkpoint(), "");
  fs::resize_file(checkpoint(), 50);
  const ProgramEnd end = matinee(train_);
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.err, HasSubstr("starts afresh, its checkpoint cannot be used"));
  EXPECT_THAT(differences(deterministic_files("runs/current"), expected), testing::IsEmpty());
}

}  // namespace
}  // namespace matinee::test
