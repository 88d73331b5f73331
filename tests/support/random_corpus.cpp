#include "tests/support/random_corpus.h"

#include <cmath>

#include <fmt/format.h>

#include "kernels/support/philox.h"

namespace matinee::test {
namespace {

constexpr auto kStream = stream_id(RandomStream::kSynthetic, 77);

engine::TextOptions all_words() {
  engine::TextOptions options;
  options.drop_stop_words = false;
  return options;
}

}  // namespace

engine::Corpus random_corpus(int64_t documents, int64_t most_words, int64_t vocabulary, uint64_t seed) {
  const Philox draws(seed, kStream);
  uint64_t draw = 0;
  engine::CorpusBuilder builder(all_words());
  for (int64_t document = 0; document < documents; ++document) {
    std::string text;
    const auto words = static_cast<int64_t>(1 + draws.below(draw++, static_cast<uint64_t>(most_words)));
    for (int64_t word = 0; word < words; ++word) {
      const double rank = std::pow(static_cast<double>(vocabulary), draws.uniform(draw++));
      text += fmt::format("w{} ", static_cast<int64_t>(rank) - 1);
    }
    builder.add_document(text);
  }
  return builder.finish("random words");
}

engine::Corpus topic_corpus(int64_t topics, int64_t words, int64_t documents, int64_t length, uint64_t seed) {
  const Philox draws(seed, kStream);
  uint64_t draw = 0;
  engine::CorpusBuilder builder(all_words());
  for (int64_t document = 0; document < documents; ++document) {
    std::string text;
    const auto topic = draws.below(draw++, static_cast<uint64_t>(topics));
    for (int64_t word = 0; word < length; ++word) {
      text += fmt::format("t{}w{} ", topic, draws.below(draw++, static_cast<uint64_t>(words)));
    }
    builder.add_document(text);
  }
  return builder.finish("random topics");
}

}  // namespace matinee::test
