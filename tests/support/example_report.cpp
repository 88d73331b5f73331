#include "tests/support/example_report.h"

namespace matinee::test {
namespace {

engine::Protocol protocol(const char* candidates) {
  return {{"candidates", std::string(candidates)}, {"ties", std::string("the held-out item loses")}};
}

host::ModelReport ranker(const char* name, double ndcg) {
  host::ModelReport model;
  model.name = name;
  model.type = "item_similarity";
  model.parameters = R"({"neighbours":100,"sampling":{"kind":"uniform"}})";
  model.evaluations.push_back(
      {protocol("all"),
       {{"ndcg@10", ndcg}, {"precision@10", ndcg / 2}, {"precision_macro@10", ndcg / 3}, {"ndcg@20", ndcg + 0.05}}});
  engine::Protocol sampled = protocol("sampled");
  sampled.emplace_back("sha256", std::string(64, 'e'));
  model.evaluations.push_back({sampled, {{"ndcg@10", ndcg + 0.2}}});
  return model;
}

host::ModelReport rater(const char* name, double rmse) {
  host::ModelReport model;
  model.name = name;
  model.type = "pmf";
  model.parameters = "{}";
  for (int64_t fold = 1; fold <= 2; ++fold) {
    model.evaluations.push_back({protocol("ratings"), {{"rmse", rmse + 0.01 * static_cast<double>(fold)}}});
    model.evaluations.back().protocol.emplace_back("fold", fold);
  }
  model.evaluations.push_back({protocol("ratings"), {{"rmse", rmse}}});
  model.evaluations.back().protocol.emplace_back("fold", std::string("pooled"));
  model.curves["train_rmse"] = {{1, rmse + 0.3}, {2, rmse + 0.1}, {3, rmse}};
  return model;
}

}  // namespace

host::RunReport example_report() {
  host::RunReport report;
  report.job_name = "<demo> & \"friends\" | 'all'";
  report.engine_version = "0.1.0";
  report.seed = 42;
  report.users = 610;
  report.items = 9724;
  report.ratings = 100836;
  report.grid = {1, 1, 5};
  report.ratings_per_level = {0, 4181, 4602, 27038, 41815, 23200};
  report.notes = {"movies.csv: titles with <b> & quotes"};
  report.split = "The latest rating of each user is tested.";
  report.models.push_back(ranker("cf", 0.25));
  report.models.push_back(ranker("blend", 0.375));
  report.models.push_back(rater("mf", 0.875));
  report.models.push_back(rater("pmf", 0.9));
  report.claims = {{"blend", "ndcg@10", "all", "a survey & its table", 0.25},
                   {"mf", "rmse", "ratings", "a library's page", 1},
                   {"cf", "hit_rate@10", "all", "a paper", 0.5}};
  report.samples = {
      {"cf", "42", {{1, "260", "Am\u00e9lie <2001> & \"Co\" | x", 4.75}, {2, "7", "", 4.5}}},
  };
  report.resolved_config = "{\n  \"name\": \"<demo> & \\\"friends\\\"\"\n}\n";
  return report;
}

}  // namespace matinee::test
