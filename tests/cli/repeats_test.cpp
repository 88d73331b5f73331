// Jobs that are repeated with other seeds, and what a job says of itself, through the command line.
#include <cmath>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"
#include "tests/support/text_files.h"
#include "tests/support/xml.h"

namespace matinee::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kModels = R"(
    "cf": {"type": "item_similarity", "neighbours": 10},
    "mf": {"type": "mf", "factors": 4, "epochs": 2},
    "taste": {"type": "seq2seq", "dimensions": 4, "layers": 1, "units": 6, "epochs": 2},
    "blend": {"type": "fusion", "collaborative": "cf", "content": "taste", "ratio": "7:1", "neighbours": 10})";

class RepeatedJob : public CommandLine {
 protected:
  RepeatedJob() {
    std::string movies = "movieId,title,genres\n";
    for (int movie = 1; movie <= 30; ++movie) movies += fmt::format("{},Story {} (1990),Drama\n", movie, movie);
    write("good/movies.csv", movies);
    write("job.json", job(kModels, R"(, "notes": ["What <was> chosen | here."], "evaluate": {
        "claims": [{"model": "cf", "metric": "ndcg@10", "value": 0.5, "source": "a paper"},
                   {"model": "taste", "metric": "train_loss", "value": 0.5, "source": "a paper"}],
        "ratio_sweeps": [{"model": "blend", "ratios": ["1:0", "1:1"]}]})"));
  }

  std::string trained(const std::string& split) const {
    done({"train", "job.json", "--set", "dataset.split.kind=" + split, "--set", "dataset.split.repeats=3"});
    return read_text(at("runs/current/metrics.json"));
  }
};

TEST_F(RepeatedJob, ReportsMeanAndStandardDeviation) {
  const auto metrics = nlohmann::json::parse(trained("random"));
  for (const auto& evaluations :
       {metrics.at("models").at("mf").at("evaluations"), metrics.at("ratio_sweeps").at("blend")[1].at("evaluations")}) {
    double sum = 0, squares = 0;
    int folds = 0;
    for (const auto& evaluation : evaluations) {
      if (evaluation.at("protocol").at("candidates") != "all") continue;
      const double value = evaluation.at("metrics").at("ndcg@10");
      if (evaluation.at("protocol").at("fold") != "pooled") {
        EXPECT_FALSE(evaluation.contains("standard_deviations"));
        ++folds;
        sum += value;
        squares += value * value;
        continue;
      }
      EXPECT_EQ(folds, 3);
      EXPECT_NEAR(evaluation.at("standard_deviations").at("ndcg@10").get<double>(),
                  std::sqrt(std::max(0.0, squares - sum * sum / 3) / 2), 1e-9);
    }
  }
  const std::string markdown = read_text(at("runs/current/report.md")),
                    html = read_text(at("runs/current/report.html"));
  EXPECT_EQ(xml_problem(html), "");
  EXPECT_THAT(markdown, AllOf(HasSubstr("Repeated 3 times, with the seeds"), HasSubstr(" \u00b1 "),
                              HasSubstr("| taste | Train loss | Training, last epoch | a paper | 0.5000 | ")));
  EXPECT_THAT(html, AllOf(HasSubstr(" \u00b1 "), HasSubstr("<th scope=\"col\">Folds</th>")));
}

TEST_F(RepeatedJob, HasTheSameNumbersAgainFromItsArtifacts) {
  trained("random");
  EXPECT_THAT(done({"evaluate", "runs", "--format", "json"}), read_text(at("runs/current/metrics.json")));
}

TEST_F(RepeatedJob, TrainsWithAnotherSeedWhereTheSplitIsTheSame) {
  trained("leave_last_out");
  const auto model = [&](int fold, const char* name) {
    return read_text(at(fmt::format("runs/current/folds/{}/{}.safetensors", fold, name)));
  };
  EXPECT_EQ(model(1, "train"), model(2, "train"));
  EXPECT_EQ(model(1, "cf"), model(2, "cf"));  // exact: no seed
  for (const char* drawn : {"mf", "blend"}) EXPECT_NE(model(1, drawn), model(2, drawn)) << drawn;
  EXPECT_NE(model(2, "taste"), model(3, "taste"));
  EXPECT_NE(model(2, "taste"), read_text(at("runs/current/models/taste/model.safetensors")));
}

TEST_F(RepeatedJob, WithOneRepeatIsTheJobOfThatSeed) {
  trained("random");
  const std::string second = read_text(at("runs/current/folds/2/mf.safetensors"));
  const auto seed = nlohmann::json::parse(read_text(at("runs/current/config.json"))).at("seed").get<int64_t>() + 1;
  done({"train", "job.json", "--set", "dataset.split.kind=random", "--set", fmt::format("seed={}", seed), "--output",
        "alone"});
  EXPECT_EQ(read_text(at("alone/current/models/mf/model.safetensors")), second);
}

TEST_F(RepeatedJob, OnlySplitsThatAreNotFoldsAlreadyCanBeRepeated) {
  for (const char* kind : {"none", "k_fold"}) {
    const ProgramEnd end = matinee({"validate", "job.json", "--set", fmt::format("dataset.split.kind={}", kind),
                                    "--set", "dataset.split.repeats=3"});
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_THAT(end.err, AllOf(HasSubstr("/dataset/split/repeats"), HasSubstr("only where it is random")));
  }
}

TEST_F(RepeatedJob, SaysFirstWhatTheJobFileSaysOfIt) {
  done({"train", "job.json"});
  const std::string markdown = read_text(at("runs/current/report.md")),
                    html = read_text(at("runs/current/report.html"));
  EXPECT_THAT(markdown, AllOf(HasSubstr("What &lt;was&gt; chosen \\| here."), Not(HasSubstr(" \u00b1 "))));
  EXPECT_LT(markdown.find("chosen"), markdown.find("## Metrics"));
  EXPECT_THAT(html, HasSubstr("<p>What &lt;was&gt; chosen | here.</p>"));
}

}  // namespace
}  // namespace matinee::test
