#include "host/config/json_reader.h"

#include <array>

#include <gmock/gmock.h>

#include "host/config/resolved_writer.h"
#include "tests/host/config/job_files.h"

namespace matinee::host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Sample {
  int64_t count = 3;
  double rate = 0.02;
  std::optional<double> limit;
  bool on = true;
  std::string word = "x", file = "data/f", model;
  std::vector<std::string> files, words;
  int kind = 1;
  std::vector<int64_t> sizes = {10};
  std::vector<int> kinds = {0};
  std::vector<int64_t> inner;

  void describe(engine::Parameters& p) {
    static constexpr std::array<std::string_view, 3> kKinds = {"red", "green", "blue"};
    p.integer("count", count, {1, 10}, "items", "How many.");
    p.real("rate", rate, {0, 1, true}, "per epoch", "How fast.");
    p.optional_real("limit", limit, {0, 5}, "GiB", "How much.");
    p.flag("on", on, "Whether.");
    p.text("word", word, "A word.");
    p.path("file", file, "A file.");
    p.paths("files", files, "Files.");
    p.one_of("kind", kind, kKinds, "Which.");
    p.integers("sizes", sizes, {1}, "items", "Sizes.");
    p.texts("words", words, "Words.");
    p.some_of("kinds", kinds, kKinds, "Some.");
    p.model_reference("model", model, "A model.");
    const auto element = [](engine::Parameters& group, int64_t& value) {
      group.integer("n", value, {}, "", "A number.");
    };
    p.groups(
        "list", "A list.", [&](engine::Parameters& group) { element(group, inner.emplace_back(7)); },
        static_cast<int64_t>(inner.size()),
        [&](engine::Parameters& group, int64_t index) { element(group, inner[static_cast<std::size_t>(index)]); });
  }
};

struct Reading {
  Sample sample;
  std::vector<std::string> errors;
  std::vector<ModelReference> references;
};

Reading read(const std::string& text, std::vector<Setting> from_command_line = {}) {
  StrictJson json = parse_strict_json(text);
  EXPECT_EQ(json.problem, "");
  const JobDocument document{"f", "/folder", json.root, json.offsets, {}, std::move(from_command_line)};
  ConfigErrors errors(document);
  ReadSession session{document, errors};
  Reading reading;
  {
    JsonReader reader(session, &document.root, "");
    reading.sample.describe(reader);
  }
  session.report_unknown_keys();
  reading.references = session.references;
  reading.errors = config_errors([&] { errors.throw_if_any(); });
  return reading;
}

TEST(JsonReader, WhatIsAbsentKeepsItsDefault) {
  const Reading reading = read("{}");
  EXPECT_THAT(reading.errors, IsEmpty());
  EXPECT_EQ(reading.sample.count, 3);
  EXPECT_EQ(reading.sample.rate, 0.02);
  EXPECT_EQ(reading.sample.limit, std::nullopt);
  EXPECT_EQ(reading.sample.kind, 1);
}

TEST(JsonReader, ReadsEveryKindOfParameter) {
  const Reading reading = read(R"({"count": 5, "rate": 1, "limit": 2.5, "on": false, "word": "é", "kind": "blue",
      "sizes": [3, 3], "words": ["a", "b"], "kinds": ["blue", "red"], "model": "m", "list": [{"n": 1}, {}]})");
  EXPECT_THAT(reading.errors, IsEmpty());
  const Sample& sample = reading.sample;
  EXPECT_EQ(sample.count, 5);
  EXPECT_EQ(sample.rate, 1.0);
  EXPECT_EQ(sample.limit, 2.5);
  EXPECT_FALSE(sample.on);
  EXPECT_EQ(sample.word, "é");
  EXPECT_EQ(sample.kind, 2);
  EXPECT_THAT(sample.sizes, ElementsAre(3, 3));
  EXPECT_THAT(sample.words, ElementsAre("a", "b"));
  EXPECT_THAT(sample.kinds, ElementsAre(2, 0));
  EXPECT_THAT(sample.inner, ElementsAre(1, 7));
  ASSERT_EQ(reading.references.size(), 1U);
  EXPECT_EQ(reading.references[0].pointer, "/model");
  EXPECT_EQ(reading.references[0].model, "m");
}

TEST(JsonReader, WholeNumbersMayBeWrittenAsFloats) {
  EXPECT_EQ(read(R"({"count": 3.0})").sample.count, 3);
  EXPECT_EQ(read(R"({"count": 1e1})").sample.count, 10);
  EXPECT_THAT(read(R"({"count": 3.5})").errors, ElementsAre("f: /count: expected a whole number, found 3.5"));
}

TEST(JsonReader, OneValueStandsForAListOfOne) {
  const Sample sample = read(R"({"sizes": 7, "words": "a", "kinds": "green", "files": "g"})").sample;
  EXPECT_THAT(sample.sizes, ElementsAre(7));
  EXPECT_THAT(sample.words, ElementsAre("a"));
  EXPECT_THAT(sample.kinds, ElementsAre(1));
  EXPECT_THAT(sample.files, ElementsAre("/folder/g"));
}

TEST(JsonReader, NullIsNoneOnlyWhereNoneIsAValue) {
  EXPECT_THAT(read(R"({"limit": null})").errors, IsEmpty());
  EXPECT_THAT(read(R"({"rate": null})").errors, ElementsAre("f: /rate: expected a number, found null"));
}

TEST(JsonReader, WrongTypesAreErrors) {
  EXPECT_THAT(
      read(R"({"count": "5", "rate": true, "limit": [], "on": 1, "word": 5, "file": {}, "kind": 2,
                       "sizes": ["1"], "words": [1], "kinds": [[]], "model": 1, "list": {}})")
          .errors,
      ElementsAre("f: /count: expected a whole number, found \"5\"",  //
                  "f: /rate: expected a number, found true",          //
                  "f: /limit: expected a number, found a list",       //
                  "f: /on: expected true or false, found 1",          //
                  "f: /word: expected text, found 5",                 //
                  "f: /file: expected text, found a group",           //
                  "f: /kind: expected one of red, green, blue, found 2",
                  "f: /sizes/0: expected a whole number, found \"1\"",  //
                  "f: /words/0: expected text, found 1", "f: /kinds/0: expected one of red, green, blue, found a list",
                  "f: /model: expected text, found 1", "f: /list: expected a list of groups [{…}, …], found a group"));
}

TEST(JsonReader, RangesAreToldWithTheirUnits) {
  EXPECT_THAT(read(R"({"count": 0, "rate": 0, "limit": 5.5, "sizes": [2, 0]})").errors,
              ElementsAre("f: /count: 0 is out of range: expected 1 to 10 items",
                          "f: /rate: 0 is out of range: expected above 0, at most 1 per epoch",
                          "f: /limit: 5.5 is out of range: expected 0 to 5 GiB",
                          "f: /sizes/1: 0 is out of range: expected at least 1 items"));
  EXPECT_THAT(read(R"({"count": 18446744073709551615, "sizes": 1e300})").errors.size(), 2U);
}

TEST(JsonReader, UnknownChoicesAreAnsweredWithTheNearestOrWithAll) {
  EXPECT_THAT(read(R"({"kind": "grene", "kinds": ["mauve", "red", "red"]})").errors,
              ElementsAre("f: /kind: unknown value \"grene\"; did you mean \"green\"?",
                          "f: /kinds/0: unknown value \"mauve\"; known: red, green, blue",
                          "f: /kinds/2: \"red\" stands twice in the list"));
}

TEST(JsonReader, UnknownKeysAreErrorsInEveryGroup) {
  EXPECT_THAT(read(R"({"cuont": 1, "list": [{"m/~": 1}, {"count": 2}]})").errors,
              ElementsAre("f: /cuont: unknown key; did you mean \"count\"?", "f: /list/0/m~1~0: unknown key; known: n",
                          "f: /list/1/count: unknown key; did you mean /count?"));
}

TEST(JsonReader, PathsAreRelativeToTheJobFileOrWhereSetToTheWorkingDirectory) {
  const std::string here = std::filesystem::current_path().string();
  EXPECT_EQ(read(R"({"file": "../a/./b/"})").sample.file, "/a/b");
  EXPECT_EQ(read(R"({"file": "/x/../y"})").sample.file, "/y");
  EXPECT_EQ(read("{}").sample.file, "/folder/data/f");
  EXPECT_EQ(read(R"({"file": ""})").sample.file, "");
  EXPECT_EQ(read(R"({"file": "a"})", {{"--set file=a", "/file", "a"}}).sample.file, here + "/a");
  EXPECT_THAT(read(R"({"files": ["a", "b"]})", {{"--set files=[…]", "/files", ""}}).sample.files,
              ElementsAre(here + "/a", here + "/b"));
  EXPECT_THAT(read(R"({"files": ["a", "b"]})", {{"--set files.1=b", "/files/1", "b"}}).sample.files,
              ElementsAre("/folder/a", here + "/b"));
}

TEST(JsonReader, APathHoldsNoNul) {
  EXPECT_THAT(read(R"({"file": "a\u0000b"})").errors, ElementsAre("f: /file: a path cannot hold the character NUL"));
}

TEST(JsonReader, LongValuesAreCutInMessages) {
  const Reading reading = read("{\"count\": \"" + std::string(500, 'x') + "\"}");
  ASSERT_EQ(reading.errors.size(), 1U);
  EXPECT_LT(reading.errors[0].size(), 150U);
}

TEST(ResolvedWriter, WhatItWritesReadsBackTheSame) {
  Reading first = read(R"({"rate": 0.1, "limit": 1e-3, "sizes": [1, 9007199254740993], "file": "q", "list": [{"n": -5}],
                           "kinds": ["green"], "word": "\"\\ é"})");
  Json written;
  ResolvedWriter writer(written);
  first.sample.describe(writer);
  Reading second = read(written.dump());
  EXPECT_THAT(second.errors, IsEmpty());
  Json again;
  ResolvedWriter rewriter(again);
  second.sample.describe(rewriter);
  EXPECT_EQ(written.dump(), again.dump());
  EXPECT_EQ(second.sample.sizes[1], 9007199254740993);
  EXPECT_EQ(second.sample.rate, 0.1);
}

TEST(ResolvedWriter, NumbersStayAsTheyWereWritten) {
  Json written;
  ResolvedWriter writer(written);
  Sample sample;
  sample.describe(writer);
  EXPECT_EQ(written["rate"].dump(), "0.02");
  EXPECT_EQ(written["limit"].dump(), "null");
}

}  // namespace
}  // namespace matinee::host
