#include "kernels/seq2seq/packed_batch.h"

#include "kernels/support/error.h"

namespace matinee::seq2seq {

PackedBatch::PackedBatch(Context& context, int64_t most_sequences, int64_t most_steps)
    : most_sequences_(most_sequences),
      most_steps_(most_steps),
      device_lengths_(context, most_sequences),
      device_offsets_(context, most_steps + 1) {
  lengths_.reserve(static_cast<std::size_t>(most_sequences));
  active_.reserve(static_cast<std::size_t>(most_steps));
  offsets_.reserve(static_cast<std::size_t>(most_steps + 1));
}

void PackedBatch::assign(Context& context, std::span<const int32_t> lengths) {
  if (static_cast<int64_t>(lengths.size()) > most_sequences_) {
    fail(ErrorKind::kConfig, "a batch of {} sequences, where there is room for {}", lengths.size(), most_sequences_);
  }
  int64_t longest = most_steps_;
  for (const int32_t length : lengths) {
    if (length < 1 || length > longest) {
      fail(ErrorKind::kConfig, "a sequence of {} steps in a batch: it must have 1 or more, at most the {} before it",
           length, longest);
    }
    longest = length;
  }
  lengths_.assign(lengths.begin(), lengths.end());
  active_.clear();
  offsets_.assign(1, 0);
  auto sequences = static_cast<int32_t>(lengths.size());
  for (int32_t step = 0; sequences > 0 && step < lengths.front(); ++step) {
    while (lengths[static_cast<std::size_t>(sequences) - 1] <= step) --sequences;
    active_.push_back(sequences);
    offsets_.push_back(offsets_.back() + sequences);
  }
  device_lengths_.assign(context, lengths_);
  device_offsets_.assign(context, offsets_);
}

}  // namespace matinee::seq2seq
