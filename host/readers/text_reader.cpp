#include "host/readers/text_reader.h"

#include <cmath>

#include "host/readers/line_blocks.h"
#include "host/text/encoding.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

constexpr std::size_t kBytesLookedAt = std::size_t{1} << 24;
constexpr double kHeapsExponent = 0.7;
// A provisional id and the offset of a document; text, hash table entry and counts of a distinct word.
constexpr int64_t kBytesPerWord = 4, kBytesPerDocument = 8, kBytesPerDistinctWord = 260;

// Hands the lines of a file to a builder, block by block.
class TextLines {
 public:
  TextLines(const std::string& path, engine::CorpusBuilder& builder) : lines_(path), builder_(builder) {}

  bool take_block() {
    if (!lines_.next(block_)) return false;
    bytes_ += block_.size();
    std::string_view rest = block_, line;
    while (take_line(rest, line)) {
      ++number_;
      if (!is_utf8(line)) {
        fail(ErrorKind::kInput,
             "{}:{}: the line is not UTF-8: convert the file, as by iconv -f ISO-8859-1 -t UTF-8, or correct the line",
             lines_.path(), number_);
      }
      if (!line.empty()) builder_.add_document(line);
    }
    return true;
  }

  std::size_t bytes() const { return bytes_; }  // of text
  double share() const {
    return static_cast<double>(lines_.source().bytes_consumed()) /
           static_cast<double>(std::max<int64_t>(1, lines_.source().file_bytes()));
  }
  LineBlocks& lines() { return lines_; }

 private:
  LineBlocks lines_;
  engine::CorpusBuilder& builder_;
  std::string block_;
  std::size_t bytes_ = 0;
  int64_t number_ = 0;
};

int64_t scaled(int64_t count, double factor) {
  return std::llround(static_cast<double>(count) * factor);
}

void predict_reading(PredictedText& predicted, int64_t distinct_words) {
  predicted.reading_bytes = predicted.words * kBytesPerWord + predicted.documents * kBytesPerDocument +
                            distinct_words * kBytesPerDistinctWord + static_cast<int64_t>(4 * LineBlocks::kBlockBytes);
}

}  // namespace

TextFile read_text_file(const engine::TextOptions& options, const ReadProgress& progress) {
  engine::CorpusBuilder builder(options);
  TextLines text(options.path, builder);
  while (text.take_block()) {
    if (!progress) continue;
    const auto& source = text.lines().source();
    progress(static_cast<double>(source.bytes_consumed()), static_cast<double>(source.file_bytes()), "bytes");
  }
  return {builder.finish(options.path), text.lines().input()};
}

PredictedText predict_text_file(const engine::TextOptions& options) {
  engine::CorpusBuilder builder(options);
  TextLines text(options.path, builder);
  bool more = true;
  while (more && text.bytes() < kBytesLookedAt) more = text.take_block();
  const double factor = more ? 1 / std::max(text.share(), 1e-9) : 1;
  const int64_t distinct = scaled(builder.distinct_words(), std::pow(factor, kHeapsExponent));
  PredictedText predicted{scaled(builder.documents(), factor), scaled(builder.words(), factor), distinct};
  predict_reading(predicted, distinct);
  if (options.largest_vocabulary > 0) predicted.vocabulary = std::min(distinct, options.largest_vocabulary);
  return predicted;
}

PredictedText predict_text_of_bytes(int64_t bytes) {
  constexpr int64_t kBytesOfWord = 8, kBytesOfTitle = 25;
  PredictedText predicted{bytes / kBytesOfTitle, bytes / kBytesOfWord, bytes / kBytesOfWord / 2};
  predict_reading(predicted, predicted.vocabulary);
  return predicted;
}

}  // namespace matinee::host
