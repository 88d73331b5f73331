#pragma once

#include <cstdint>
#include <vector>

#include "engine/models/seq2seq_texts.h"

namespace matinee::engine {

// The batches of an epoch: all pieces in a drawn order, in which those of like length are put together within windows
// of kBucketBatches batches; the batches then come in a drawn order too. Each batch has its longest piece first. Keyed
// by seed and epoch.
std::vector<std::vector<int64_t>> length_buckets(const TokenTexts& texts, int64_t batch, uint64_t seed, int64_t epoch);

inline constexpr int64_t kBucketBatches = 16;

// `most` of the numbers 0 … count-1, or all where `most` is 0 or there are no more, drawn by seed.
std::vector<int64_t> drawn_numbers(int64_t count, int64_t most, uint64_t seed);

// The pieces with these numbers in batches, the longest first.
std::vector<std::vector<int64_t>> batches_by_length(const TokenTexts& texts, std::vector<int64_t> pieces,
                                                    int64_t batch);

}  // namespace matinee::engine
