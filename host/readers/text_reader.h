#pragma once

#include <string>

#include "engine/data/dataset.h"
#include "engine/text/corpus.h"
#include "host/readers/read_progress.h"

namespace matinee::host {

struct TextFile {
  engine::Corpus corpus;
  engine::InputFile input;
};

// Reads a text file, plain or gzipped, one document a line; empty lines are none. Error(kInput): a missing file, a line
// that is not UTF-8 (FILE:LINE), a line of more than 64 MiB, no words (engine/text/corpus.h).
TextFile read_text_file(const engine::TextOptions& options, const ReadProgress& progress = {});

// What a text will have to hold, before it is read.
struct PredictedText {
  int64_t documents = 0, words = 0, vocabulary = 0;
  int64_t reading_bytes = 0;  // host bytes while reading
};

// Of a text file: exact where it is read through within about a second, else scaled up from its first part, the
// vocabulary by Heaps' law with an exponent of 0.7. Where the first part holds no words: zeros. Error(kInput) where the
// file cannot be read.
PredictedText predict_text_file(const engine::TextOptions& options);

// Of text of so many bytes that no line was read of: an upper bound for titles.
PredictedText predict_text_of_bytes(int64_t bytes);

}  // namespace matinee::host
