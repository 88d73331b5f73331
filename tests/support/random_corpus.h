#pragma once

#include <cstdint>

#include "engine/text/corpus.h"

namespace matinee::test {

// `documents` texts of 1 … `most_words` of the words "w0" … "w(vocabulary-1)", drawn by `seed`: about Zipf's law.
engine::Corpus random_corpus(int64_t documents, int64_t most_words, int64_t vocabulary, uint64_t seed);

// Texts of `topics` topics: each has `words` words of its own ("t3w7") and only these stand together, `length` in each
// of `documents` texts.
engine::Corpus topic_corpus(int64_t topics, int64_t words, int64_t documents, int64_t length, uint64_t seed);

}  // namespace matinee::test
