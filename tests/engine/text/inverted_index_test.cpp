#include "engine/text/inverted_index.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>

#include "tests/support/random_words.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Documents = std::vector<std::vector<std::string>>;

TEST(InvertedIndex, FindsEveryWordOfEveryDocumentAndHowOftenItHasIt) {
  for (const int64_t documents : {0, 1, 31, 33, 131}) {
    const Documents all = test::random_documents(documents, 40, 9);
    const InvertedIndex index = InvertedIndex::of(all);
    std::set<std::string> words;
    for (std::size_t document = 0; document < all.size(); ++document) {
      EXPECT_EQ(index.length(static_cast<int32_t>(document)), static_cast<int32_t>(all[document].size()));
      words.insert(all[document].begin(), all[document].end());
    }
    ASSERT_EQ(index.words(), static_cast<int64_t>(words.size()));
    for (const std::string& word : words) {
      const auto number = index.find(word);
      ASSERT_TRUE(number) << word;
      EXPECT_EQ(index.word(*number), word);
      std::vector<int32_t> holders, counts;
      for (std::size_t document = 0; document < all.size(); ++document) {
        const auto count = std::ranges::count(all[document], word);
        if (count == 0) continue;
        holders.push_back(static_cast<int32_t>(document));
        counts.push_back(static_cast<int32_t>(count));
      }
      EXPECT_THAT(index.documents_of(*number), testing::ElementsAreArray(holders));
      EXPECT_THAT(index.counts_of(*number), testing::ElementsAreArray(counts));
    }
    for (const char* absent : {"", "!", "~", "never"}) EXPECT_FALSE(index.find(absent)) << absent;
  }
}

TEST(InvertedIndex, MeasuresDocumentsThatHaveWords) {
  const InvertedIndex index = InvertedIndex::of(Documents{{"a", "b", "a"}, {}, {"b"}});
  EXPECT_EQ(index.documents(), 3);
  EXPECT_EQ(index.documents_with_words(), 2);
  EXPECT_EQ(index.mean_length(), 2);
  EXPECT_EQ(InvertedIndex::of(Documents{{}, {}}).mean_length(), 0);
}

class InvertedIndexFile : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "index.safetensors"; }
  std::string saved(const InvertedIndex& index) const {
    TensorWriter file;
    index.save(file);
    file.write(path());
    return test::read_text(path());
  }
  InvertedIndex loaded() const { return InvertedIndex::load(TensorFile::read(path())); }

  test::TemporaryFolder folder_;
};

TEST_F(InvertedIndexFile, IsReadBackAsItWasAndWrittenWithTheSameBytes) {
  const Documents all = test::random_documents(50, 60, 7);
  const std::string bytes = saved(InvertedIndex::of(all));
  const InvertedIndex read = loaded();
  std::filesystem::remove(path());  // what is mapped stays
  const InvertedIndex again = InvertedIndex::of(all);
  ASSERT_EQ(read.words(), again.words());
  for (int64_t word = 0; word < read.words(); ++word) {
    EXPECT_EQ(read.word(word), again.word(word));
    EXPECT_TRUE(std::ranges::equal(read.documents_of(word), again.documents_of(word)));
    EXPECT_TRUE(std::ranges::equal(read.counts_of(word), again.counts_of(word)));
  }
  EXPECT_EQ(read.mean_length(), again.mean_length());
  EXPECT_EQ(saved(read), bytes);
  EXPECT_EQ(saved(InvertedIndex::of(Documents{})).empty(), false);
  EXPECT_EQ(loaded().words(), 0);
}

TEST_F(InvertedIndexFile, WhatIsNoIndexIsRefused) {
  const std::vector<uint8_t> text = {'a', 'b'};
  const std::vector<int64_t> words = {0, 1, 2};
  struct Case {
    std::vector<int64_t> word_offsets, posting_offsets;
    std::vector<int32_t> documents, counts, lengths;
    bool sound;
  };
  for (const Case& tried : {Case{words, words, {0, 1}, {1, 1}, {1, 1}, true},
                            {{0, 2, 1}, words, {0, 1}, {1, 1}, {1, 1}, false},
                            {words, {0, 1, 3}, {0, 1}, {1, 1}, {1, 1}, false},
                            {words, {0, 0, 2}, {0, 1}, {1, 1}, {1, 1}, false},
                            {words, words, {0, 2}, {1, 1}, {1, 1}, false},
                            {words, words, {-1, 1}, {1, 1}, {1, 1}, false},
                            {words, {0, 1, 3}, {0, 1, 1}, {1, 1, 1}, {1, 2}, false},
                            {words, words, {0, 1}, {0, 1}, {1, 1}, false},
                            {words, words, {0, 1}, {1}, {1, 1}, false},
                            {words, words, {0, 1}, {1, 1}, {-1, 1}, false},
                            {{0, 0, 2}, words, {0, 1}, {1, 1}, {1, 1}, true},  // the empty word stands first
                            {{0, 2, 2}, words, {0, 1}, {1, 1}, {1, 1}, false},
                            {{}, {}, {}, {}, {}, false}}) {
    TensorWriter file;
    file.add("text", text);
    file.add("word_offsets", tried.word_offsets);
    file.add("posting_offsets", tried.posting_offsets);
    file.add("documents", tried.documents);
    file.add("counts", tried.counts);
    file.add("lengths", tried.lengths);
    file.write(path());
    if (tried.sound) {
      EXPECT_EQ(loaded().words(), 2);
    } else {
      EXPECT_THAT(test::error_of(ErrorKind::kArtifact, [&] { loaded(); }), HasSubstr("not an index of words"));
    }
  }
}

}  // namespace
}  // namespace matinee::engine
