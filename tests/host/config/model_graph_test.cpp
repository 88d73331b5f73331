#include "host/config/model_graph.h"

#include <gmock/gmock.h>

#include "tests/host/config/job_files.h"

namespace matinee::host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// {"a", "b"}: a starts from b.
std::vector<std::string> errors_of_chain(const std::vector<std::pair<std::string, std::string>>& models) {
  std::string text;
  for (const auto& [name, initial] : models) {
    text += (text.empty() ? "\"" : ", \"") + name + R"(": {"type": "mf", "initial": ")" + initial + "\"}";
  }
  return errors_of(job_text(text));
}

TEST(ModelGraph, ChainsAndSharedAncestorsAreNoCycles) {
  EXPECT_THAT(errors_of_chain({{"a", "b"}, {"b", "c"}, {"c", ""}, {"d", "b"}}), IsEmpty());
}

TEST(ModelGraph, ACycleIsNamed) {
  EXPECT_THAT(errors_of_chain({{"a", "b"}, {"b", "a"}}),
              ElementsAre("job.json: /models/b/initial: models that need each other cannot be trained: a → b → a"));
  EXPECT_THAT(errors_of_chain({{"x", "a"}, {"a", "b"}, {"b", "c"}, {"c", "a"}}),
              ElementsAre("job.json: /models/c/initial: models that need each other cannot be trained: a → b → c → a"));
}

TEST(ModelGraph, AModelCannotStartFromItself) {
  EXPECT_THAT(errors_of_chain({{"a", "a"}}),
              ElementsAre("job.json: /models/a/initial: models that need each other cannot be trained: a → a"));
}

TEST(ModelGraph, EachCycleIsToldOnce) {
  EXPECT_EQ(errors_of_chain({{"a", "b"}, {"b", "a"}, {"c", "d"}, {"d", "c"}, {"e", "a"}}).size(), 2U);
}

TEST(ModelGraph, UnknownModelsAreAnsweredWithTheNearestName) {
  EXPECT_THAT(errors_of_chain({{"popular", ""}, {"b", "populer"}}),
              ElementsAre("job.json: /models/b/initial: no model \"populer\" in this job; did you mean \"popular\"?"));
}

}  // namespace
}  // namespace matinee::host
