#include "host/config/overrides.h"

#include <gmock/gmock.h>

#include "tests/host/config/job_files.h"

namespace matinee::host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

JobDocument document_of(const std::string& text) {
  return {"f", "/folder", parse_strict_json(text).root, {}, {}, {}};
}

std::string after(const std::string& text, std::vector<std::string> list) {
  JobDocument document = document_of(text);
  ConfigErrors errors(document);
  apply_overrides(document, settings(std::move(list)), errors);
  errors.throw_if_any();
  return document.root.dump();
}

std::vector<std::string> problems(const std::string& text, std::vector<std::string> list) {
  return config_errors([&] { after(text, std::move(list)); });
}

TEST(Overrides, ValuesAreJsonOrElseText) {
  EXPECT_EQ(after("{}", {"a=1", "b=true", "c=[1, 2]", "d=\"1\"", "e=hello world", "f=", "g={\"x\": null}", "h=1:2"}),
            R"({"a":1,"b":true,"c":[1,2],"d":"1","e":"hello world","f":"","g":{"x":null},"h":"1:2"})");
}

TEST(Overrides, MissingGroupsAreMadeAndValuesReplaced) {
  EXPECT_EQ(after(R"({"a": {"x": 1}})", {"a.y=2", "a.x=3", "b.c.d=4"}), R"({"a":{"x":3,"y":2},"b":{"c":{"d":4}}})");
}

TEST(Overrides, TheValueMayHoldEqualsSignsAndDots) {
  EXPECT_EQ(after("{}", {"a=x=1.5"}), R"({"a":"x=1.5"})");
}

TEST(Overrides, NumbersNameElementsOfLists) {
  EXPECT_EQ(after(R"({"a": [1, {"b": 2}]})", {"a.0=5", "a.1.b=6", "a.2=7"}), R"({"a":[5,{"b":6},7]})");
  EXPECT_THAT(problems(R"({"a": [1, 2]})", {"a.3=1", "a.x=1"}),
              ElementsAre("--set a.3=1: /a is a list of 2; name an element by its number, 0 to 2",
                          "--set a.x=1: /a is a list of 2; name an element by its number, 0 to 2"));
}

TEST(Overrides, LaterOnesWin) {
  EXPECT_EQ(after("{}", {"a=1", "a=2"}), R"({"a":2})");
}

TEST(Overrides, MalformedOnesAreAllNamed) {
  EXPECT_THAT(problems(R"({"a": 1})", {"a", "=1", "a..b=1", "a.b=1", "ok=1", "c.d={\"x\": 1, \"x\": 2}", "d=\xFF"}),
              ElementsAre("--set a: expected a.b=VALUE", "--set =1: expected a.b=VALUE",
                          "--set a..b=1: a name is missing beside a dot",
                          "--set a.b=1: /a is 1, no group that could hold \"b\"",
                          "--set c.d={\"x\": 1, \"x\": 2}: /c/d/x: duplicate key", "--set d=\xFF: is not UTF-8 text"));
}

TEST(Overrides, MalformedOnesHideNoErrorOfTheFile) {
  EXPECT_THAT(errors_of(job_text(R"("a": {"type": "random"})", R"(, "threads": -1, "limits": null)"),
                        settings({"foo", "seed=-5", "sede..x=1"})),
              ElementsAre("job.json: /threads: -1 is out of range: expected 0 to 4096 threads",
                          "job.json: /limits: expected a group {…}, found null",
                          "--set seed=-5: /seed: -5 is out of range: expected at least 0",
                          "--set foo: expected a.b=VALUE", "--set sede..x=1: a name is missing beside a dot"));
}

TEST(Overrides, ErrorsOfSetValuesNameTheSettingAndComeLast) {
  EXPECT_THAT(errors_of(job_text(R"("a": {"type": "random"})", R"(, "threads": -1)"), settings({"seed=-5", "sede=1"})),
              ElementsAre("job.json: /threads: -1 is out of range: expected 0 to 4096 threads",
                          "--set seed=-5: /seed: -5 is out of range: expected at least 0",
                          "--set sede=1: /sede: unknown key; did you mean \"seed\"?"));
}

TEST(Overrides, TextMayLookLikeANumber) {
  EXPECT_EQ(JobFile(job_text()).parse(settings({"name=20260131"})).name, "20260131");
  EXPECT_THAT(errors_of(job_text(R"("a": {"type": "random"})", R"(, "name": 5)")),
              ElementsAre("job.json: /name: expected text, found 5"));
}

TEST(Overrides, DeviceAndOutputComeFromTheirOptions) {
  const JobFile file(job_text());
  const std::string here = std::filesystem::current_path().string();
  const Job job = file.parse({{"device=auto", "output.directory=/elsewhere"}, "cpu", "out/x"});
  EXPECT_EQ(job.device, "cpu");
  EXPECT_EQ(job.output.directory, here + "/out/x");
  EXPECT_THAT(file.errors({{}, "gpu", std::nullopt}),
              ElementsAre("--device: /device: \"gpu\" is no device: must be auto, cpu, cuda or cuda:N"));
}

TEST(Overrides, NamesOfDataFilesFromSettingsAreRelativeToTheWorkingDirectory) {
  const JobFile file(R"({"dataset": {"path": "d", "titles": "t.csv", "split": {"kind": "files", "test": ["a", "b"]}},
                         "models": {"a": {"type": "random"}}})");
  const std::string here = std::filesystem::current_path().string();
  EXPECT_THAT(file.parse().dataset.split.test, ElementsAre("a", "b"));
  EXPECT_EQ(file.parse().dataset.titles, "t.csv");
  const Job job =
      file.parse(settings({"dataset.split.test.1=x/c", "dataset.titles=u.csv", "dataset.split.train=[\"e\",\"/f\"]"}));
  EXPECT_THAT(job.dataset.split.test, ElementsAre("a", here + "/x/c"));
  EXPECT_THAT(job.dataset.split.train, ElementsAre(here + "/e", "/f"));
  EXPECT_EQ(job.dataset.titles, here + "/u.csv");
  EXPECT_EQ(file.parse(settings({"dataset.titles="})).dataset.titles, "");
}

TEST(Overrides, PathsFromSettingsAreRelativeToTheWorkingDirectory) {
  const JobFile file(R"({"dataset": {"path": "d"}, "models": {"a": {"type": "random"}}})");
  const std::string here = std::filesystem::current_path().string();
  EXPECT_EQ(file.parse().dataset.path, (file.folder() / "d").string());
  EXPECT_EQ(file.parse(settings({"dataset.path=e"})).dataset.path, here + "/e");
  EXPECT_EQ(file.parse(settings({"dataset={\"path\": \"e\"}"})).dataset.path, here + "/e");
  EXPECT_EQ(file.parse(settings({"dataset.format=movielens_1m"})).dataset.path, (file.folder() / "d").string());
}

}  // namespace
}  // namespace matinee::host
