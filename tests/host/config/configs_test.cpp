#include <filesystem>

#include <gmock/gmock.h>

#include "host/config/parse_job.h"
#include "tests/host/config/job_files.h"
#include "tests/support/paths.h"

namespace matinee::host {
namespace {

using testing::IsEmpty;

std::string config(const std::string& name) {
  return (test::source_folder() / "configs" / (name + ".json")).string();
}

class CommittedConfig : public testing::TestWithParam<const char*> {};

TEST_P(CommittedConfig, IsAValidJobThatResolvesToItself) {
  EXPECT_THAT(config_errors([&] { parse_job(config(GetParam()), {}); }), IsEmpty());
  const Job job = parse_job(config(GetParam()), {});
  EXPECT_EQ(job.name, GetParam());
  EXPECT_EQ(JobFile(job.resolved).parse().resolved, job.resolved);
}

INSTANTIATE_TEST_SUITE_P(All, CommittedConfig, testing::Values("demo", "ml_100k", "ncf_ml_1m", "ncf_ml_1m_ials"),
                         [](const auto& config) { return std::string(config.param); });

TEST(CommittedConfigs, TheDemoReadsTheDataOfTheRepository) {
  const Job job = parse_job(config("demo"), {});
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(job.dataset.path) / "ratings.csv")) << job.dataset.path;
}

TEST(CommittedConfigs, DataCanLieElsewhere) {
  const Job job = parse_job(config("ncf_ml_1m"), settings({"dataset.path=/data/ml-1m"}));
  EXPECT_EQ(job.dataset.path, "/data/ml-1m");
  EXPECT_THAT(job.dataset.split.test, testing::ElementsAre("ml-1m.test.rating"));
}

}  // namespace
}  // namespace matinee::host
