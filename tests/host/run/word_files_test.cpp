#include "host/run/word_files.h"

#include <gmock/gmock.h>

#include "engine/artifacts/file_writer.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::host {
namespace {

using testing::HasSubstr;

class WordFiles : public testing::Test {
 protected:
  WordFiles() {
    engine::CorpusBuilder builder({});
    builder.add_document("Amélie Amélie Amélie Léon");
    builder.add_document("Léon Star");
    corpus_ = builder.finish("a text");
    numbers_ = {0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 1};
  }
  void write() {
    Context context({}, 1);
    write_word_files(folder_.path(), context, {&corpus_.vocabulary, {numbers_.data(), 7, 2, 2}}, corpus_);
  }
  engine::Corpus corpus_;
  std::vector<float> numbers_;
  test::TemporaryFolder folder_;
};

TEST_F(WordFiles, HoldWhatTheReportShows) {
  EXPECT_FALSE(has_word_files(folder_.path()));
  write();
  ASSERT_TRUE(has_word_files(folder_.path()));
  const WordsOverview words = read_words_overview(folder_.path());
  EXPECT_EQ(words.documents, 2);
  EXPECT_EQ(words.words, 6);
  EXPECT_EQ(words.vocabulary, 3);
  EXPECT_EQ(words.dimensions, 2);
  EXPECT_EQ(words.notes, corpus_.notes);
  ASSERT_EQ(words.points.size(), 3);
  EXPECT_EQ(words.points[0].word, "Amélie");
  EXPECT_EQ(words.points[0].count, 3);
  EXPECT_NEAR(words.x_share + words.y_share, 1, 1e-9);
  ASSERT_EQ(words.neighbours.size(), 3);
  EXPECT_EQ(words.neighbours[0].name, "Amélie");
  EXPECT_EQ(words.neighbours[0].nearest.at(0).first, "Léon");
  EXPECT_NEAR(words.neighbours[0].nearest.at(0).second, 0.70710678, 1e-6);
}

TEST_F(WordFiles, DamagedOnesAreRefused) {
  write();
  engine::write_file(folder_ / "words.json", "{\"documents\": 1}");
  EXPECT_THAT(test::error_of(ErrorKind::kArtifact, [&] { read_words_overview(folder_.path()); }),
              HasSubstr("words.json"));
}

}  // namespace
}  // namespace matinee::host
