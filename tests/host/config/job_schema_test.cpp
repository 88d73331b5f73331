#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>

#include "engine/models/registry.h"
#include "host/config/json.h"
#include "host/config/parse_job.h"
#include "tests/host/config/job_files.h"
#include "tests/support/paths.h"

namespace matinee::host {
namespace {

using testing::HasSubstr;

std::string committed(const std::string& name) {
  std::ifstream file(test::source_folder() / "configs" / name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Every group of a resolved job must be an object of the schema with exactly these keys.
void expect_same_keys(const Json& schema, const Json& resolved, const std::string& pointer) {
  if (!schema.contains("properties")) return;
  EXPECT_EQ(schema["additionalProperties"], false) << pointer;
  for (const auto& member : resolved.items()) {
    ASSERT_TRUE(schema["properties"].contains(member.key())) << pointer << "/" << member.key();
    const Json& property = schema["properties"][member.key()];
    EXPECT_TRUE(property.contains("description") || property.contains("const")) << pointer << "/" << member.key();
    if (member.value().is_object()) expect_same_keys(property, member.value(), pointer + "/" + member.key());
  }
}

TEST(JobSchema, TheCommittedFileIsWhatTheDeclarationsSay) {
  EXPECT_TRUE(committed("schema.json") == job_schema())
      << "parameters have changed; run `matinee schema > configs/schema.json`";
}

TEST(JobReference, TheCommittedPageIsWhatTheDeclarationsSay) {
  EXPECT_TRUE(committed("REFERENCE.md") == job_reference())
      << "parameters have changed; run `matinee schema --format markdown > configs/REFERENCE.md`";
}

TEST(JobSchema, HasEveryKeyOfTheResolvedJob) {
  const Json schema = Json::parse(job_schema());
  const Json resolved = Json::parse(JobFile(job_text()).parse().resolved);
  expect_same_keys(schema, resolved, "");
  for (const engine::ModelType& type : engine::model_types()) {
    const std::string name(type.name);
    const std::map<std::string, std::string> needs = {
        {"fusion", R"(", "collaborative": "cf", "content": "cf)"},
        {"candidates", R"(", "collaborative": "cf)"},
        {"ranker", R"(", "candidates": "pool", "model": "cf)"},
    };
    const std::string needed = needs.contains(name) ? needs.at(name) : "";
    const Job job = JobFile(R"({"dataset": {"format": "movielens_csv", "path": "data"}, "models": {"a": {"type": ")" +
                            name + needed + R"("}, "cf": {"type": "item_similarity"},
                               "pool": {"type": "candidates", "collaborative": "cf"}}})")
                        .parse();
    expect_same_keys(schema["$defs"][name], Json::parse(job.models[0].resolved), "/models/" + name);
  }
}

TEST(JobSchema, SaysTypesRangesChoicesAndDefaults) {
  const Json schema = Json::parse(job_schema());
  const Json& factors = schema["$defs"]["mf"]["properties"]["factors"];
  EXPECT_EQ(factors["type"], "integer");
  EXPECT_EQ(factors["minimum"], 1);
  EXPECT_EQ(schema["$defs"]["mf"]["properties"]["learning_rate"]["exclusiveMinimum"], 0.0);
  EXPECT_EQ(schema["$defs"]["mf"]["properties"]["type"]["const"], "mf");
  const Json& dataset = schema["properties"]["dataset"]["properties"];
  EXPECT_EQ(dataset["format"]["enum"][0], "movielens_100k");
  EXPECT_EQ(dataset["format"]["default"], "movielens_csv");
  EXPECT_EQ(dataset["positive_from"]["type"].dump(), R"(["number","null"])");
  EXPECT_THAT(schema["properties"]["limits"]["properties"]["host_memory"]["description"].get<std::string>(),
              HasSubstr("Unit: GiB."));
  EXPECT_EQ(schema["properties"]["evaluate"]["properties"]["top_n"]["anyOf"].size(), 2U);
}

TEST(JobReference, HasARowForEveryKeyAndASectionForEveryType) {
  const std::string page = job_reference();
  EXPECT_THAT(page, HasSubstr("## `dataset.split`\n"));
  EXPECT_THAT(page, HasSubstr("## `evaluate.claims.N`\n"));
  EXPECT_THAT(page, HasSubstr("| `host_memory` | number or null | none | above 0, at most 1000000 GiB |"));
  for (const engine::ModelType& type : engine::model_types()) {
    EXPECT_THAT(page, HasSubstr(std::string(type.sentence)));
    EXPECT_THAT(page, HasSubstr(", type `" + std::string(type.name) + "`\n"));
  }
}

}  // namespace
}  // namespace matinee::host
