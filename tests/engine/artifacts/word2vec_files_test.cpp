#include "engine/artifacts/word2vec_files.h"

#include <sstream>

#include <gtest/gtest.h>

#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::engine {
namespace {

constexpr int64_t kDimensions = 3;

class Word2vecFiles : public testing::Test {
 protected:
  Word2vecFiles() {
    for (const char* word : {"Amélie", "L'Avventura", "x"}) vocabulary_.add(word, 1);
    const Philox draws(test::random_seed(), 1);
    for (int64_t n = 0; n < vocabulary_.size() * kDimensions; ++n) {
      numbers_.push_back(static_cast<float>(draws.uniform(static_cast<uint64_t>(n)) - 0.5) * 1e-3f);
    }
  }
  WordVectors words() const { return {&vocabulary_, {numbers_.data(), vocabulary_.size(), kDimensions, kDimensions}}; }

  Vocabulary vocabulary_;
  std::vector<float> numbers_;
  test::TemporaryFolder folder_;
};

TEST_F(Word2vecFiles, TextReadsBackToTheSameNumbers) {
  write_word2vec_text(folder_ / "vectors.txt", words());
  std::istringstream text(test::read_text(folder_ / "vectors.txt"));
  int64_t count = 0, dimensions = 0;
  text >> count >> dimensions;
  EXPECT_EQ(count, 3);
  EXPECT_EQ(dimensions, kDimensions);
  for (int32_t id = Vocabulary::kSpecials; id < vocabulary_.size(); ++id) {
    std::string word;
    text >> word;
    EXPECT_EQ(word, vocabulary_.word(id));
    for (int64_t column = 0; column < kDimensions; ++column) {
      std::string number;
      text >> number;
      EXPECT_EQ(std::stof(number), words().vectors(id, column));
    }
  }
  std::string rest;
  EXPECT_FALSE(text >> rest);
}

TEST_F(Word2vecFiles, BinaryHoldsTheFloats) {
  write_word2vec_binary(folder_ / "vectors.bin", words());
  std::string expected = "3 3\n";
  for (int32_t id = Vocabulary::kSpecials; id < vocabulary_.size(); ++id) {
    expected += vocabulary_.word(id) + " ";
    expected.append(reinterpret_cast<const char*>(words().vectors.row(id)), kDimensions * sizeof(float));
    expected += "\n";
  }
  EXPECT_EQ(test::read_text(folder_ / "vectors.bin"), expected);
}

}  // namespace
}  // namespace matinee::engine
