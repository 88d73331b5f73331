#include "host/readers/text_reader.h"

#include <gmock/gmock.h>

#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::host {
namespace {

using engine::Vocabulary;
using testing::HasSubstr;

class TextReader : public testing::Test {
 protected:
  engine::TextOptions options(const std::string& name = "text.txt") const {
    engine::TextOptions options;
    options.source = engine::TextSource::kFile;
    options.path = (folder_ / name).string();
    return options;
  }
  void write(const std::string& text, const std::string& name = "text.txt") const {
    test::write_text(folder_ / name, text);
  }
  std::string refusal() const {
    return test::error_of(ErrorKind::kInput, [&] { read_text_file(options()); });
  }
  test::TemporaryFolder folder_;
};

TEST_F(TextReader, EachLineIsATextPlainOrGzipped) {
  const std::string text = "\xEF\xBB\xBFstar wars\r\n\r\nAmélie star\nlast";
  write(text);
  write(test::gzipped(text), "text.txt.gz");
  for (const char* name : {"text.txt", "text.txt.gz"}) {
    const TextFile file = read_text_file(options(name));
    EXPECT_EQ(file.corpus.documents(), 3);
    EXPECT_EQ(file.corpus.words(), 5);
    EXPECT_EQ(file.corpus.vocabulary.word(Vocabulary::kSpecials), "star");
    EXPECT_TRUE(file.corpus.vocabulary.find("Amélie").has_value());
    EXPECT_EQ(file.input.path, options(name).path);
    EXPECT_EQ(file.input.sha256.size(), 64);
  }
}

TEST_F(TextReader, InvalidBytesAreToldByLine) {
  write("fine\nAm\xE9lie\n");
  EXPECT_THAT(refusal(), testing::AllOf(HasSubstr("text.txt:2: the line is not UTF-8"), HasSubstr("iconv")));
  write("fine\nfine\n\xED\xA0\x80\n");
  EXPECT_THAT(refusal(), HasSubstr("text.txt:3: "));
}

TEST_F(TextReader, EmptyAndMissingFilesAreErrors) {
  write("");
  EXPECT_THAT(refusal(), HasSubstr("text.txt: no words in 0 texts"));
  write("\n ,. \n");
  EXPECT_THAT(refusal(), HasSubstr("no words in 1 texts"));
  EXPECT_THAT(test::error_of(ErrorKind::kInput, [&] { read_text_file(options("missing")); }), HasSubstr("missing"));
}

TEST_F(TextReader, ALineOfTenMegabytesIsOneText) {
  constexpr int64_t kWords = 10 << 20 >> 3;
  std::string text = "short one\n";
  for (int64_t n = 0; n < kWords; ++n) text += fmt::format("w{:06} ", n % 1000);
  write(text + "\n" + std::string(10 << 20, 'x') + "\n");
  const TextFile file = read_text_file(options());
  EXPECT_EQ(file.corpus.documents(), 2) << "the third line is one overlong word";
  EXPECT_EQ(file.corpus.offsets.back() - file.corpus.offsets[1], kWords);
  EXPECT_THAT(file.corpus.notes, testing::Contains(HasSubstr("1 words longer than 256 bytes")));
}

TEST_F(TextReader, PredictsExactlyWhatItReadsThrough) {
  std::string text;
  for (int n = 0; n < 1000; ++n) text += fmt::format("word{} other thing\n", n % 100);
  write(text);
  const PredictedText predicted = predict_text_file(options());
  EXPECT_EQ(predicted.documents, 1000);
  EXPECT_EQ(predicted.words, 2000) << "other is a stop word";
  EXPECT_EQ(predicted.vocabulary, 101);
  EXPECT_GT(predicted.reading_bytes, 2000 * 4);
}

TEST_F(TextReader, PredictsLargeFilesFromTheirFirstPart) {
  std::string text;
  while (text.size() < (40 << 20))
    text += fmt::format("word{} of some length {}\n", text.size() % 7919, text.size() % 97);
  write(text);
  const auto lines = static_cast<double>(std::count(text.begin(), text.end(), '\n'));
  const PredictedText predicted = predict_text_file(options());
  EXPECT_NEAR(static_cast<double>(predicted.documents), lines, 0.05 * lines);
  EXPECT_GE(predicted.vocabulary, read_text_file(options()).corpus.vocabulary.word_count());
}

}  // namespace
}  // namespace matinee::host
