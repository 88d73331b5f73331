#include "host/run/tensorboard_files.h"

#include <bit>
#include <cstring>
#include <fstream>

#include <gmock/gmock.h>

#include "engine/artifacts/crc32c.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::host {
namespace {

using testing::ElementsAre;

struct ReadEvent {
  double wall_time = 0;
  int64_t step = 0;
  std::string version, tag;
  float value = 0;
  bool operator==(const ReadEvent&) const = default;
};

// Takes numbers and fields off bytes, as the wire format says.
struct Bytes {
  std::string_view rest;

  std::string_view take(std::size_t count) {
    EXPECT_LE(count, rest.size());
    const std::string_view taken = rest.substr(0, count);
    rest.remove_prefix(std::min(count, rest.size()));
    return taken;
  }
  template <typename T>
  T number() {
    T value{};
    const std::string_view bytes = take(sizeof value);
    if (bytes.size() == sizeof value) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64 && !rest.empty(); shift += 7) {
      const auto byte = number<uint8_t>();
      value |= uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) break;
    }
    return value;
  }
};

void read_message(std::string_view message, int depth, ReadEvent& event) {
  Bytes bytes{message};
  while (!bytes.rest.empty()) {
    const uint64_t key = bytes.varint();
    const auto field = static_cast<int>(key >> 3) + 10 * depth;
    switch (key & 7) {
      case 0:
        ASSERT_EQ(field, 2);
        event.step = static_cast<int64_t>(bytes.varint());
        break;
      case 1:
        ASSERT_EQ(field, 1);
        event.wall_time = bytes.number<double>();
        break;
      case 5:
        ASSERT_EQ(field, 22);
        event.value = bytes.number<float>();
        break;
      default:
        ASSERT_EQ(key & 7, 2U);
        const std::string_view content = bytes.take(bytes.varint());
        if (field == 3) event.version = content;
        if (field == 21) event.tag = content;
        if (field == 5 || field == 11) read_message(content, depth + 1, event);
    }
  }
}

uint32_t unmasked(uint32_t crc) {
  return std::rotl(crc - 0xA282EAD8, 15);
}

std::vector<ReadEvent> read_events(std::string_view file) {
  std::vector<ReadEvent> events;
  Bytes bytes{file};
  while (!bytes.rest.empty() && !testing::Test::HasFailure()) {
    const std::string_view length = bytes.rest.substr(0, 8);
    const auto size = bytes.number<uint64_t>();
    EXPECT_EQ(unmasked(bytes.number<uint32_t>()), engine::crc32c(length));
    const std::string_view event = bytes.take(size);
    EXPECT_EQ(unmasked(bytes.number<uint32_t>()), engine::crc32c(event));
    read_message(event, 0, events.emplace_back());
  }
  return events;
}

TEST(TensorboardFiles, AreReadBackAsTheyWereWritten) {
  EventFile file(100.25);
  file.add_scalar(101.5, 1, "train_rmse", 0.5F);
  file.add_scalar(102.5, int64_t{1} << 40, std::string(300, 'x'), -1e30F);
  EXPECT_THAT(read_events(file.bytes()),
              ElementsAre(ReadEvent{100.25, 0, "brain.Event:2", "", 0}, ReadEvent{101.5, 1, "", "train_rmse", 0.5F},
                          ReadEvent{102.5, int64_t{1} << 40, "", std::string(300, 'x'), -1e30F}));
}

TEST(TensorboardFiles, StandInAFolderForEachModelOfTheRun) {
  const test::TemporaryFolder folder;
  RunSummary summary;
  summary.run = "night-1";
  summary.started = 1000.5;
  summary.ended = 2000;
  summary.metric_lines =
      "{\"time\":\"1970-01-01T00:20:00.500Z\",\"stage\":\"train "
      "mf\",\"epoch\":1,\"name\":\"train_rmse\",\"value\":0.9}\n"
      "{\"time\":\"1970-01-01T00:20:01Z\",\"stage\":\"train mf fold "
      "2\",\"epoch\":1,\"name\":\"train_rmse\",\"value\":0.8}\n"
      "{\"time\":\"1970-01-01T00:20:02Z\",\"stage\":\"train mf\",\"epoch\":2,\"name\":\"train_rmse\",\"value\":0.7}\n";
  engine::Evaluation one, pooled;
  one.protocol = {{"candidates", std::string("all")}, {"fold", int64_t{1}}};
  pooled.protocol = {{"candidates", std::string("all")}, {"fold", std::string("pooled")}};
  one.metrics = {{"ndcg@10", 0.25}};
  pooled.metrics = {{"ndcg@10", 0.5}};
  summary.metrics["mf"] = {one, pooled};
  write_tensorboard(folder.path(), summary);
  const auto read = [&](const char* model) {
    return read_events(test::read_text(folder.path() / "night-1" / model / "events.out.tfevents.1000.matinee"));
  };
  const ReadEvent version{1000.5, 0, "brain.Event:2", "", 0};
  EXPECT_THAT(read("mf"),
              ElementsAre(version, ReadEvent{1200.5, 1, "", "train_rmse", 0.9F},
                          ReadEvent{1202, 2, "", "train_rmse", 0.7F}, ReadEvent{2000, 0, "", "all/ndcg@10", 0.5F}));
  EXPECT_THAT(read("mf-fold-2"), ElementsAre(version, ReadEvent{1201, 1, "", "train_rmse", 0.8F}));
}

}  // namespace
}  // namespace matinee::host
