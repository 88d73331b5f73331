// Searching a run by words of titles and directors: what is found, in whose order, and what is said otherwise.
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
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int kConfig = 2, kArtifact = 8;

class Search : public CommandLine {
 protected:
  Search() {
    const std::vector<std::string> titles = {"\"Postman, The (Postino, Il) (1994)\"",
                                             "Fabuleux destin d'Amélie Poulain (2001)",
                                             "Star Wars (1977)",
                                             "\"Star Is Born, A (1954)\"",
                                             "Schindler's List (1993)",
                                             "It (1990)",
                                             "Sabrina (1954)",
                                             "Sabrina (1995)"};
    std::string movies = "movieId,title,genres\n", directors = "movieId,director\n3,George Lucas\n7,Billy Wilder\n";
    for (int movie = 1; movie <= 30; ++movie) {
      const auto number = static_cast<std::size_t>(movie - 1);
      movies += fmt::format("{},{},Drama\n", movie,
                            number < titles.size() ? titles[number] : fmt::format("The Film {} (1990)", movie));
    }
    write("good/movies.csv", movies);
    write("good/directors.csv", directors);
  }

  nlohmann::json found(const std::string& query, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> command = {"search", "runs", "--query", query, "--format", "json"};
    command.insert(command.end(), more.begin(), more.end());
    return nlohmann::json::parse(done(command));
  }
  static std::vector<std::string> items(const nlohmann::json& answer) {
    std::vector<std::string> ids;
    for (const auto& item : answer.at("items")) ids.push_back(item.at("item"));
    return ids;
  }
  std::string refused(int exit_code, const std::vector<std::string>& command) const {
    const ProgramEnd end = matinee(command);
    EXPECT_EQ(end.exit_code, exit_code) << end.err;
    EXPECT_EQ(end.out, "");
    return end.err;
  }
};

TEST_F(Search, TitlesAreFoundWhateverTheirCaseAccentsAndArticles) {
  done({"train", "job.json"});
  EXPECT_THAT(items(found("postino, il")), ElementsAre("1"));
  EXPECT_THAT(items(found("IL POSTINO")), ElementsAre("1"));
  EXPECT_THAT(items(found("amelie")), ElementsAre("2"));
  EXPECT_THAT(items(found("D’AMÉLIE")), ElementsAre("2"));
  EXPECT_THAT(items(found("schindler")), ElementsAre("5"));
  EXPECT_THAT(items(found("it")), ElementsAre("6")) << "stop words are words";
  EXPECT_THAT(items(found("george lucas")), ElementsAre("3"));
  EXPECT_THAT(items(found("star wars")), ElementsAre("3", "4"));
  EXPECT_THAT(items(found("sabrina 1995")).front(), "8");
  EXPECT_THAT(items(found("sabrina 1954")).front(), "7");
  EXPECT_EQ(items(found("the", {"--top", "3"})).size(), 3U);
  EXPECT_EQ(items(found("the", {"--top", "1000"})).size(), 22U);
  EXPECT_THAT(done({"search", "runs", "--query", "star"}),
              AllOf(HasSubstr("query \"star\", 2 found\n"), HasSubstr("Star Wars (1977)")));
}

TEST_F(Search, WordsThatNothingHasAreToldWithWhatWasPerhapsMeant) {
  done({"train", "job.json"});
  const ProgramEnd end = matinee({"search", "runs", "--query", "starr wras"});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_THAT(end.err, AllOf(HasSubstr("no title and no director has the word \"starr\"; did you mean \"star\"?"),
                             HasSubstr("\"wras\"; did you mean \"wars\"?")));
  EXPECT_THAT(end.out, HasSubstr("0 found"));
  const auto answer = found("star qqqqqq");
  EXPECT_EQ(answer.at("unknown_words"), nlohmann::json::parse(R"([{"word": "qqqqqq"}])"));
  EXPECT_EQ(found("starr").at("unknown_words")[0].at("did_you_mean"), "star");
  EXPECT_EQ(items(answer).size(), 2U);
}

TEST_F(Search, AUsersTasteOrdersWhatIsFound) {
  done({"train", "job.json"});
  const auto plain = found("film the", {"--top", "30"});
  const auto personal = found("film the", {"--top", "30", "--user", "3", "--personal", "1"});
  EXPECT_EQ(personal.at("model"), "mf");
  EXPECT_EQ(personal.at("personal"), 1.0);
  EXPECT_NE(items(plain), items(personal));
  EXPECT_THAT(items(personal), testing::UnorderedElementsAreArray(items(plain)));
  EXPECT_EQ(items(found("film the", {"--top", "30", "--user", "3", "--personal", "0"})), items(plain));
  EXPECT_EQ(found("film", {"--user", "3"}).at("personal"), 0.3);
  double before = 1;
  for (const auto& item : personal.at("items")) {
    EXPECT_LE(item.at("score"), before);
    before = item.at("score");
  }
  EXPECT_THAT(done({"search", "runs", "--query", "star", "--user", "3", "--model", "mf"}),
              HasSubstr("query \"star\", user 3, model mf, personal 0.3, 2 found\n"));
}

TEST_F(Search, QuestionsWithoutAnAnswerAreRefused) {
  done({"train", "job.json"});
  for (const char* query : {"", " ", "…!?"}) {
    EXPECT_THAT(refused(kConfig, {"search", "runs", "--query", query}), HasSubstr("has no words"));
  }
  EXPECT_THAT(refused(kConfig, {"search", "runs", "--query", "\xff"}), HasSubstr("not UTF-8"));
  EXPECT_THAT(refused(kConfig, {"search", "runs", "--query", "star", "--user", "nobody"}),
              AllOf(HasSubstr("user \"nobody\" is not in the training data"), HasSubstr("ids/users.tsv")));
  EXPECT_THAT(refused(kConfig, {"search", "runs", "--query", "star", "--user", "3", "--model", "cf"}),
              AllOf(HasSubstr("model \"cf\" (item_similarity) has no vectors"), HasSubstr("seq2seq, mf, pmf or ials")));
  EXPECT_THAT(refused(kConfig, {"search", "runs", "--query", "star", "--user", "3", "--model", "nothing"}),
              HasSubstr("no model \"nothing\""));
  EXPECT_THAT(refused(kConfig, {"search", "runs", "--query", "star", "--personal", "0.5"}), HasSubstr("--user"));
  EXPECT_THAT(refused(kConfig, {"search", "runs", "--query", "star", "--user", "3", "--personal", "1.5"}),
              HasSubstr("--personal"));
}

TEST_F(Search, ARunWithoutVectorsSearchesForAllAlike) {
  write("job.json", job(R"("popular": {"type": "most_popular"})"));
  done({"train", "job.json"});
  EXPECT_THAT(items(found("wars")), ElementsAre("3"));
  EXPECT_THAT(refused(kConfig, {"search", "runs", "--query", "star", "--user", "3"}),
              AllOf(HasSubstr("no model of this run has vectors"), HasSubstr("search without --user")));
}

TEST_F(Search, ARunWithoutTitlesSaysSo) {
  fs::remove(at("good/movies.csv"));
  fs::remove(at("good/directors.csv"));
  done({"train", "job.json"});
  EXPECT_THAT(refused(kConfig, {"search", "runs", "--query", "star"}), HasSubstr("no item of this run has a title"));
  EXPECT_THAT(read_text(at("runs/current/metrics.json")), Not(HasSubstr("\"search\"")));
  write("job.json", R"({"dataset": {"format": "synthetic"}, "models": {"p": {"type": "most_popular"}},
                        "output": {"directory": "made"}})");
  done({"train", "job.json"});
  EXPECT_THAT(refused(kConfig, {"search", "made", "--query", "star"}), HasSubstr("no index of titles"));
}

TEST_F(Search, InterestVectorsComeFirst) {
  write("job.json", job(R"("mf": {"type": "mf", "factors": 4, "epochs": 3},
                           "taste": {"type": "seq2seq", "dimensions": 6, "layers": 1, "units": 8, "epochs": 2,
                                     "batch": 8, "most_tokens": 8, "measured_texts": 5})",
                        R"(, "search": {"personal": 0.6})"));
  done({"train", "job.json", "--device", "cpu"});
  EXPECT_EQ(found("film", {"--user", "3"}).at("model"), "taste");
  EXPECT_EQ(found("film", {"--user", "3"}).at("personal"), 0.6);
  EXPECT_EQ(found("film", {"--user", "3", "--model", "mf"}).at("model"), "mf");
  EXPECT_THAT(read_text(at("runs/current/report.md")), HasSubstr("BM25 and taste (model taste, personal 0.6)"));
}

TEST_F(Search, QualityIsReportedUnderItsProtocolAndMeasuredAgain) {
  done({"train", "job.json"});
  const std::string metrics = read_text(at("runs/current/metrics.json"));
  const auto search = nlohmann::json::parse(metrics).at("search").at("evaluations");
  ASSERT_EQ(search.size(), 2U);
  EXPECT_EQ(search[0].at("protocol").at("ranking"), "BM25");
  EXPECT_EQ(search[1].at("protocol").at("model"), "mf");
  for (const auto& evaluation : search) {
    EXPECT_EQ(evaluation.at("protocol").at("queries"), 39);
    for (const char* metric : {"mrr", "ndcg@10"}) {
      EXPECT_GT(evaluation.at("metrics").at(metric), 0);
      EXPECT_LE(evaluation.at("metrics").at(metric), 1);
    }
  }
  EXPECT_THAT(read_text(at("runs/current/report.md")),
              AllOf(HasSubstr("## Search"), HasSubstr("MRR"), HasSubstr("one random word of the held-out title")));
  EXPECT_THAT(read_text(at("runs/current/report.html")),
              AllOf(HasSubstr("<h2 id=\"search\">Search</h2>"), HasSubstr("BM25 and taste (model mf, personal 0.3)")));
  EXPECT_EQ(xml_problem(read_text(at("runs/current/report.html"))), "");
  EXPECT_EQ(done({"evaluate", "runs", "--format", "json"}), metrics);
}

TEST_F(Search, TheIndexIsAStageThatIsReusedAndHashed) {
  done({"train", "job.json"});
  const std::string index = read_text(at("runs/current/search/index.safetensors"));
  done({"train", "job.json", "--set", "search.personal=0.5"});
  for (const auto& [stage, was_reused] : reused("runs/current")) {
    EXPECT_EQ(was_reused, stage != "search quality") << stage;
  }
  EXPECT_EQ(read_text(at("runs/current/search/index.safetensors")), index);
  EXPECT_THAT(read_text(at("runs/current/manifest.json")), HasSubstr("search/index.safetensors"));
  EXPECT_THAT(refused(kConfig, {"validate", "job.json", "--set", "search.model=cf"}),
              AllOf(HasSubstr("/search/model"), HasSubstr("has no vectors of users and items")));
  EXPECT_THAT(refused(kConfig, {"validate", "job.json", "--set", "search.model=mff"}),
              HasSubstr("did you mean \"mf\"?"));

  const fs::path file = at("runs/current/search/index.safetensors");
  std::string changed = index;
  changed[changed.size() - 20] = static_cast<char>(changed[changed.size() - 20] ^ 1);
  fs::remove(file);
  write_text(file, changed);
  EXPECT_THAT(refused(kArtifact, {"search", "runs", "--query", "star"}),
              AllOf(HasSubstr("search/index.safetensors"), HasSubstr("sha256"), HasSubstr("rollback")));
  EXPECT_THAT(refused(kArtifact, {"verify", "runs"}), HasSubstr("search/index.safetensors"));
}

}  // namespace
}  // namespace matinee::test
