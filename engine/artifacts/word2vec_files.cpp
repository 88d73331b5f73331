#include "engine/artifacts/word2vec_files.h"

#include <bit>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include "engine/artifacts/file_writer.h"

namespace matinee::engine {
namespace {

static_assert(std::endian::native == std::endian::little);

// Calls write_vector(line, row) to complete the line of each word.
template <typename WriteVector>
void write_words(const std::filesystem::path& path, const WordVectors& words, const WriteVector& write_vector) {
  FileWriter file(path);
  file.write(fmt::format("{} {}\n", words.vocabulary->word_count(), words.vectors.columns));
  std::string line;
  for (int32_t id = Vocabulary::kSpecials; id < words.vocabulary->size(); ++id) {
    line = words.vocabulary->word(id);
    write_vector(line, words.vectors.row(id));
    line += '\n';
    file.write(line);
  }
  file.close();
}

}  // namespace

void write_word2vec_text(const std::filesystem::path& path, const WordVectors& words) {
  write_words(path, words, [&](std::string& line, const float* row) {
    for (int64_t column = 0; column < words.vectors.columns; ++column) {
      fmt::format_to(std::back_inserter(line), " {}", row[column]);
    }
  });
}

void write_word2vec_binary(const std::filesystem::path& path, const WordVectors& words) {
  write_words(path, words, [&](std::string& line, const float* row) {
    line += ' ';
    line.append(reinterpret_cast<const char*>(row), static_cast<std::size_t>(words.vectors.columns) * sizeof(float));
  });
}

}  // namespace matinee::engine
