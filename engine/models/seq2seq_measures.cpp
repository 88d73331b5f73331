#include "engine/models/seq2seq_measures.h"

#include <algorithm>

#include "engine/models/length_buckets.h"
#include "engine/models/seq2seq_decoding.h"
#include "engine/text/vocabulary.h"

namespace matinee::engine {
namespace {

struct FreeRun {
  int64_t right = 0, exact = 0;
};

// `produced`: by step, of each text of the batch.
FreeRun compare(const Seq2SeqBatch& batch, const std::vector<std::vector<int32_t>>& produced) {
  FreeRun run;
  const auto& target = batch.target();
  std::vector<uint8_t> exact(static_cast<std::size_t>(batch.texts()), 1);
  std::size_t row = 0;
  for (std::size_t step = 0; step < produced.size(); ++step) {
    const auto active = static_cast<std::size_t>(target.active()[step]);
    for (std::size_t text = 0; text < active; ++text) {
      const bool right = produced[step][text] == batch.host_targets()[row++];
      run.right += right ? 1 : 0;
      exact[text] &= right ? 1 : 0;
    }
  }
  run.exact = std::ranges::count(exact, 1);
  return run;
}

// How often each token is a target.
std::vector<int64_t> target_counts(const TokenTexts& texts, std::size_t least_size = 0) {
  const int32_t largest = texts.tokens.empty() ? 0 : *std::ranges::max_element(texts.tokens);
  const auto size = static_cast<std::size_t>(std::max(largest, Vocabulary::kEnd)) + 1;
  std::vector<int64_t> counts(std::max(size, least_size));
  for (const int32_t token : texts.tokens) ++counts[static_cast<std::size_t>(token)];
  counts[Vocabulary::kEnd] += texts.size();
  return counts;
}

}  // namespace

TextMeasures measure_texts(Context& context, Seq2SeqNetwork& network, Seq2SeqBatch& batch, const TokenTexts& texts,
                           const std::vector<int64_t>& pieces, const std::function<void()>& advance) {
  const seq2seq::TokenSums before = network.sums(context);
  network.set_sums(context, {});
  FreeRun total;
  int64_t tokens = 0;
  std::vector<std::span<const int32_t>> chosen;
  for (const std::vector<int64_t>& numbers : batches_by_length(texts, pieces, network.room().texts)) {
    chosen.clear();
    for (const int64_t number : numbers) chosen.push_back(texts.piece(number));
    batch.assign(context, chosen);
    network.evaluate(context, batch);
    const FreeRun run = compare(batch, greedy_steps(context, network, batch, batch.target().steps()));
    total.right += run.right;
    total.exact += run.exact;
    tokens += batch.target_tokens();
    advance();
  }
  const seq2seq::TokenSums sums = network.sums(context);
  network.set_sums(context, before);
  const auto count = static_cast<double>(tokens);
  return {sums.loss / count, static_cast<double>(sums.correct) / count, static_cast<double>(total.right) / count,
          static_cast<double>(total.exact) / static_cast<double>(pieces.size())};
}

double unigram_baseline(const TokenTexts& train, const TokenTexts& texts) {
  const std::vector<int64_t> known = target_counts(train);
  const auto token = static_cast<std::size_t>(std::ranges::max_element(known) - known.begin());
  const std::vector<int64_t> counts = target_counts(texts, known.size());
  return static_cast<double>(counts[token]) / static_cast<double>(texts.target_tokens());
}

double unseen_share(const TokenTexts& train, const TokenTexts& texts) {
  const std::vector<int64_t> counts = target_counts(texts);
  const std::vector<int64_t> known = target_counts(train, counts.size());
  int64_t unseen = 0;
  for (std::size_t token = 0; token < counts.size(); ++token) unseen += known[token] == 0 ? counts[token] : 0;
  return static_cast<double>(unseen) / static_cast<double>(texts.target_tokens());
}

}  // namespace matinee::engine
