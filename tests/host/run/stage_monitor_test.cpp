#include "host/run/stage_monitor.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/artifacts/file_writer.h"
#include "host/run/output_files.h"
#include "host/run/stage_store.h"
#include "host/run/tsv.h"
#include "kernels/support/error.h"
#include "tests/support/temporary_folder.h"

namespace matinee::host {
namespace {

class StageMonitorTest : public testing::Test {
 protected:
  StageMonitorTest() { make_folders(folder_.path() / kInternalFolder); }
  StageMonitor open(double checkpoint_seconds) const { return {"train a", folder_.path(), checkpoint_seconds}; }
  test::TemporaryFolder folder_;
};

TEST_F(StageMonitorTest, ACheckpointBringsBackTensorsAndMetrics) {
  const std::vector<float> state = {1, 2, 3};
  {
    StageMonitor monitor = open(0);
    EXPECT_EQ(monitor.checkpoint(), nullptr);
    monitor.metric(1, "loss", 0.5);
    monitor.offer_checkpoint([&](engine::TensorWriter& file) { file.add("state", state); });
    monitor.metric(2, "loss", 0.4);  // lost with the process: a resumed run measures it again
  }
  StageMonitor monitor = open(0);
  ASSERT_NE(monitor.checkpoint(), nullptr);
  EXPECT_EQ(monitor.checkpoint()->vector<float>("state"), state);
  monitor.metric(2, "loss", 0.4);
  monitor.finish();
  const std::string text = engine::read_file(folder_.path() / kInternalFolder / "metrics.jsonl");
  EXPECT_EQ(lines_of(text).size(), 2U);
  EXPECT_EQ(open(0).checkpoint(), nullptr) << "a finished stage has no checkpoint";
}

TEST_F(StageMonitorTest, CheckpointsAreNotWrittenMoreOftenThanAskedFor) {
  StageMonitor monitor = open(3600);
  monitor.offer_checkpoint([](engine::TensorWriter&) { ADD_FAILURE() << "too early"; });
  EXPECT_EQ(open(3600).checkpoint(), nullptr);
}

TEST_F(StageMonitorTest, ADamagedCheckpointIsIgnored) {
  engine::write_file(folder_.path() / "checkpoint.safetensors", "not tensors");
  EXPECT_EQ(open(0).checkpoint(), nullptr);
}

TEST_F(StageMonitorTest, AnInfiniteOrUndefinedMetricNamesStageAndEpoch) {
  StageMonitor monitor = open(0);
  for (const double value : {std::numeric_limits<double>::infinity(), std::nan("")}) {
    try {
      monitor.metric(3, "train_rmse", value);
      ADD_FAILURE() << "accepted " << value;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kDiverged);
      EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("train a"), testing::HasSubstr("epoch 3"),
                                               testing::HasSubstr("learning rate")));
    }
  }
}

}  // namespace
}  // namespace matinee::host
