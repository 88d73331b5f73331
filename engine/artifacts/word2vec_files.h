#pragma once

#include <filesystem>

#include "engine/text/word_vectors.h"

namespace matinee::engine {

// The two formats of Mikolov's word2vec, which other programs read (gensim's KeyedVectors.load_word2vec_format): a line
// "words dimensions", then each word, in order of id, with its vector; special tokens are left out. Errors are those of
// FileWriter.

// Numbers as text, the shortest that reads back to the same float.
void write_word2vec_text(const std::filesystem::path& path, const WordVectors& words);
// Numbers as 4-byte floats, little-endian.
void write_word2vec_binary(const std::filesystem::path& path, const WordVectors& words);

}  // namespace matinee::engine
