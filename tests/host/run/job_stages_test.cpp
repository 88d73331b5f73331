#include "host/run/job_stages.h"

#include <gmock/gmock.h>

#include "tests/host/config/job_files.h"
#include "tests/support/text_files.h"

namespace matinee::host {
namespace {

class JobStagesTest : public testing::Test {
 protected:
  JobStagesTest() { write_ratings(4); }
  void write_ratings(int rating) const {
    std::string text = "user,item,rating,timestamp\n";
    for (int user = 1; user <= 9; ++user) text += fmt::format("{},{},{},7\n", user, 1 + user % 3, rating);
    test::write_text(file_.folder() / "r.csv", text);
  }
  JobFile file_{
      R"({"dataset": {"format": "delimited", "path": "r.csv"}, "models": {"p": {"type": "most_popular"}}, "device": "cpu"})"};
};

TEST_F(JobStagesTest, AFileThatChangesAfterItWasHashedIsNotRead) {
  const Job job = file_.parse();
  JobContexts contexts(job);
  const StageStore store(file_.folder() / "runs");
  const JobStages stages(job, contexts, store, predict_shape(contexts.cpu(), job.dataset), nullptr, hashed_inputs(job),
                         {});
  const Stage& data = stages.stages().front();
  const auto run = [&] {
    const auto folder = store.begin(data.fingerprint);
    StageMonitor monitor(data.name, folder, 60);
    data.run(contexts.cpu(), folder, monitor);
  };
  run();
  write_ratings(5);
  EXPECT_THAT(test::error_of(ErrorKind::kInput, run), testing::HasSubstr("r.csv: changed after the job had begun"));
}

TEST_F(JobStagesTest, EvaluationOfManyFoldsNeedsNoMoreMemoryThanOfTwo) {
  const auto evaluation_bytes = [&](int folds) {
    const Job job = file_.parse(settings({fmt::format(R"(dataset.split={{"kind": "k_fold", "folds": {}}})", folds)}));
    JobContexts contexts(job);
    const PredictedShape shape{{1000, 100, 10000}, 0, true};
    const JobStages stages(job, contexts, StageStore(file_.folder() / "runs"), shape, nullptr, {}, {});
    for (const Stage& stage : stages.stages()) {
      if (stage.name == "evaluate p") return stage.host_bytes;
    }
    return int64_t{-1};
  };
  EXPECT_GT(evaluation_bytes(2), 0);
  EXPECT_EQ(evaluation_bytes(2), evaluation_bytes(9));
}

TEST_F(JobStagesTest, TheIdsOfAnEarlierRunCountOnce) {
  const Job job = file_.parse();
  Context context({}, 1);
  engine::IdMap users, items;
  for (const char* id : {"1", "2", "somebody", "somebody else"}) users.insert(id);
  const auto shape = predict_shape(context, job.dataset, {&users, &items}).shape;
  EXPECT_EQ(shape.users, 11);
  EXPECT_EQ(shape.items, 3);
}

}  // namespace
}  // namespace matinee::host
