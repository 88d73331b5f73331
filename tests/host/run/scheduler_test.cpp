#include "host/run/scheduler.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/terminal/log.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kBudget = 1000;

// Stages that run at once meet here.
class MeetingPoint {
 public:
  explicit MeetingPoint(int expected) : expected_(expected) {}

  // Whether so many came within ten seconds.
  bool meet() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return arrived_ >= expected_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int expected_, arrived_ = 0;
};

// How many of the stages that count themselves run, and how many did at most.
class Census {
 public:
  void enter() {
    const int now = ++running_;
    for (int most = most_; now > most && !most_.compare_exchange_weak(most, now);) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    --running_;
  }
  int most() const { return most_; }

 private:
  std::atomic<int> running_ = 0, most_ = 0;
};

// Contexts of the CPU play the device: the order of stages has nothing to do with where they compute.
class SchedulerTest : public testing::Test {
 protected:
  SchedulerTest() : store_(folder_.path()) {
    start_log(LogFormat::kText);  // as the program does, before there are threads that write to it
    for (int lane = 0; lane < 3; ++lane) device_.push_back(std::make_unique<Context>(Device{}, 1));
  }

  using Work = std::function<void(StageMonitor&)>;
  Stage& add(const std::string& name, const Work& work, std::vector<std::size_t> after = {}) {
    Stage stage;
    stage.name = stage.fingerprint = name;
    stage.after = std::move(after);
    stage.device = {DeviceKind::kCuda, 0};
    stage.run = [work](Context&, const std::filesystem::path&, StageMonitor& monitor) { work(monitor); };
    stages_.push_back(std::move(stage));
    return stages_.back();
  }

  std::vector<std::string> run() {
    const StageLanes lanes{&cpu_, &device_, kBudget, kBudget};
    std::vector<std::string> names;
    for (const StageRecord& record : run_stages(stages_, store_, lanes, 60)) {
      names.push_back(record.name + (record.reused ? " reused" : ""));
    }
    return names;
  }

  test::TemporaryFolder folder_;
  StageStore store_;
  Context cpu_{Device{}, 1};
  std::vector<std::unique_ptr<Context>> device_;
  std::vector<Stage> stages_;
};

TEST_F(SchedulerTest, StagesWithoutNeedOfEachOtherRunAtOnce) {
  MeetingPoint point(4);
  const auto meet = [&](StageMonitor&) { EXPECT_TRUE(point.meet()); };
  for (const char* name : {"a", "b", "c"}) add(name, meet);
  add("on the cpu", meet).device = {};
  EXPECT_THAT(run(), ElementsAre("a", "b", "c", "on the cpu"));
}

TEST_F(SchedulerTest, AStageStartsWhenWhatItReadsIsThere) {
  std::atomic<bool> read = false;
  add("slow", [&](StageMonitor&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    read = true;
  });
  add("other", [](StageMonitor&) {});
  add("reader", [&](StageMonitor&) { EXPECT_TRUE(read); }, {0, 1});
  EXPECT_THAT(run(), ElementsAre("slow", "other", "reader"));
}

TEST_F(SchedulerTest, NoMoreStagesRunOnTheDeviceThanItHasContexts) {
  Census census;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) add(name, [&](StageMonitor&) { census.enter(); });
  EXPECT_EQ(run().size(), 7U);
  EXPECT_LE(census.most(), 3);
}

TEST_F(SchedulerTest, AStageThatNeedsMoreThanItsShareOfTheDeviceRunsAlone) {
  Census census;
  for (const char* name : {"a", "b", "c", "d"}) {
    add(name, [&](StageMonitor&) { census.enter(); }).device_bytes = kBudget / 3 + 1;
  }
  EXPECT_EQ(run().size(), 4U);
  EXPECT_EQ(census.most(), 1);
}

TEST_F(SchedulerTest, HostMemoryOfStagesThatRunAtOnceStaysWithinTheBudget) {
  Census census;
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    add(name, [&](StageMonitor&) { census.enter(); }).host_bytes = kBudget / 2;
  }
  EXPECT_EQ(run().size(), 5U);
  EXPECT_LE(census.most(), 2);
}

TEST_F(SchedulerTest, AFinishedStageIsReusedAndAnUnfinishedOneIsNot) {
  int calls = 0;
  add("a", [&](StageMonitor&) { ++calls; });
  run();
  add("b", [&](StageMonitor&) { ++calls; }, {0});
  EXPECT_THAT(run(), ElementsAre("a reused", "b"));
  EXPECT_EQ(calls, 2);
}

TEST_F(SchedulerTest, AFailureStopsTheOthersAtTheirNextCheckpointAndIsTold) {
  MeetingPoint point(2);
  bool saved = false;
  add("broken", [&](StageMonitor&) {
    EXPECT_TRUE(point.meet());
    fail(ErrorKind::kDiverged, "loss is nan");
  });
  add("long", [&](StageMonitor& monitor) {
    EXPECT_TRUE(point.meet());
    for (int n = 0; n < 1000; ++n) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      monitor.offer_checkpoint([&](engine::TensorWriter&) { saved = true; });
    }
  });
  add("later", [](StageMonitor&) { ADD_FAILURE(); }, {0});
  EXPECT_THAT(test::error_of(ErrorKind::kDiverged, [&] { run(); }), HasSubstr("broken: loss is nan"));
  EXPECT_TRUE(saved);
  EXPECT_FALSE(store_.has("long"));
}

}  // namespace
}  // namespace matinee::host
