#include "engine/text/subwords.h"

#include <map>

#include <gmock/gmock.h>

#include "engine/text/token_coder.h"
#include "kernels/support/error.h"
#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"
#include "tests/support/temporary_folder.h"

namespace matinee::engine {
namespace {

using testing::ElementsAre;

struct CountedWords {
  std::vector<std::string> words;
  std::vector<int64_t> counts;
};

// Words of 1 … 9 of `letters` different bytes, some of them no UTF-8.
CountedWords random_words(int64_t count, uint64_t letters, uint64_t seed) {
  const Philox draws(seed, 1);
  CountedWords random;
  uint64_t draw = 0;
  for (int64_t n = 0; n < count; ++n) {
    std::string word;
    const uint64_t length = 1 + draws.below(draw++, 9);
    for (uint64_t letter = 0; letter < length; ++letter) {
      word += static_cast<char>(draws.below(draw++, letters) * 37);
    }
    random.words.push_back(word);
    random.counts.push_back(static_cast<int64_t>(1 + draws.below(draw++, 20)));
  }
  return random;
}

std::string decoded(const Subwords& subwords, const std::vector<int32_t>& ids) {
  std::string text;
  for (const int32_t id : ids) text += subwords.text(id);
  return text;
}

// The definition, word for word: count all pairs anew, join the most frequent one everywhere.
std::vector<std::string> naive_pieces(const CountedWords& counted, std::size_t size) {
  std::vector<std::string> texts;
  for (int byte = 0; byte < 256; ++byte) texts.emplace_back(1, static_cast<char>(byte));
  std::vector<std::vector<int32_t>> words;
  for (const std::string& word : counted.words) {
    std::vector<int32_t>& ids = words.emplace_back();
    for (const char letter : word) ids.push_back(static_cast<unsigned char>(letter));
  }
  while (texts.size() < size) {
    std::map<std::pair<int32_t, int32_t>, int64_t> pairs;
    for (std::size_t word = 0; word < words.size(); ++word) {
      for (std::size_t n = 0; n + 1 < words[word].size(); ++n) {
        pairs[{words[word][n], words[word][n + 1]}] += counted.counts[word];
      }
    }
    std::pair<int32_t, int32_t> best;
    int64_t most = 1;
    for (const auto& [pair, count] : pairs) {
      if (count <= most) continue;
      most = count;
      best = pair;
    }
    if (most == 1) break;
    const auto id = static_cast<int32_t>(texts.size());
    texts.push_back(texts[static_cast<std::size_t>(best.first)] + texts[static_cast<std::size_t>(best.second)]);
    for (std::vector<int32_t>& word : words) {
      std::vector<int32_t> next;
      for (std::size_t n = 0; n < word.size(); ++n) {
        const bool here = n + 1 < word.size() && word[n] == best.first && word[n + 1] == best.second;
        next.push_back(here ? id : word[n]);
        n += here ? 1 : 0;
      }
      word = next;
    }
  }
  return texts;
}

TEST(Subwords, JoinTheMostFrequentPairFirst) {
  const std::vector<std::string> words = {" low", " lower", " newest", " widest"};
  const std::vector<int64_t> counts = {5, 2, 6, 3};
  const Subwords subwords = Subwords::learn(words, counts, Subwords::kBytes + 4);
  std::vector<std::string> learnt;
  for (int32_t id = Subwords::kBytes; id < subwords.size(); ++id) learnt.push_back(subwords.text(id));
  EXPECT_THAT(learnt, ElementsAre("es", "est", " l", "ow"));
}

TEST(Subwords, AreThoseOfTheDefinition) {
  for (const uint64_t letters : {1, 2, 5, 7}) {
    const CountedWords counted = random_words(131, letters, test::random_seed());
    const std::vector<std::string> expected = naive_pieces(counted, 340);
    const Subwords subwords = Subwords::learn(counted.words, counted.counts, 340);
    ASSERT_EQ(subwords.size(), expected.size()) << letters << " letters";
    for (int32_t id = 0; id < subwords.size(); ++id) {
      EXPECT_EQ(subwords.text(id), expected[static_cast<std::size_t>(id)]) << id;
    }
  }
}

TEST(Subwords, EveryTextComesBack) {
  const CountedWords counted = random_words(200, 5, test::random_seed());
  const Subwords subwords = Subwords::learn(counted.words, counted.counts, 400);
  const CountedWords unseen = random_words(300, 7, test::random_seed() + 1);
  for (const std::string& word : unseen.words) {
    std::vector<int32_t> ids;
    subwords.encode(word, ids);
    EXPECT_EQ(decoded(subwords, ids), word);
  }
  std::vector<int32_t> none;
  subwords.encode("", none);
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(Subwords::learn({}, {}, 1000).size(), Subwords::kBytes);
}

TEST(Subwords, MakeFrequentWordsOnePiece) {
  const std::vector<std::string> words = {" Love", " Lover"};
  const std::vector<int64_t> counts = {50, 1};
  const Subwords subwords = Subwords::learn(words, counts, Subwords::kBytes + 4);
  std::vector<int32_t> ids;
  subwords.encode(" Love", ids);
  EXPECT_EQ(ids.size(), 1);
}

TEST(TokenCoder, WordsAndPiecesComeBackAsText) {
  Vocabulary vocabulary;
  vocabulary.add("Amélie", 2);
  vocabulary.add("Rocky", 1);
  const TokenCoder words(vocabulary.copy());
  std::vector<int32_t> tokens;
  for (const char* word : {"Rocky", "Amélie", "Psycho"}) words.encode(word, tokens);
  EXPECT_THAT(tokens, ElementsAre(5, 4, Vocabulary::kUnknown));
  EXPECT_EQ(words.decode(tokens), "Rocky Amélie <unknown>");

  const TokenCoder pieces(Subwords::learn(std::vector<std::string>{" Rocky"}, std::vector<int64_t>{9}, 260));
  tokens.clear();
  for (const char* word : {"Rocky", "Amélie", "Psycho"}) pieces.encode(word, tokens);
  tokens.push_back(Vocabulary::kEnd);
  EXPECT_EQ(pieces.decode(tokens), "Rocky Amélie Psycho");
  for (const int32_t token : tokens) EXPECT_LT(token, pieces.size());
}

TEST(TokenCoder, SavedPiecesAreTheSameAndDamagedOnesAreRefused) {
  const CountedWords counted = random_words(200, 5, test::random_seed());
  const TokenCoder coder(Subwords::learn(counted.words, counted.counts, 400));
  const test::TemporaryFolder folder;
  TensorWriter file;
  coder.save(file);
  file.write(folder.path() / "pieces");
  const TokenCoder loaded = TokenCoder::load(TensorFile::read(folder.path() / "pieces"), true);
  ASSERT_EQ(loaded.size(), coder.size());
  for (int32_t token = 0; token < coder.size(); ++token) EXPECT_EQ(loaded.token(token), coder.token(token));

  const std::vector<int32_t> ahead = {65, 256, 65, 66};  // joins itself
  TensorWriter damaged;
  damaged.add<int32_t>("subwords", ahead, {2, 2});
  damaged.write(folder.path() / "damaged");
  EXPECT_THROW(TokenCoder::load(TensorFile::read(folder.path() / "damaged"), true), Error);
}

}  // namespace
}  // namespace matinee::engine
