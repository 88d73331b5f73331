#include "engine/text/corpus.h"

#include <gmock/gmock.h>

#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

Corpus corpus_of(const std::vector<std::string>& texts, const TextOptions& options = {}) {
  CorpusBuilder builder(options);
  for (const std::string& text : texts) builder.add_document(text);
  return builder.finish("a text");
}

std::vector<std::string> words(const Corpus& corpus) {
  std::vector<std::string> found;
  for (int32_t id = Vocabulary::kSpecials; id < corpus.vocabulary.size(); ++id)
    found.push_back(corpus.vocabulary.word(id));
  return found;
}

constexpr int32_t kFirst = Vocabulary::kSpecials;

TEST(Corpus, IdsFollowFrequencyAndTiesFirstOccurrence) {
  const Corpus corpus = corpus_of({"late early often", "often rare often", "early"});
  EXPECT_THAT(words(corpus), ElementsAre("often", "early", "late", "rare"));
  EXPECT_THAT(corpus.ids, ElementsAre(kFirst + 2, kFirst + 1, kFirst, kFirst, kFirst + 3, kFirst, kFirst + 1));
  EXPECT_THAT(corpus.offsets, ElementsAre(0, 3, 6, 7));
  EXPECT_THAT(corpus.vocabulary.counts(), ElementsAre(0, 0, 0, 0, 3, 2, 1, 1));
}

TEST(Corpus, CaseTellsWordsApartAndStopWordsGoWhateverTheirs) {
  EXPECT_THAT(words(corpus_of({"The Star the star THE Don't"})), ElementsAre("Star", "star"));
  TextOptions all;
  all.drop_stop_words = false;
  EXPECT_THAT(words(corpus_of({"The star the"}, all)), ElementsAre("The", "star", "the"));
}

TEST(Corpus, RareWordsAreUnknownAndKeepTheirPlace) {
  TextOptions options;
  options.min_count = 2;
  const Corpus corpus = corpus_of({"x v x", "z", "v"}, options);
  EXPECT_THAT(words(corpus), ElementsAre("x", "v"));
  EXPECT_THAT(corpus.ids, ElementsAre(kFirst, kFirst + 1, kFirst, Vocabulary::kUnknown, kFirst + 1));
  EXPECT_EQ(corpus.vocabulary.count(Vocabulary::kUnknown), 1);
}

TEST(Corpus, TheVocabularyCanBeBounded) {
  TextOptions options;
  options.largest_vocabulary = 1;
  const Corpus corpus = corpus_of({"x v v", "z"}, options);
  EXPECT_THAT(words(corpus), ElementsAre("v"));
  EXPECT_EQ(corpus.vocabulary.count(Vocabulary::kUnknown), 2);
}

TEST(Corpus, TextsWithoutWordsAreNoDocuments) {
  const Corpus corpus = corpus_of({"", "x", "!", "the", "v"});
  EXPECT_EQ(corpus.documents(), 2);
  EXPECT_THAT(corpus.notes, testing::Contains(HasSubstr("3 texts have no words")));
}

TEST(Corpus, NoWordsAndOnlyRareWordsAreErrors) {
  EXPECT_THAT(test::error_of(ErrorKind::kInput, [] { corpus_of({}); }), HasSubstr("a text: no words in 0 texts"));
  EXPECT_THAT(test::error_of(ErrorKind::kInput,
                             [] {
                               corpus_of({"the", "of"});
                             }),
              HasSubstr("but 2 stop words (text.drop_stop_words)"));
  TextOptions options;
  options.min_count = 3;
  EXPECT_THAT(test::error_of(ErrorKind::kInput, [&] { corpus_of({"x v x"}, options); }),
              HasSubstr("the most frequent, \"x\", stands 2 times: lower text.min_count"));
}

TEST(Corpus, IsTheSameAfterSavingAndLoading) {
  const Corpus corpus = corpus_of({"Amélie x", "x", "v"});
  const test::TemporaryFolder folder;
  TensorWriter file;
  corpus.save(file);
  file.write(folder / "corpus.safetensors");
  const Corpus loaded = Corpus::load(TensorFile::read(folder / "corpus.safetensors"));
  EXPECT_EQ(words(loaded), words(corpus));
  EXPECT_EQ(loaded.ids, corpus.ids);
  EXPECT_EQ(loaded.offsets, corpus.offsets);
  EXPECT_EQ(loaded.notes, corpus.notes);
  EXPECT_EQ(loaded.vocabulary.counts(), corpus.vocabulary.counts());
  EXPECT_EQ(loaded.vocabulary.find("Amélie"), kFirst + 1);
  EXPECT_EQ(loaded.vocabulary.find("amélie"), std::nullopt);
}

TEST(Corpus, DamagedOnesAreRefused) {
  const auto load = [](Corpus corpus) {
    const test::TemporaryFolder folder;
    TensorWriter file;
    corpus.save(file);
    file.write(folder / "corpus.safetensors");
    return Corpus::load(TensorFile::read(folder / "corpus.safetensors"));
  };
  Corpus beyond = corpus_of({"x v"}), falling = corpus_of({"x v", "z"});
  beyond.ids[1] = beyond.vocabulary.size();
  falling.offsets = {0, 3, 1, 3};
  EXPECT_THAT(test::error_of(ErrorKind::kArtifact, [&] { load(std::move(beyond)); }), HasSubstr("out of range"));
  EXPECT_THAT(test::error_of(ErrorKind::kArtifact, [&] { load(std::move(falling)); }), HasSubstr("out of range"));
  Corpus unsorted = corpus_of({"x v v"});
  unsorted.vocabulary.add("z", 9);
  EXPECT_THAT(test::error_of(ErrorKind::kArtifact, [&] { load(std::move(unsorted)); }), HasSubstr("word 6"));
}

}  // namespace
}  // namespace matinee::engine
