#include "engine/models/seq2seq_encoding.h"

#include <algorithm>
#include <span>

#include "engine/models/length_buckets.h"
#include "engine/models/seq2seq_batch.h"
#include "engine/models/seq2seq_network.h"

namespace matinee::engine {
namespace {

constexpr int64_t kPiecesAtOnce = 64;

// Of `outputs` (source rows × units), the mean over the steps of each sequence.
std::vector<float> mean_outputs(const std::vector<float>& outputs, const seq2seq::PackedBatch& batch, int64_t units) {
  std::vector<float> means(static_cast<std::size_t>(batch.sequences() * units));
  const float* row = outputs.data();
  for (const int32_t active : batch.active()) {
    for (int64_t number = 0; number < active * units; ++number) means[static_cast<std::size_t>(number)] += row[number];
    row += active * units;
  }
  for (int64_t number = 0; number < batch.sequences() * units; ++number) {
    means[static_cast<std::size_t>(number)] /=
        static_cast<float>(batch.lengths()[static_cast<std::size_t>(number / units)]);
  }
  return means;
}

int64_t longest_of(const TokenTexts& pieces) {
  int64_t longest = 1;
  for (int64_t piece = 0; piece < pieces.size(); ++piece) longest = std::max(longest, pieces.length(piece));
  return longest;
}

}  // namespace

std::vector<float> encode_pieces(Context& context, const Seq2SeqShape& shape, const std::vector<float>& parameters,
                                 const TokenTexts& pieces, TextPool pool) {
  const Seq2SeqRoom room = {kPiecesAtOnce, longest_of(pieces), false};
  Seq2SeqNetwork network(context, shape, room);
  network.set_parameters(context, parameters);
  Seq2SeqBatch batch(context, room, shape.vocabulary);
  std::vector<float> vectors(static_cast<std::size_t>(pieces.size() * shape.units));
  for (const auto& numbers : batches_by_length(pieces, drawn_numbers(pieces.size(), 0, 0), kPiecesAtOnce)) {
    std::vector<std::span<const int32_t>> chosen;
    for (const int64_t number : numbers) chosen.push_back(pieces.piece(number));
    batch.assign(context, chosen);
    network.encode(context, batch);
    const std::vector<float> pooled =
        pool == TextPool::kLast
            ? network.last_outputs(context, batch.texts())
            : mean_outputs(network.encoded(context, batch.source().rows()), batch.source(), shape.units);
    for (std::size_t n = 0; n < numbers.size(); ++n) {
      std::copy_n(pooled.data() + static_cast<int64_t>(n) * shape.units, shape.units,
                  vectors.data() + numbers[n] * shape.units);
    }
  }
  return vectors;
}

}  // namespace matinee::engine
