// What a job file says of text, and of models that recommend nothing.
#include <gmock/gmock.h>

#include "host/run/job_texts.h"
#include "tests/host/config/job_files.h"
#include "tests/support/text_files.h"

namespace matinee::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string words_job(const std::string& text, const std::string& more = "", const std::string& format = "none") {
  return R"({"dataset": {"format": ")" + format + R"("}, "models": {"w": {"type": "skip_gram", "text": {)" + text +
         "}}}" + more + "}";
}

TEST(TextParameters, AFileNeedsAPathAndTitlesHaveNone) {
  EXPECT_THAT(errors_of(words_job(R"("source": "file", "path": "t.txt")")), IsEmpty());
  EXPECT_THAT(errors_of(words_job(R"("source": "file")")), ElementsAre(HasSubstr("/models/w/text/path: is needed")));
  EXPECT_THAT(errors_of(words_job(R"("path": "t.txt")", "", "synthetic")),
              testing::Contains(HasSubstr("/models/w/text/path: has no effect")));
  EXPECT_THAT(errors_of(words_job(R"("sourse": "file")")),
              testing::Contains(testing::AllOf(HasSubstr("/models/w/text/sourse"), HasSubstr("did you mean"))));
  EXPECT_THAT(errors_of(words_job(R"("source": "book", "path": "t")")),
              ElementsAre(HasSubstr("/models/w/text/source")));
}

TEST(TextParameters, ThereAreNoTitlesWithoutADataset) {
  for (const char* format : {"none", "synthetic"}) {
    EXPECT_THAT(
        errors_of(words_job("", "", format)),
        ElementsAre(testing::AllOf(HasSubstr("/models/w/text/source: there are no titles"), HasSubstr(format))));
  }
}

TEST(TextParameters, WithoutRatingsNothingLearnsFromThemOrHoldsThemOut) {
  EXPECT_THAT(errors_of(R"({"dataset": {"format": "none"}, "models": {"p": {"type": "most_popular"}}})"),
              ElementsAre(HasSubstr("/models/p/type: a model of type \"most_popular\" learns from ratings")));
  EXPECT_THAT(errors_of(R"({"dataset": {"format": "none", "split": {"kind": "random"}}, "models": {"w": {"type":
              "skip_gram", "text": {"source": "file", "path": "t"}}}})"),
              ElementsAre(HasSubstr("/dataset/split/kind: there are no ratings to hold out")));
}

TEST(TextParameters, ModelsOfWordsHaveNoMetrics) {
  const std::string models =
      R"("w": {"type": "skip_gram", "text": {"source": "file", "path": "t"}}, "r": {"type": "random"})";
  EXPECT_THAT(errors_of(job_text(models)), IsEmpty());
  EXPECT_THAT(errors_of(job_text(models, R"(, "evaluate": {"models": ["w"]})")),
              ElementsAre(HasSubstr("/evaluate/models/0: \"w\" recommends nothing")));
  EXPECT_THAT(errors_of(job_text(models, R"(, "output": {"gate": {"model": "w"}})")),
              ElementsAre(HasSubstr("/output/gate/model: \"w\" recommends nothing")));
}

TEST(TextParameters, FastTrainingIsAllowedWhereTheJobSaysSo) {
  const std::string models = R"("w": {"type": "skip_gram", "mode": "fast", "text": {"source": "file", "path": "t"}})";
  EXPECT_THAT(errors_of(job_text(models)), ElementsAre(HasSubstr("/models/w: can differ from run to run")));
  EXPECT_THAT(errors_of(job_text(models, R"(, "deterministic": false)")), IsEmpty());
}

TEST(JobTexts, ModelsWithEqualOptionsShareOne) {
  const std::string text = R"("text": {"source": "file", "path": "t.txt"})";
  const JobFile file(
      job_text(R"("a": {"type": "skip_gram", )" + text + R"(}, "b": {"type": "skip_gram", )" + text +
               R"(}, "c": {"type": "skip_gram", "text": {"source": "file", "path": "t.txt", "min_count": 2}},
                              "r": {"type": "random"})"));
  test::write_text(file.folder() / "t.txt", "star wars\nstar trek\n");
  const Job job = file.parse();
  const auto texts = job_texts(job);
  ASSERT_EQ(texts.size(), 2);
  EXPECT_EQ(texts[0].name, "a");
  EXPECT_EQ(texts[1].name, "c");
  EXPECT_EQ(text_of(texts, *job.models[1].model), &texts[0]);
  EXPECT_EQ(text_of(texts, *job.models[3].model), nullptr);
  const engine::DataShape shape = shape_for({7, 8, 9}, &texts[0]);
  EXPECT_EQ(shape.users, 7);
  EXPECT_EQ(shape.documents, 2);
  EXPECT_EQ(shape.words, 4);
  EXPECT_EQ(shape.vocabulary, 3);
}

}  // namespace
}  // namespace matinee::host
