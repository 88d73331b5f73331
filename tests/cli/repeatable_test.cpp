// What a job says of models whose bytes can differ from run to run.
#include <gmock/gmock.h>

#include "engine/artifacts/file_writer.h"
#include "tests/support/command_line.h"

namespace matinee::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Repeatable : public CommandLine {
 protected:
  Repeatable() {
    write("job.json", job(R"("mf": {"type": "mf", "factors": 3, "epochs": 2, "updates": "lock_free"},)"
                          R"("pmf": {"type": "pmf", "factors": 3, "epochs": 2})"));
  }
  std::string text(const std::string& file) const { return engine::read_file(at("runs/current") / file); }
};

TEST_F(Repeatable, LockFreeUpdatesAreRefusedUnlessTheJobAllowsThem) {
  const ProgramEnd end = matinee({"validate", "job.json"});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_THAT(end.err, AllOf(HasSubstr("/models/mf"), HasSubstr("can differ from run to run"),
                             HasSubstr("\"deterministic\": false"), testing::Not(HasSubstr("/models/pmf"))));
}

TEST_F(Repeatable, ReportManifestAndModelSayWhichModelIsNot) {
  done({"train", "job.json", "--set", "deterministic=false"});
  EXPECT_EQ(manifest_value("runs/current", "/deterministic"), "false");
  for (const char* report : {"report.html", "report.md"}) EXPECT_THAT(text(report), HasSubstr("not bit for bit: mf"));
  EXPECT_THAT(text("models/mf/model.json"), HasSubstr("\"deterministic\": false"));
  EXPECT_THAT(text("models/pmf/model.json"), HasSubstr("\"deterministic\": true"));
}

}  // namespace
}  // namespace matinee::test
