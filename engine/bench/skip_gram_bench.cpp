#include <cmath>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "engine/bench/bench_case.h"
#include "kernels/skip_gram/train_words.h"
#include "kernels/skip_gram/windows.h"
#include "kernels/support/buffer.h"
#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

using namespace skip_gram;

// Documents of 20 words, word r about as often as 1 / r.
struct BenchWords {
  static constexpr int64_t kDocuments = 1000, kDocumentWords = 20;
  static constexpr int32_t kVocabulary = 5000;

  BenchWords() : counts(kVocabulary) {
    const Philox draws(1, stream_id(RandomStream::kSynthetic));
    for (int64_t word = 0; word < kDocuments * kDocumentWords; ++word) {
      const double rank = std::pow(static_cast<double>(kVocabulary), draws.uniform(static_cast<uint64_t>(word)));
      words.push_back(static_cast<int32_t>(rank) - 1);
      ++counts[static_cast<std::size_t>(words.back())];
    }
    for (int64_t document = 0; document <= kDocuments; ++document) offsets.push_back(document * kDocumentWords);
  }
  CorpusView view() const { return {kDocuments, offsets.data(), words.data(), kVocabulary, counts.data()}; }

  std::vector<int64_t> offsets, counts;
  std::vector<int32_t> words;
};

struct Training {
  Training(Context& context, int64_t dimensions, const Settings& settings)
      : stride(padded(dimensions)),
        input(BenchWords::kVocabulary * stride),
        output(BenchWords::kVocabulary * stride),
        operands(context, corpus.view(), settings, started(dimensions)) {}

  VectorsView<float> started(int64_t dimensions) {
    const VectorsView<float> vectors = {{input.data(), BenchWords::kVocabulary, stride, stride},
                                        {output.data(), BenchWords::kVocabulary, stride, stride}};
    start_vectors(1, dimensions, vectors);
    return vectors;
  }

  BenchWords corpus;
  int64_t stride;
  Buffer<float> input, output;
  TrainingOperands operands;
};

PreparedBench prepare_words(Context& context, int64_t dimensions, bool deterministic) {
  Settings settings;
  settings.deterministic = deterministic;
  settings.learning_rate = 1e-3f;  // the same words again and again
  const auto data = std::make_shared<Training>(context, dimensions, settings);
  const auto run = [&context, data] { train_words(context, data->operands, {0, 0, data->corpus.view().size()}); };
  Windows windows;
  windows.collect(data->corpus.view(), data->operands.draws().view(), 0, 0, data->corpus.view().size());
  const auto targets = static_cast<double>(windows.last - windows.first), pairs = static_cast<double>(windows.pairs());
  const auto width = static_cast<double>(dimensions);
  const double outputs = 1.0 + settings.negatives;
  return {run, targets * 2 * (1 + outputs) * width * sizeof(float), pairs * outputs * 6 * width,
          static_cast<double>(data->corpus.view().size())};
}

}  // namespace

std::vector<BenchCase> skip_gram_bench_cases() {
  std::vector<BenchCase> cases;
  for (const int64_t dimensions : {100, 300}) {
    for (const bool deterministic : {true, false}) {
      const auto prepare = [dimensions, deterministic](Context& context) {
        return prepare_words(context, dimensions, deterministic);
      };
      cases.push_back(
          {fmt::format("train_words/{}{}", dimensions, deterministic ? "" : "/lock_free"), "words", prepare, true});
    }
  }
  return cases;
}

}  // namespace matinee::engine
