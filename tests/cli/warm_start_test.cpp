// A night that starts from the one before: fewer epochs, the same ids, new users and items served.
#include <sstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"
#include "tests/support/text_files.h"

namespace matinee::test {
namespace {

using testing::HasSubstr;

class WarmStart : public CommandLine {
 protected:
  WarmStart() {
    write("job.json", job(R"("cf": {"type": "item_similarity", "neighbours": 10},
                             "mf": {"type": "mf", "factors": 4, "epochs": 9})",
                          R"(, "warm_start": {"run": "runs", "required": false, "epochs_share": 0.3})"));
  }
  // Epochs that the training of mf was measured for.
  int64_t epochs() const {
    std::istringstream lines(read_text(at("runs/current/metrics.jsonl")));
    int64_t last = 0;
    for (std::string line; std::getline(lines, line);) {
      const auto json = nlohmann::json::parse(line);
      if (json.at("stage") == "train mf") last = std::max(last, json.at("epoch").get<int64_t>());
    }
    return last;
  }
};

TEST_F(WarmStart, IsShorterByTheShareOfEpochsAndServesWhatIsNew) {
  done({"train", "job.json"});
  EXPECT_EQ(epochs(), 9) << "the first night has nothing to start from";
  write("good/ratings.csv", ratings(44, 33));
  done({"train", "job.json"});
  EXPECT_EQ(epochs(), 3) << "0.3 of 9, rounded up";
  EXPECT_THAT(done({"recommend", "runs", "--user", "44", "--model", "mf"}), HasSubstr("user 44"));
  EXPECT_THAT(done({"similar", "runs", "--item", "33", "--model", "mf"}), HasSubstr("(33), model mf"));
  EXPECT_THAT(read_text(at("runs/current/models/mf/model.json")), HasSubstr("\"epochs\": 9"))
      << "what the job asks for";
  done({"train", "job.json", "--set", "warm_start.epochs_share=0.001"});
  EXPECT_EQ(epochs(), 1);
}

TEST_F(WarmStart, AShareThatIsNoneIsRefused) {
  for (const char* share : {"0", "1.5", "-1"}) {
    const ProgramEnd end = matinee({"validate", "job.json", "--set", std::string("warm_start.epochs_share=") + share});
    EXPECT_EQ(end.exit_code, 2) << share;
    EXPECT_THAT(end.err, HasSubstr("/warm_start/epochs_share"));
  }
}

}  // namespace
}  // namespace matinee::test
