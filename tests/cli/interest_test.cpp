// Interest vectors through the command line: from a job file on titles to directors, movies and users that can be asked
// for their like, and what is said where there is nothing to learn from.
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"
#include "tests/support/text_files.h"
#include "tests/support/xml.h"

namespace matinee::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int kConfig = 2, kInput = 3, kMemory = 5;

std::string interest_job(const std::string& more = "", const std::string& dataset = "") {
  return R"({"name": "interest", "device": "cpu",
             "dataset": {"format": "movielens_csv", "path": "good", "positive_from": 3.0)" +
         dataset + R"(}, "models": {"taste": {"type": "seq2seq", "dimensions": 6, "layers": 1, "units": 8, "epochs": 2,
                                       "batch": 8, "most_tokens": 8, "measured_texts": 5)" +
         more + R"(}}, "output": {"directory": "runs"}})";
}

class Interest : public CommandLine {
 protected:
  Interest() {
    std::string movies = "movieId,title,genres\n", directors = "movieId,director\n";
    for (int movie = 1; movie <= 30; ++movie) {
      movies += fmt::format("{},\"Story {} Amélie, The (1990)\",Drama\n", movie, movie);
      if (movie % 5 > 0) directors += fmt::format("{},Director {}\n", movie, movie % 5);
    }
    write("good/movies.csv", movies);
    write("good/directors.csv", directors);
    write("job.json", interest_job());
  }

  // What `train` says where it ends so.
  std::string refused(int exit_code, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> command = {"train", "job.json"};
    command.insert(command.end(), more.begin(), more.end());
    const ProgramEnd end = matinee(command);
    EXPECT_EQ(end.exit_code, exit_code) << end.err;
    return end.err;
  }
};

TEST_F(Interest, TitlesBecomeVectorsThatCanBeAsked) {
  done({"train", "job.json"});
  for (const char* name :
       {"model.safetensors", "model.json", "interest.safetensors", "directors.tsv", "decoded.json"}) {
    EXPECT_TRUE(fs::exists(at("runs/current/models/taste") / name)) << name;
  }
  EXPECT_THAT(read_text(at("runs/current/models/taste/directors.tsv")), HasSubstr("\tDirector 1\t6\n"));
  EXPECT_THAT(done({"similar", "runs", "--director", "Director 2", "--top", "3"}),
              AllOf(HasSubstr("directors similar to Director 2, model taste"), HasSubstr("   3  Director ")));
  EXPECT_THAT(done({"similar", "runs", "--item", "7"}),
              AllOf(HasSubstr("items similar to Story 7 Amélie, The (1990) (7), model taste"), HasSubstr("  10  ")));
  const auto json = nlohmann::json::parse(done({"similar", "runs", "--user", "3", "--top", "2", "--format", "json"}));
  EXPECT_EQ(json.at("users").size(), 2);
  EXPECT_EQ(json.at("user"), "3");
  EXPECT_THAT(done({"verify", "runs"}), Not(IsEmpty()));
}

TEST_F(Interest, UnknownNamesAreToldFromThoseThatWerePerhapsMeant) {
  done({"train", "job.json"});
  const auto said = [&](const std::vector<std::string>& question) {
    std::vector<std::string> command = {"similar", "runs"};
    command.insert(command.end(), question.begin(), question.end());
    const ProgramEnd end = matinee(command);
    EXPECT_EQ(end.exit_code, kConfig);
    EXPECT_THAT(end.out, IsEmpty());
    return end.err;
  };
  EXPECT_THAT(said({"--director", "Director 22"}), HasSubstr("did you mean \"Director 2\"?"));
  EXPECT_THAT(said({"--user", "4000"}), HasSubstr("ids/users.tsv"));
  EXPECT_THAT(said({"--item", "4000"}), HasSubstr("ids/items.tsv"));
  write("job.json", job(R"("popular": {"type": "most_popular"})"));
  done({"train", "job.json"});
  EXPECT_THAT(said({"--director", "Director 2"}), HasSubstr("train one of type seq2seq"));
  EXPECT_THAT(said({"--user", "3", "--model", "popular"}), HasSubstr("\"popular\" (most_popular) has no interest"));
}

TEST_F(Interest, TheReportSaysTextsAgainAndSetsClaimsBesideTraining) {
  std::string with_claim = interest_job();
  with_claim.insert(with_claim.rfind("\"output\""),
                    R"("evaluate": {"claims": [{"model": "taste", "metric": "train_token_accuracy", "value": 0.9627,
                                                "source": "a retracted paper"}]}, )");
  write("job.json", with_claim);
  done({"train", "job.json"});
  for (const char* name : {"report.html", "report.md"}) {
    EXPECT_THAT(read_text(at("runs/current") / name),
                AllOf(HasSubstr("Texts said again"), HasSubstr("Nearest directors"), HasSubstr("Director 1"),
                      HasSubstr("Amélie"), HasSubstr("a retracted paper"), HasSubstr("Training, last epoch"),
                      Not(HasSubstr("not measured")), Not(HasSubstr("per second"))))
        << name;
  }
  EXPECT_EQ(xml_problem(read_text(at("runs/current/report.html"))), "");
  with_claim.replace(with_claim.find("train_token_accuracy"), 20, "train_token_acuracy");
  write("job.json", with_claim);
  EXPECT_THAT(matinee({"validate", "job.json"}).err, HasSubstr("did you mean \"train_token_accuracy\"?"));
}

TEST_F(Interest, SameJobSameBytesForAnyThreads) {
  done({"train", "job.json", "--set", "threads=1", "--output", "one"});
  done({"train", "job.json", "--set", "threads=3", "--output", "three"});
  EXPECT_THAT(differences(deterministic_files("one/current"), deterministic_files("three/current")),
              testing::ElementsAre("config.json"));
}

TEST_F(Interest, WithoutTitlesThereIsNothingToLearn) {
  fs::remove(at("good/movies.csv"));
  fs::remove(at("good/directors.csv"));
  EXPECT_THAT(refused(kInput), HasSubstr("titles"));
}

TEST_F(Interest, OneDirectorAloneCannotBeHeldOut) {
  write("good/movies.csv", "movieId,title,genres\n1,One Story (1990),Drama\n2,Another (1991),Drama\n");
  write("good/directors.csv", "movieId,director\n1,Somebody\n2,Somebody\n");
  EXPECT_THAT(refused(kInput), HasSubstr("is there one director only?"));
  done({"train", "job.json", "--set", "models.taste.validation_share=0"});
}

TEST_F(Interest, MemoryThatDoesNotSufficeIsSaidBeforeTraining) {
  EXPECT_THAT(refused(kMemory, {"--set", "models.taste.units=8192", "--set", "models.taste.layers=16", "--set",
                                "limits.host_memory=4"}),
              HasSubstr("train taste"));
}

TEST_F(Interest, EmbeddingsAreThoseOfWordsOfTheSameLength) {
  std::string both = interest_job(R"(, "embeddings": "words")");
  both.insert(both.find("\"taste\""), R"("words": {"type": "skip_gram", "dimensions": 6}, )");
  write("job.json", both);
  done({"train", "job.json"});
  both.replace(both.find("\"dimensions\": 6"), 15, "\"dimensions\": 9");
  write("job.json", both);
  EXPECT_THAT(
      matinee({"validate", "job.json"}).err,
      HasSubstr("\"taste\" cannot build on \"words\": its vectors have 9 dimensions and those of this model 6"));
}

}  // namespace
}  // namespace matinee::test
