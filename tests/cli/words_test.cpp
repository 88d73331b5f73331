// Word vectors through the command line: from a job file to what other programs read, and what is said of text that
// cannot be used (exit 3, the published run stays).
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"
#include "tests/support/text_files.h"

namespace matinee::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr int kConfig = 2, kInput = 3;

std::string text_job(const std::string& text, const std::string& more = "") {
  return R"({"name": "words", "device": "cpu", "dataset": {"format": "none"},
             "models": {"words": {"type": "skip_gram", "dimensions": 8, "epochs": 3, "text": {"source": "file", )" +
         text + "}" + more + R"(}}, "output": {"directory": "runs"}})";
}

std::string lines(int count = 200) {
  std::string text;
  for (int n = 0; n < count; ++n) text += fmt::format("Star Wars episode{} Amélie L’Avventura\n", n % 5);
  return text;
}

class Words : public CommandLine {
 protected:
  Words() {
    write("text.txt", lines());
    write("text.json", text_job(R"("path": "text.txt")"));
  }
};

TEST_F(Words, ATextFileBecomesVectorsThatCanBeAsked) {
  done({"train", "text.json"});
  for (const char* name : {"model.safetensors", "model.json", "vectors.txt", "vectors.bin", "words.json"}) {
    EXPECT_TRUE(fs::exists(at("runs/current/models/words") / name)) << name;
  }
  EXPECT_THAT(read_text(at("runs/current/models/words/vectors.txt")), StartsWith("9 8\nStar "));
  EXPECT_THAT(done({"similar", "runs", "--word", "L'Avventura", "--top", "3"}),
              AllOf(HasSubstr("words similar to L'Avventura (stands 200 times), model words"), HasSubstr("   3  ")));
  const auto json =
      nlohmann::json::parse(done({"similar", "runs", "--word", "Star", "--top", "2", "--format", "json"}));
  EXPECT_EQ(json.at("words").size(), 2);
  EXPECT_EQ(json.at("count"), 200);
  EXPECT_THAT(done({"verify", "runs"}), Not(IsEmpty()));
  EXPECT_THAT(manifest_value("runs/current", "/inputs/0/path"), HasSubstr("text.txt"));
}

TEST_F(Words, TheReportShowsThemAndNothingOfSpeed) {
  done({"train", "text.json"});
  const std::string html = read_text(at("runs/current/report.html")),
                    markdown = read_text(at("runs/current/report.md"));
  EXPECT_THAT(html, AllOf(HasSubstr("9 words of 8 dimensions each, learnt from 1,000 words in 200 texts."),
                          HasSubstr("<title>Amélie: 200</title>"), HasSubstr(">Loss<"), Not(HasSubstr("per second"))));
  EXPECT_THAT(markdown, AllOf(HasSubstr("## Word vectors"), Not(HasSubstr("per second"))));
  EXPECT_THAT(read_text(at("runs/current/metrics.jsonl")), HasSubstr("\"words_per_second\""));
}

TEST_F(Words, SameTextSameBytesForAnyThreadsWhereverItLies) {
  done({"train", "text.json", "--set", "threads=1", "--output", "one"});
  write("elsewhere/text.txt.gz", gzipped(lines()));
  write("elsewhere/text.txt", lines());
  done({"train", "text.json", "--set", "threads=3", "--output", "two"});
  EXPECT_THAT(differences(deterministic_files("one/current"), deterministic_files("two/current")),
              testing::Each("config.json"));
  done({"train", "text.json", "--set", "models.words.text.path=elsewhere/text.txt", "--output", "three"});
  for (const auto& [name, bytes] : deterministic_files("three/current")) {
    if (!name.starts_with("models/")) continue;
    EXPECT_EQ(bytes, read_text(at("one/current") / name)) << name;
  }
  done({"train", "text.json", "--output", "one"});
  EXPECT_THAT(reused("one/current"), Contains(std::pair<const std::string, bool>("train words", true)));
}

TEST_F(Words, UnknownWordsAndModelsWithoutWordsAreToldWithWhatIsMeant) {
  done({"train", "text.json"});
  const ProgramEnd near = matinee({"similar", "runs", "--word", "star"});
  EXPECT_EQ(near.exit_code, kConfig);
  EXPECT_THAT(near.err, HasSubstr("does not know the word \"star\"; did you mean \"Star\"?"));
  const ProgramEnd far = matinee({"similar", "runs", "--word", "Xylophone"});
  EXPECT_EQ(far.exit_code, kConfig);
  EXPECT_THAT(far.err, HasSubstr("the most frequent of its 9 words: Star, Wars, "));
  EXPECT_EQ(matinee({"similar", "runs", "--word", "<pad>"}).exit_code, kConfig);
  EXPECT_EQ(matinee({"similar", "runs"}).exit_code, kConfig);
  EXPECT_THAT(matinee({"recommend", "runs", "--user", "1", "--model", "words"}).err, Not(IsEmpty()));
  done({"train", "job.json", "--output", "ratings"});
  const ProgramEnd none = matinee({"similar", "ratings", "--word", "Star"});
  EXPECT_EQ(none.exit_code, kConfig);
  EXPECT_THAT(none.err, HasSubstr("no model of this run knows words"));
}

TEST_F(Words, BesideRecommendersTheyAreLeftOutOfListsAndMetrics) {
  write("good/movies.csv", "movieId,title,genres\n1,\"Star, The (1990)\",A\n2,Star Wars (1977),A\n3,Amélie (2001),A\n");
  write("good/directors.csv", "movieId,director\n1,Ada\n2,Ada\n");
  write("mixed.json", R"({"name": "mixed", "device": "cpu",
    "dataset": {"format": "movielens_csv", "path": "good", "split": {"kind": "k_fold", "folds": 2}},
    "models": {"words": {"type": "skip_gram", "dimensions": 8}, "popular": {"type": "most_popular"}},
    "output": {"directory": "runs"}})");
  EXPECT_THAT(done({"plan", "mixed.json"}), AllOf(HasSubstr("text of words"), Not(HasSubstr("train words fold"))));
  done({"train", "mixed.json"});
  EXPECT_FALSE(fs::exists(at("runs/current/recommendations/words.tsv")));
  EXPECT_THAT(read_text(at("runs/current/metrics.json")), Not(HasSubstr("words")));
  EXPECT_THAT(read_text(at("runs/current/models/words/vectors.txt")), StartsWith("3 8\nStar "));
  EXPECT_EQ(done({"recommend", "runs", "--user", "1"}).find("model popular") != std::string::npos, true);
  done({"evaluate", "runs"});
}

TEST_F(Words, AWarmStartGoesOnFromTheWordsOfAnEarlierRun) {
  done({"train", "text.json"});
  write("more.txt", lines() + "Star Trek\nStar Trek\n");
  write("next.json", R"({"name": "next", "device": "cpu", "dataset": {"format": "none"}, "models": {"words":
    {"type": "skip_gram", "dimensions": 8, "epochs": 3, "text": {"source": "file", "path": "more.txt"}}},
    "warm_start": {"run": "runs"}, "output": {"directory": "next"}})");
  done({"train", "next.json"});
  EXPECT_THAT(done({"similar", "next", "--word", "Trek"}), HasSubstr("stands 2 times"));
  const ProgramEnd end = matinee({"train", "next.json", "--set", "models.words.dimensions=9"});
  EXPECT_EQ(end.exit_code, kConfig);
  EXPECT_THAT(end.err, HasSubstr("give \"dimensions\": 8"));
}

TEST_F(Words, AStoppedTrainingGoesOnToTheSameBytes) {
  const std::vector<std::string> train = {
      "train", "text.json", "--set", "models.words.epochs=400", "--set", "limits.checkpoint_seconds=0.02"};
  done(train);
  const auto expected = deterministic_files("runs/current");
  fs::remove_all(at("runs"));
  StartedProgram training = start(train);
  const auto checkpoint = [&] {
    std::error_code error;
    for (const auto& stage : fs::directory_iterator(at("runs/.stages"), error)) {
      if (fs::exists(stage.path() / "checkpoint.safetensors", error)) return true;
    }
    return false;
  };
  while (!checkpoint() && training.running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  training.send(SIGTERM);
  EXPECT_EQ(training.end().exit_code, 128 + SIGTERM);
  EXPECT_EQ(current(), "");
  done(train);
  EXPECT_THAT(differences(expected, deterministic_files("runs/current")), IsEmpty());
}

class BadText : public PublishedBefore {
 protected:
  void expect_refused_text(std::string_view text, const std::vector<std::string>& words,
                           const std::string& more = "") const {
    write("bad.txt", text);
    write("bad.json", text_job(R"("path": "bad.txt")" + more));
    expect_refused({"train", "bad.json"}, kInput, words);
  }
};

TEST_F(BadText, WithoutWords) {
  expect_refused_text("", {"bad.txt: no words in 0 texts"});
  expect_refused_text("the of and\n", {"bad.txt: no words", "3 stop words (text.drop_stop_words)"});
}

TEST_F(BadText, WithOneWord) {
  expect_refused_text("word word\nword\n", {"bad.txt: the vocabulary has one word only, \"word\""});
}

TEST_F(BadText, WithRareWordsOnly) {
  expect_refused_text("star wars\nstar\n", {"bad.txt: every word stands less than 3 times", "lower text.min_count"},
                      R"(, "min_count": 3)");
}

TEST_F(BadText, WithoutCompany) {
  expect_refused_text("star\nwars\n", {"bad.txt: no text has two words of the vocabulary"});
}

TEST_F(BadText, WithBytesThatAreNotUtf8) {
  expect_refused_text("star wars\nAm\xE9lie Star\n", {"bad.txt:2: the line is not UTF-8", "iconv"});
}

TEST_F(BadText, ThatIsMissing) {
  write("bad.json", text_job(R"("path": "nowhere.txt")"));
  expect_refused({"train", "bad.json"}, kInput, {at("nowhere.txt").string()});
}

TEST_F(BadText, InTitlesOfTheDataset) {
  write("good/movies.csv", "movieId,title,genres\n1,Am\xE9lie,A\n");
  write("bad.json", job(R"("words": {"type": "skip_gram"})"));
  expect_refused({"train", "bad.json"}, kInput, {"good/movies.csv:2: the line is not UTF-8"});
}

TEST_F(Words, ALineOfTenMegabytesIsOneText) {
  std::string text;
  while (text.size() < (10 << 20)) text += fmt::format("word{} ", text.size() % 5003);
  write("text.txt", text);
  done({"train", "text.json", "--set", "models.words.epochs=1"});
  EXPECT_THAT(read_text(at("runs/current/report.md")), HasSubstr("in 1 text."));
}

}  // namespace
}  // namespace matinee::test
