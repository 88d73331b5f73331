// What tells others of a run: Prometheus' textfile, TensorBoard's event files.
#include <filesystem>

#include <gmock/gmock.h>

#include "tests/support/command_line.h"
#include "tests/support/text_files.h"

namespace matinee::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Watchers : public CommandLine {
 protected:
  // `train` with this exit code; the textfile that it left.
  std::string textfile(int exit_code, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> command = {"train", "job.json", "--metrics-textfile", "matinee.prom"};
    command.insert(command.end(), more.begin(), more.end());
    const ProgramEnd end = matinee(command);
    EXPECT_EQ(end.exit_code, exit_code) << end.err;
    return read_text(at("matinee.prom"));
  }
};

TEST_F(Watchers, TheTextfileTellsOfRunsThatEndWellAndThatDoNot) {
  const std::string gate = R"(output.gate={"model":"mf","metric":"rmse","candidates":"ratings","max_drop":0.01})";
  const std::string well = textfile(0, {"--set", gate});
  EXPECT_THAT(well, AllOf(HasSubstr("matinee_run_exit_code{job_name=\"small\"} 0\n"),
                          HasSubstr("matinee_run_published{job_name=\"small\"} 1\n"),
                          HasSubstr("matinee_run_last_success_timestamp_seconds{job_name=\"small\"} "),
                          HasSubstr("model=\"mf\",candidates=\"all\",metric=\"ndcg@10\"} "),
                          HasSubstr("stage=\"train mf\",device=\"cpu\"} "), HasSubstr("run=\"" + current() + "\"")));
  EXPECT_THAT(textfile(7, {"--set", gate, "--set", "models.mf.initial_deviation=5"}),
              AllOf(HasSubstr("matinee_run_exit_code{job_name=\"small\"} 7\n"),
                    HasSubstr("matinee_run_published{job_name=\"small\"} 0\n"), HasSubstr("last_success"),
                    HasSubstr("model=\"mf\",candidates=\"ratings\",metric=\"rmse\"} ")))
      << "a refused run was measured";
  EXPECT_THAT(textfile(2, {"--set", "models.mf.factors=-1"}),
              AllOf(HasSubstr("matinee_run_exit_code{job_name=\"job\"} 2\n"), HasSubstr("last_success"),
                    HasSubstr("matinee_run_duration_seconds"), Not(HasSubstr("matinee_model_metric"))));
  write("good/ratings.csv", "userId,movieId,rating\n1,1,nothing\n");
  EXPECT_THAT(textfile(3), HasSubstr("matinee_run_exit_code{job_name=\"small\"} 3\n"));
  EXPECT_FALSE(fs::exists(at(".matinee.prom.new")));
}

TEST_F(Watchers, ATextfileThatCannotBeWrittenIsToldBeforeTraining) {
  const ProgramEnd end = matinee({"train", "job.json", "--metrics-textfile", "nowhere/matinee.prom"});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_THAT(end.err, AllOf(HasSubstr("--metrics-textfile nowhere/matinee.prom"), HasSubstr("no folder nowhere")));
  EXPECT_FALSE(fs::exists(at("runs")));
}

TEST_F(Watchers, EventFilesHoldTheCurvesOfEveryModelOfTheRun) {
  done({"train", "job.json", "--tensorboard", "board"});
  const fs::path run = at("board") / current();
  for (const char* model : {"mf", "cf", "popular"}) {
    ASSERT_TRUE(fs::is_directory(run / model)) << model;
    const fs::path file = fs::directory_iterator(run / model)->path();
    EXPECT_THAT(file.filename().string(), AllOf(HasSubstr("events.out.tfevents."), HasSubstr(".matinee")));
    EXPECT_THAT(read_text(file), AllOf(HasSubstr("brain.Event:2"), HasSubstr("all/ndcg@10")));
  }
  EXPECT_THAT(read_text(fs::directory_iterator(run / "mf")->path()), HasSubstr("train_rmse"));
}

}  // namespace
}  // namespace matinee::test
