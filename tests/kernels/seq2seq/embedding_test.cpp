#include "kernels/seq2seq/embedding.h"

#include <array>

#include <gmock/gmock.h>

#include "kernels/support/error.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"
#include "tests/support/random_tokens.h"

namespace matinee::seq2seq {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;
using test::random_tokens;
using testing::ElementsAre;

TEST(TokenRows, ListsTheRowsOfEachToken) {
  Context context({}, 1);
  TokenRows tokens(context, 6, 10);
  for (int round = 0; round < 2; ++round) {
    tokens.assign(context, std::vector<int32_t>{7, 2, 7, 9, 2, 7});
    EXPECT_THAT(std::span(tokens.different_tokens(), 3), ElementsAre(2, 7, 9));
    EXPECT_THAT(std::span(tokens.row_starts(), 4), ElementsAre(0, 2, 5, 6));
    EXPECT_THAT(std::span(tokens.token_rows(), 6), ElementsAre(1, 4, 0, 2, 5, 3));
  }
}

TEST(TokenRows, RefusesTokensOutsideTheVocabulary) {
  Context context({}, 1);
  TokenRows tokens(context, 2, 10);
  EXPECT_THROW(tokens.assign(context, std::vector<int32_t>{10}), Error);
  EXPECT_THROW(tokens.assign(context, std::vector<int32_t>{-1}), Error);
  EXPECT_THROW(tokens.assign(context, std::vector<int32_t>{1, 2, 3}), Error);
}

TEST(Embedding, TakesRowsAndAddsUpTheirGradient) {
  Context context({}, 2);
  for (const auto& [rows, vocabulary, dimensions] : {std::array{1, 1, 1}, {131, 33, 31}, {500, 700, 131}, {0, 3, 4}}) {
    const uint64_t seed = test::random_seed();
    const std::vector<int32_t> words = random_tokens(seed, rows, vocabulary);
    TokenRows tokens(context, rows, vocabulary);
    tokens.assign(context, words);
    const Matrix table = random_matrix(seed, 1, vocabulary, dimensions), dy = random_matrix(seed, 2, rows, dimensions);
    Matrix expected(rows, dimensions), sums = 0 * table;
    for (int64_t row = 0; row < rows; ++row) {
      expected.row(row) = table.row(words[static_cast<std::size_t>(row)]);
      sums.row(words[static_cast<std::size_t>(row)]) += 3 * dy.row(row);
    }
    DeviceRows from(context, table), to(context, 0 * dy), gradient(context, dy), table_gradient(context, 0 * table);
    embed(context, tokens, from.view(), to.view());
    for (int step = 0; step < 3; ++step) embed_gradient(context, tokens, gradient.view(), table_gradient.view());
    EXPECT_EQ(to.numbers(), expected);
    EXPECT_LE(test::relative_difference(table_gradient.numbers(), sums), 1e-5);
  }
}

}  // namespace
}  // namespace matinee::seq2seq
