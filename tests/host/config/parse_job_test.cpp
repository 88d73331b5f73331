#include "host/config/parse_job.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "host/config/json.h"
#include "tests/host/config/job_files.h"

namespace matinee::host {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kFullJob = R"({
  "$schema": "schema.json", "schema_version": 1, "name": "demo-1.b", "seed": 7, "device": "cuda:1",
  "deterministic": true, "threads": 2,
  "dataset": { "format": "movielens_csv", "path": "../datasets/small", "positive_from": 4.0,
               "split": { "kind": "leave_last_out" } },
  "models": { "z": { "type": "mf", "factors": 16, "learning_rate": 0.02, "initial": "b" },
              "b": { "type": "mf", "factors": 16 }, "popular": { "type": "most_popular" } },
  "evaluate": { "top_n": [5, 10], "models": ["z", "popular"], "metrics": ["precision", "ndcg", "rmse"],
                "sampled_negatives": 99,
                "claims": [ { "model": "z", "metric": "ndcg", "value": 0.4, "source": "a paper" },
                            { "model": "z", "metric": "rmse", "candidates": "ratings", "value": 0.9 } ] },
  "output": { "directory": "runs", "keep": 3,
              "gate": { "model": "z", "metric": "ndcg", "candidates": "sampled", "max_drop": 0.02 } },
  "warm_start": { "run": "runs/current", "required": false },
  "limits": { "host_memory": 4, "checkpoint_seconds": 10 } })";

TEST(ParseJob, ReadsAWholeJob) {
  const JobFile file(kFullJob);
  const Job job = file.parse();
  EXPECT_EQ(job.path, file.path());
  EXPECT_EQ(job.name, "demo-1.b");
  EXPECT_EQ(job.seed, 7U);
  EXPECT_EQ(job.device, "cuda:1");
  EXPECT_EQ(job.threads, 2);
  EXPECT_EQ(job.dataset.path, (file.folder().parent_path() / "datasets/small").string());
  EXPECT_EQ(job.dataset.split.kind, SplitKind::kLeaveLastOut);
  EXPECT_EQ(job.evaluate.options.positive_from, 4.0);
  EXPECT_THAT(job.evaluate.options.top_n, ElementsAre(5, 10));
  EXPECT_THAT(job.evaluate.models, ElementsAre("z", "popular"));
  EXPECT_EQ(job.output.directory, (file.folder() / "runs").string());
  EXPECT_EQ(job.output.keep, 3);
  EXPECT_EQ(job.warm_start.run, (file.folder() / "runs/current").string());
  EXPECT_FALSE(job.warm_start.required);
  EXPECT_EQ(job.limits.host_memory_gib, 4.0);
  EXPECT_EQ(job.limits.checkpoint_seconds, 10.0);
}

TEST(ParseJob, ModelsStandInTheOrderOfTheFileWithTheirReferences) {
  const Job job = JobFile(kFullJob).parse();
  ASSERT_EQ(job.models.size(), 3U);
  EXPECT_EQ(job.models[0].name, "z");
  EXPECT_EQ(job.models[0].model->type(), "mf");
  EXPECT_EQ(job.models[0].initial, "b");
  EXPECT_THAT(job.models[0].references, ElementsAre("b"));
  EXPECT_EQ(job.models[1].name, "b");
  EXPECT_THAT(job.models[1].references, IsEmpty());
  const Json resolved = Json::parse(job.models[0].resolved);
  EXPECT_EQ(resolved["type"], "mf");
  EXPECT_EQ(resolved["factors"], 16);
  EXPECT_THAT(job.models[0].resolved, HasSubstr("\"learning_rate\":0.02"));
}

TEST(ParseJob, AMetricWithoutLengthMeansTheFirstTopN) {
  const Job job = JobFile(kFullJob).parse();
  EXPECT_EQ(job.output.gate.metric, "ndcg@5");
  EXPECT_EQ(job.evaluate.claims[0].metric, "ndcg@5");
  EXPECT_EQ(job.evaluate.claims[1].metric, "rmse");
}

TEST(ParseJob, TheResolvedJobReadsBackAsTheSameJob) {
  for (const std::string& text : {std::string(kFullJob), job_text()}) {
    const Job first = JobFile(text).parse();
    const Job second = JobFile(first.resolved).parse();
    EXPECT_EQ(first.resolved, second.resolved);
    EXPECT_EQ(first.dataset_resolved, second.dataset_resolved);
    EXPECT_EQ(first.evaluate_resolved, second.evaluate_resolved);
    ASSERT_EQ(first.models.size(), second.models.size());
    for (std::size_t model = 0; model < first.models.size(); ++model) {
      EXPECT_EQ(first.models[model].resolved, second.models[model].resolved);
    }
  }
}

TEST(ParseJob, TheResolvedJobHasEveryDefaultInTheOrderOfDeclaration) {
  const Json resolved = Json::parse(JobFile(job_text()).parse().resolved);
  std::vector<std::string> keys;
  for (const auto& member : resolved.items()) keys.push_back(member.key());
  EXPECT_THAT(keys, ElementsAre("schema_version", "name", "notes", "seed", "device", "deterministic", "threads",
                                "dataset", "models", "evaluate", "search", "output", "warm_start", "limits"));
  EXPECT_EQ(resolved["seed"], 42);
  EXPECT_EQ(resolved["output"]["gate"]["max_drop"].dump(), "0.02");
  EXPECT_EQ(resolved["dataset"]["split"]["test_share"].dump(), "0.2");
}

TEST(ParseJob, FingerprintsOfTheDatasetDoNotDependOnWhereItLies) {
  const JobFile file(kFullJob);
  const Job here = file.parse();
  const Job there = file.parse(settings({"dataset.path=/elsewhere"}));
  EXPECT_NE(here.resolved, there.resolved);
  EXPECT_EQ(here.dataset_resolved, there.dataset_resolved);
  EXPECT_NE(here.dataset_resolved, file.parse(settings({"dataset.rating_max=4.5"})).dataset_resolved);
}

TEST(ParseJob, FingerprintsOfTheEvaluationDependOnWhatIsMeasuredOnly) {
  const JobFile file(kFullJob);
  const Job job = file.parse();
  EXPECT_EQ(job.evaluate_resolved, file.parse(settings({"evaluate.claims=[]"})).evaluate_resolved);
  EXPECT_EQ(job.evaluate_resolved, file.parse(settings({"evaluate.models=[]"})).evaluate_resolved);
  EXPECT_NE(job.evaluate_resolved, file.parse(settings({"evaluate.top_n=[5, 20]"})).evaluate_resolved);
  const Job stricter = file.parse(settings({"dataset.positive_from=3"}));
  EXPECT_NE(job.evaluate_resolved, stricter.evaluate_resolved);
  EXPECT_EQ(job.dataset_resolved, stricter.dataset_resolved) << "no split and no model depends on it";
}

TEST(ParseJob, TellsAllErrorsAtOnceInTheOrderOfTheFile) {
  EXPECT_THAT(
      errors_of(R"({
    "schema_version": 2, "name": "a/b", "sede": 1, "device": "gpu",
    "dataset": { "format": "movielens_cvs", "path": "x", "split": { "kind": "none", "kind": "random" } },
    "models": { "pmf": { "type": "pmf", "factor": 5, "epochs": 0 }, "q": { "type": "mff" }, "r s": { "type": "random" } },
    "evaluate": { "models": ["pmg"] } })"),
      ElementsAre("job.json: /schema_version: 2 is out of range: expected 1",
                  "job.json: /name: must be 1 to 64 letters, digits, '-', '_' and '.', not beginning with a dot",
                  "job.json: /sede: unknown key; did you mean \"seed\"?",
                  "job.json: /device: \"gpu\" is no device: must be auto, cpu, cuda or cuda:N",
                  "job.json: /dataset/format: unknown value \"movielens_cvs\"; did you mean \"movielens_csv\"?",
                  "job.json: /dataset/split/kind: duplicate key, on lines 3 and 3",
                  "job.json: /models/pmf/factor: unknown key; did you mean \"factors\"?",
                  "job.json: /models/pmf/epochs: 0 is out of range: expected 1 to 100000 epochs",
                  StartsWith("job.json: /models/q/type: unknown type \"mff\"; did you mean \"mf\"?"),
                  "job.json: /models/r s: the name of a model is 1 to 64 letters, digits, '-' and '_'",
                  "job.json: /evaluate/models/0: no model \"pmg\" in this job; did you mean \"pmf\"?"));
}

TEST(ParseJob, AKeyInTheWrongGroupIsToldWhereItBelongs) {
  EXPECT_THAT(errors_of(job_text(R"("a": {"type": "random"})", R"(, "top_n": 5)")),
              ElementsAre("job.json: /top_n: unknown key; did you mean /evaluate/top_n?"));
}

TEST(ParseJob, WhatAJobCannotDoWithoutIsMissed) {
  EXPECT_THAT(errors_of("{}"), ElementsAre("job.json: /dataset: is missing: say what is read",
                                           "job.json: /models: is missing: a job has at least one model"));
  EXPECT_THAT(errors_of(R"({"dataset": {}, "models": {}})"),
              ElementsAre(StartsWith("job.json: /dataset/path: is needed"),
                          "job.json: /models: is empty: a job has at least one model"));
  EXPECT_THAT(errors_of(job_text(R"("a": {})")),
              ElementsAre(StartsWith("job.json: /models/a/type: is missing; known: ")));
}

TEST(ParseJob, GroupsOfAWrongTypeAreErrors) {
  EXPECT_THAT(errors_of(R"({"dataset": [], "models": 5, "evaluate": "x"})"),
              ElementsAre("job.json: /dataset: expected a group {…}, found a list",
                          "job.json: /models: expected a group {…} of models, found 5",
                          "job.json: /evaluate: expected a group {…}, found \"x\""));
  EXPECT_THAT(errors_of(job_text(R"("a": "mf")")),
              ElementsAre("job.json: /models/a: expected a group {…}, found \"mf\""));
}

TEST(ParseJob, DuplicateKeysAreErrorsWhereverTheyStand) {
  EXPECT_THAT(errors_of("{\"seed\": 1,\n\"dataset\": {\"format\": \"synthetic\"},\n\"models\": {\"a\": {\"type\": "
                        "\"random\"},\n\"a\": {\"type\": \"random\"}},\n\"seed\": 2}"),
              ElementsAre("job.json: /seed: duplicate key, on lines 1 and 5",
                          "job.json: /models/a: duplicate key, on lines 3 and 4"));
}

TEST(ParseJob, GatesAndClaimsAreCheckedAgainstWhatIsMeasured) {
  const std::string models = R"("a": {"type": "mf"}, "b": {"type": "random"})";
  const auto gate = [&](const std::string& members, const std::string& evaluate = "{}") {
    return errors_of(job_text(models, R"(, "evaluate": )" + evaluate + R"(, "output": {"gate": {)" + members + "}}"));
  };
  EXPECT_THAT(gate(R"("model": "a")"), IsEmpty());
  EXPECT_THAT(gate(R"("model": "a", "metric": "rmse", "candidates": "ratings")"), IsEmpty());
  EXPECT_THAT(gate(R"("model": "a", "metric": "precision_macro")"), IsEmpty());
  EXPECT_THAT(gate(R"("model": "c")"),
              ElementsAre("job.json: /output/gate/model: no model \"c\" in this job; known: a, b"));
  EXPECT_THAT(gate(R"("model": "a")", R"({"models": ["b"]})"),
              ElementsAre("job.json: /output/gate/model: \"a\" is not evaluated; add it to evaluate.models"));
  EXPECT_THAT(
      gate(R"("model": "a", "metric": "ndgc")"),
      ElementsAre("job.json: /output/gate/metric: \"ndgc@10\" is not measured by this job; did you mean \"ndcg@10\"?"));
  EXPECT_THAT(
      gate(R"("model": "a", "metric": "ndcg@10")", R"({"top_n": 5})"),
      ElementsAre("job.json: /output/gate/metric: \"ndcg@10\" is not measured by this job; did you mean \"ndcg@5\"?"));
  EXPECT_THAT(gate(R"("model": "a", "metric": "rmse")"),
              ElementsAre("job.json: /output/gate/candidates: rmse is measured on \"ratings\" only"));
  EXPECT_THAT(gate(R"("model": "b", "metric": "rmse", "candidates": "ratings")"),
              ElementsAre("job.json: /output/gate/model: \"b\" predicts no ratings: it has no rmse"));
  EXPECT_THAT(gate(R"("model": "a", "metric": "recall", "candidates": "sampled")"),
              ElementsAre("job.json: /output/gate/candidates: recall@10 is measured on \"all\" only"));
  EXPECT_THAT(gate(R"("model": "a", "candidates": "sampled")"),
              ElementsAre(StartsWith("job.json: /output/gate/candidates: nothing is sampled by this job")));
  EXPECT_THAT(gate(R"("model": "a", "candidates": "sampled")", R"({"sampled_negatives": 99})"), IsEmpty());
}

TEST(ParseJob, GatesAndClaimsHaveTheNamesThatAreMeasured) {
  const auto gate = [](const std::string& metric, const std::string& evaluate) {
    return JobFile(job_text(
        R"("a": {"type": "random"})",
        R"(, "evaluate": {)" + evaluate + R"(}, "output": {"gate": {"model": "a", "metric": ")" + metric + "\"}}"));
  };
  const std::string log = R"("novelty": "log_popularity")";
  for (const char* metric : {"novelty", "novelty@10", "novelty_log_popularity", "novelty_log_popularity@10"}) {
    EXPECT_EQ(gate(metric, log).parse().output.gate.metric, "novelty_log_popularity@10");
  }
  EXPECT_EQ(gate("novelty", "").parse().output.gate.metric, "novelty@10");
  EXPECT_THAT(gate("novelty_log_popularity", "").errors(),
              ElementsAre(HasSubstr("\"novelty_log_popularity@10\" is not measured by this job")));
  EXPECT_THAT(gate("ils", R"("metrics": ["ndcg", "ils"], "top_n": 1)").errors(),
              ElementsAre(HasSubstr("/output/gate/metric: \"ils@1\" is not measured by this job")));
  EXPECT_THAT(gate("ils", R"("metrics": ["ndcg", "ils"], "top_n": 2)").errors(), IsEmpty());
}

TEST(ParseJob, ModelsStartFromModelsOfTheirKindOnly) {
  EXPECT_THAT(
      errors_of(job_text(R"("a": {"type": "mf", "factors": 8}, "b": {"type": "pmf", "factors": 16, "initial": "a"},
        "c": {"type": "item_similarity", "initial": "a"}, "d": {"type": "random", "initial": "a"},
        "e": {"type": "most_popular", "initial": "d"}, "f": {"type": "pmf", "factors": 8, "link": "logistic", "initial": "a"},
        "g": {"type": "mf", "initial": "r"}, "r": {"type": "random"}, "h": {"type": "pmf", "factors": 8, "initial": "a"}, "i": {"type": "mf", "initial": "g", "epochs": 0})")),
      ElementsAre(
          "job.json: /models/b/initial: \"b\" cannot start from \"a\": a model of 16 factors cannot start from one of "
          "8: give \"factors\": 8, or name another model",
          "job.json: /models/c/initial: a model of type \"item_similarity\" is always trained afresh: remove "
          "\"initial\"",
          "job.json: /models/d/initial: a model of type \"random\" is always trained afresh: remove \"initial\"",
          "job.json: /models/e/initial: a model of type \"most_popular\" is always trained afresh: remove \"initial\"",
          AllOf(StartsWith("job.json: /models/f/initial: "), HasSubstr("give \"link\": \"identity\"")),
          AllOf(StartsWith("job.json: /models/g/initial: "), HasSubstr("cannot start from one of type \"random\"")),
          StartsWith("job.json: /models/i/epochs: 0 is out of range")));
}

TEST(ParseJob, KeysWithoutEffectAreErrorsAndTheResolvedJobHasNone) {
  const std::string models = R"(}, "models": {"a": {"type": "random"}}})";
  EXPECT_THAT(errors_of(R"({"dataset": {"format": "movielens_csv", "path": "x", "delimiter": ";",
      "columns": {"user": "x"}, "synthetic": {"users": 5}, "split": {"kind": "random", "folds": 7, "negatives": "x"})" +
                        models),
              ElementsAre("job.json: /dataset/delimiter: has no effect where dataset.format is \"movielens_csv\", only "
                          "where it is delimited: remove it, or change format",
                          StartsWith("job.json: /dataset/columns/user: has no effect"),
                          StartsWith("job.json: /dataset/synthetic/users: has no effect"),
                          "job.json: /dataset/split/folds: has no effect where split.kind is \"random\", only where it "
                          "is k_fold: remove it, or change kind",
                          StartsWith("job.json: /dataset/split/negatives: has no effect")));
  EXPECT_THAT(
      errors_of(R"({"dataset": {"format": "csv", "delimiter": ";", "split": {"kind": "kfold", "folds": 7})" + models),
      ElementsAre(StartsWith("job.json: /dataset/format: unknown value"),
                  StartsWith("job.json: /dataset/split/kind: unknown value")))
      << "it is not known what has an effect";
  for (const char* format : {"movielens_100k", "movielens_1m", "movielens_csv", "delimited", "synthetic"}) {
    for (const char* kind : {"none", "random", "leave_last_out", "temporal", "k_fold", "files", "ncf"}) {
      const bool drawn = std::string_view(format) == "synthetic";
      const bool files = std::string_view(kind) == "files" || std::string_view(kind) == "ncf";
      if (drawn && files) continue;
      std::string split = fmt::format(R"("kind": "{}")", kind);
      if (files) split += R"(, "test": "t")";
      if (std::string_view(kind) == "ncf") split += R"(, "negatives": "n")";
      const Job job = JobFile(fmt::format(R"({{"dataset": {{"format": "{}"{}, "split": {{{}}})", format,
                                          drawn ? "" : R"(, "path": "x")", split) +
                              models)
                          .parse();
      EXPECT_EQ(JobFile(job.resolved).parse().resolved, job.resolved) << format << " " << kind;
    }
  }
}

TEST(ParseJob, TheSchemaIsNamedByText) {
  EXPECT_THAT(errors_of(job_text(R"("a": {"type": "random"})", R"(, "$schema": 5)")),
              ElementsAre("job.json: /$schema: expected text, found 5"));
}

TEST(ParseJob, AGateNeedsHeldOutRatings) {
  EXPECT_THAT(errors_of(R"({"dataset": {"format": "synthetic"}, "models": {"a": {"type": "random"}},
                            "output": {"gate": {"model": "a"}}})"),
              ElementsAre(StartsWith("job.json: /output/gate/model: nothing is measured without held-out ratings")));
}

TEST(ParseJob, ClaimsNameModelMetricAndValue) {
  EXPECT_THAT(
      errors_of(job_text(R"("a": {"type": "random"})", R"(, "evaluate": {"claims": [{}, {"model": "b",
                                     "metric": "ndcg", "value": 1}]})")),
      ElementsAre("job.json: /evaluate/claims/0/model: is missing: name the model that this number is set beside",
                  "job.json: /evaluate/claims/0/metric: is missing: name the metric, as \"ndcg@10\"",
                  "job.json: /evaluate/claims/0/value: is missing: give the published number",
                  "job.json: /evaluate/claims/1/model: no model \"b\" in this job; known: a"));
}

TEST(ParseJob, EvaluatedModelsStandOnce) {
  EXPECT_THAT(errors_of(job_text(R"("a": {"type": "random"})", R"(, "evaluate": {"models": ["a", "a"]})")),
              ElementsAre("job.json: /evaluate/models/1: \"a\" stands twice in the list"));
  EXPECT_THAT(errors_of(job_text(R"("a": {"type": "random"})", R"(, "evaluate": {"models": "c"})")),
              ElementsAre("job.json: /evaluate/models: no model \"c\" in this job; known: a"));
}

TEST(ParseJob, NamesOfJobsAndModelsArePlain) {
  for (const char* good : {"a", "A-b_9.c", "2026-01-31"}) {
    EXPECT_THAT(errors_of(job_text(), settings({std::string("name=\"") + good + "\""})), IsEmpty()) << good;
  }
  for (const std::string& bad :
       {std::string(), std::string(".."), std::string("a/b"), std::string("é"), std::string(65, 'a')}) {
    EXPECT_EQ(errors_of(job_text(), settings({"name=\"" + bad + "\""})).size(), 1U) << bad;
  }
  EXPECT_EQ(errors_of(job_text(R"("a.b": {"type": "random"})")).size(), 1U);
}

TEST(ParseJob, SyntaxErrorsNameFileLineAndColumn) {
  EXPECT_THAT(errors_of("{\n  \"seed\" 1\n}"), ElementsAre(StartsWith("job.json:2:10: ")));
  EXPECT_THAT(errors_of("{ // none\n}"), ElementsAre(HasSubstr("JSON has no comments")));
  EXPECT_THAT(errors_of("{\"limits\": {\"host_memory\": 1e999}}"), ElementsAre(HasSubstr("1e999")));
}

TEST(ParseJob, FilesThatAreNoJobsAreToldApart) {
  const JobFile file("[]");
  EXPECT_THAT(file.errors(), ElementsAre("job.json: a job file is one JSON object {…}, this is a list"));
  EXPECT_THAT(errors_of(" \n"), ElementsAre(StartsWith("job.json: is empty")));
  EXPECT_THAT(errors_of("{\"name\": \"\xE9\"}"), ElementsAre("job.json: is not UTF-8 text; save it as UTF-8"));
  EXPECT_THAT(errors_of(std::string(2 << 20, ' ')), ElementsAre(HasSubstr("is it the right file?")));
  const std::string missing = (file.folder() / "none.json").string();
  EXPECT_THAT(config_errors([&] { parse_job(missing, {}); }),
              ElementsAre(missing + ": cannot be read: No such file or directory"));
  EXPECT_THAT(config_errors([&] { parse_job(file.folder().string(), {}); }), ElementsAre(HasSubstr("is a folder")));
}

}  // namespace
}  // namespace matinee::host
