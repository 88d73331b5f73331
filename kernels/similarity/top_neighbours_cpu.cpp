#include "kernels/similarity/top_neighbours_cpu.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <type_traits>
#include <vector>

#include "kernels/similarity/best_neighbours.h"
#include "kernels/similarity/pair_accumulators.h"
#include "kernels/similarity/similarity_value.h"
#include "kernels/support/multiversion.h"

namespace matinee::similarity {
namespace {

// For each row, tile by tile: walk its columns, and in each column the rows that have it, adding to one word per other
// row. Then one pass over the words turns them into similarities, which are thinned block by block.

constexpr int64_t kRowsPerTask = 8;
constexpr int32_t kColumnsAhead = 2, kLinesAhead = 6;
constexpr int32_t kBlock = 256;  // similarities between two looks at the best so far
constexpr float kLeastPositive = std::numeric_limits<float>::denorm_min();

template <typename Word>
struct Scratch {
  Scratch(int32_t tile_rows, int64_t neighbours) : words(tile_rows), best(neighbours) {}
  Buffer<Word> words;                        // (rows of a tile), all zero between two tiles
  std::vector<PairSums<int64_t>> long_sums;  // likewise, of rows with more ratings than a word can take
  BestNeighbours best;
  float* all = nullptr;  // (rows), where every similarity is wanted instead of the best
};

template <typename Accumulator>
typename Accumulator::Term term_of(const Comparison& comparison, int64_t entry) {
  using Value = typename Accumulator::Value;
  const double* weights = comparison.column_weights.data();
  const double weight = weights != nullptr ? weights[comparison.rows.indices[entry]] : 1.0;
  if constexpr (std::is_same_v<Value, int16_t>) {
    return {comparison.row_residuals[entry], weight};
  } else {
    return {comparison.rows.levels[entry], weight};
  }
}

// Adds the columns of entries begin .. end-1 of `rows`, as far as they lie in the tile.
template <typename Accumulator>
void add_columns(const Comparison& comparison, int32_t tile, int64_t begin, int64_t end,
                 typename Accumulator::Word* words) {
  using Value = typename Accumulator::Value;
  const int32_t* columns = comparison.rows.indices;
  for (int64_t entry = begin; entry < end; ++entry) {
    const typename Accumulator::Term term = term_of<Accumulator>(comparison, entry);
    const auto others = comparison.column_tiles.entries(tile, columns[entry]);
    // Columns lie far apart, each is read from its start: the cache's own prefetching sees it too late.
    if (entry + kColumnsAhead < end) {
      const uint32_t* ahead = comparison.column_tiles.entries(tile, columns[entry + kColumnsAhead]).data();
      for (int32_t line = 0; line < kLinesAhead; ++line) __builtin_prefetch(ahead + line * 16);
    }
#pragma GCC unroll 4
    for (const uint32_t other : others) {
      term.add(words[ColumnTiles::row_of(other)], static_cast<Value>(ColumnTiles::value_of(other)));
    }
  }
}

// similarities[n] = of `row` and row begin + n, for n < count; clears the words that it reads.
template <typename Accumulator, Kind kKind, Norms kNorms, typename Number>
MATINEE_MULTIVERSION void similarities_of_block(const Comparison& comparison, int32_t row, int32_t begin, int32_t count,
                                                typename Accumulator::Word* __restrict words,
                                                const PairSums<int64_t>* __restrict long_sums,
                                                float* __restrict similarities) {
  const double* __restrict norms = comparison.norms.data() + begin;
  const double* __restrict counts = comparison.counts.data() + begin;
  const RowNorm own{comparison.norms[row], comparison.counts[row]};
  const double variance_floor = comparison.column_weights.size() > 0 ? kWeightedVarianceFloor : 0;
  const auto min_common = static_cast<double>(comparison.options.min_common);
  const double shrink = comparison.options.shrink;
  for (int32_t n = 0; n < count; ++n) {
    auto sums = Accumulator::template sums<Number>(words[n]);
    if constexpr (std::is_same_v<Number, int64_t>) sums += long_sums[n];
    const double raw = raw_similarity<kKind, kNorms>(sums, own, {norms[n], counts[n]}, variance_floor);
    similarities[n] = finish(raw, static_cast<double>(sums.count), min_common, shrink);
  }
}

// Writes the places of similarities that reach `least` and returns how many.
int32_t places_from(const float* similarities, int32_t count, float least, int32_t* places) {
  int32_t found = 0;
  for (int32_t n = 0; n < count; ++n) {
    places[found] = n;
    found += similarities[n] >= least ? 1 : 0;
  }
  return found;
}

void offer_block(const float* similarities, int32_t begin, int32_t count, int32_t row, bool keep_negative,
                 BestNeighbours& best) {
  int32_t places[kBlock];
  const float least = keep_negative ? best.least_similarity() : std::max(best.least_similarity(), kLeastPositive);
  const int32_t found = places_from(similarities, count, least, places);
  for (int32_t n = 0; n < found; ++n) {
    const int32_t other = begin + places[n];
    const float similarity = similarities[places[n]];
    if (similarity != 0 && other != row) best.offer(other, similarity);
  }
}

// Turns the words of a tile into similarities and offers them; leaves the words zero.
template <typename Accumulator, Kind kKind, Norms kNorms, typename Number>
void offer_tile(const Comparison& comparison, int32_t row, int32_t tile, Scratch<typename Accumulator::Word>& scratch) {
  alignas(64) float similarities[kBlock];
  const int32_t tile_rows = comparison.column_tiles.tile_rows();
  const auto tile_begin = static_cast<int32_t>(int64_t{tile} * tile_rows);
  const int32_t tile_size = std::min(tile_rows, comparison.rows.rows - tile_begin);
  for (int32_t begin = 0; begin < tile_size; begin += kBlock) {
    const int32_t count = std::min(kBlock, tile_size - begin);
    auto* words = scratch.words.data() + begin;
    const PairSums<int64_t>* long_sums = scratch.long_sums.empty() ? nullptr : scratch.long_sums.data() + begin;
    similarities_of_block<Accumulator, kKind, kNorms, Number>(comparison, row, tile_begin + begin, count, words,
                                                              long_sums, similarities);
    std::fill(words, words + count, typename Accumulator::Word{});
    if (scratch.all != nullptr) {
      std::copy_n(similarities, count, scratch.all + tile_begin + begin);
    } else {
      offer_block(similarities, tile_begin + begin, count, row, comparison.options.keep_negative, scratch.best);
    }
  }
}

template <typename Accumulator>
void drain(Scratch<typename Accumulator::Word>& scratch) {
  for (std::size_t other = 0; other < scratch.long_sums.size(); ++other) {
    auto& word = scratch.words[static_cast<int64_t>(other)];
    scratch.long_sums[other] += Accumulator::template sums<int64_t>(word);
    word = {};
  }
}

template <typename Accumulator, Kind kKind, Norms kNorms>
void search_tile(const Comparison& comparison, int32_t row, int32_t tile,
                 Scratch<typename Accumulator::Word>& scratch) {
  const int64_t capacity = Accumulator::capacity(comparison.maximum_level);
  const int64_t begin = comparison.rows.offsets[row], end = comparison.rows.offsets[row + 1];
  if constexpr (Accumulator::kExact) {
    if (end - begin > capacity) {
      scratch.long_sums.assign(static_cast<std::size_t>(scratch.words.size()), {});
      for (int64_t part = begin; part < end; part += capacity) {
        add_columns<Accumulator>(comparison, tile, part, std::min(end, part + capacity), scratch.words.data());
        drain<Accumulator>(scratch);
      }
      offer_tile<Accumulator, kKind, kNorms, int64_t>(comparison, row, tile, scratch);
      return;
    }
  }
  add_columns<Accumulator>(comparison, tile, begin, end, scratch.words.data());
  offer_tile<Accumulator, kKind, kNorms, double>(comparison, row, tile, scratch);
}

// For each of `count` rows: begin(scratch, n), then all its similarities, then end(scratch, n).
template <typename Accumulator, Kind kKind, Norms kNorms, typename Begin, typename End>
void compare_rows(Context& context, const Comparison& comparison, int32_t first_row, int64_t count, int64_t neighbours,
                  const Begin& begin_row, const End& end_row) {
  using WorkerScratch = Scratch<typename Accumulator::Word>;
  const ColumnTiles& tiles = comparison.column_tiles;
  std::vector<std::unique_ptr<WorkerScratch>> scratch(static_cast<std::size_t>(context.threads()));
  parallel_blocks(context, count, kRowsPerTask, [&](int64_t begin, int64_t end, int worker) {
    auto& own = scratch[static_cast<std::size_t>(worker)];
    if (!own) own = std::make_unique<WorkerScratch>(tiles.tile_rows(), neighbours);
    for (int64_t r = begin; r < end; ++r) {
      begin_row(*own, r);
      for (int32_t tile = 0; tile < tiles.tiles(); ++tile) {
        search_tile<Accumulator, kKind, kNorms>(comparison, static_cast<int32_t>(first_row + r), tile, *own);
      }
      end_row(*own, r);
    }
  });
}

template <typename Accumulator, Kind kKind, Norms kNorms = Norms::kAll>
void search(Context& context, const Comparison& comparison, int32_t first_row, const NeighbourRows& result) {
  using WorkerScratch = Scratch<typename Accumulator::Word>;
  const int64_t neighbours = std::min<int64_t>(comparison.options.neighbours, comparison.rows.rows);
  compare_rows<Accumulator, kKind, kNorms>(
      context, comparison, first_row, result.indices.rows, neighbours,
      [](WorkerScratch& scratch, int64_t) { scratch.best.clear(); },
      [&](WorkerScratch& scratch, int64_t r) {
        result.counts[static_cast<std::size_t>(r)] =
            static_cast<int32_t>(scratch.best.take(result.indices.row(r), result.similarities.row(r)));
      });
}

template <typename Accumulator, Kind kKind, Norms kNorms = Norms::kAll>
void all_of_rows(Context& context, const Comparison& comparison, int32_t first_row, MatrixView<float> similarities) {
  using WorkerScratch = Scratch<typename Accumulator::Word>;
  compare_rows<Accumulator, kKind, kNorms>(
      context, comparison, first_row, similarities.rows, 1,
      [&](WorkerScratch& scratch, int64_t r) { scratch.all = similarities.row(r); }, [](WorkerScratch&, int64_t) {});
}

struct Search {
  void (*run)(Context&, const Comparison&, int32_t, const NeighbourRows&);
  void (*rows)(Context&, const Comparison&, int32_t, MatrixView<float>);
  int64_t word_bytes;
};

template <typename Accumulator, Kind kKind, Norms kNorms = Norms::kAll>
constexpr Search search_with() {
  return {search<Accumulator, kKind, kNorms>, all_of_rows<Accumulator, kKind, kNorms>,
          sizeof(typename Accumulator::Word)};
}

Search exact_search(Kind kind, bool corated) {
  switch (kind) {
    case Kind::kBinaryCosine:
      return search_with<CountAccumulator, Kind::kBinaryCosine>();
    case Kind::kJaccard:
      return search_with<CountAccumulator, Kind::kJaccard>();
    case Kind::kPearson:
      return search_with<LevelMomentAccumulator, Kind::kPearson>();
    case Kind::kCosine:
      return corated ? search_with<LevelMomentAccumulator, Kind::kCosine, Norms::kCorated>()
                     : search_with<LevelProductAccumulator, Kind::kCosine>();
    case Kind::kAdjustedCosine:
      break;
  }
  return corated ? search_with<ResidualMomentAccumulator, Kind::kAdjustedCosine, Norms::kCorated>()
                 : search_with<ResidualProductAccumulator, Kind::kAdjustedCosine>();
}

Search weighted_search(Kind kind, bool corated) {
  switch (kind) {
    case Kind::kBinaryCosine:
      return search_with<WeightedCountAccumulator, Kind::kBinaryCosine>();
    case Kind::kJaccard:
      return search_with<WeightedCountAccumulator, Kind::kJaccard>();
    case Kind::kPearson:
      return search_with<WeightedMomentAccumulator<uint8_t>, Kind::kPearson>();
    case Kind::kCosine:
      return corated ? search_with<WeightedMomentAccumulator<uint8_t>, Kind::kCosine, Norms::kCorated>()
                     : search_with<WeightedProductAccumulator<uint8_t>, Kind::kCosine>();
    case Kind::kAdjustedCosine:
      break;
  }
  return corated ? search_with<WeightedMomentAccumulator<int16_t>, Kind::kAdjustedCosine, Norms::kCorated>()
                 : search_with<WeightedProductAccumulator<int16_t>, Kind::kAdjustedCosine>();
}

Search search_for(const Options& options) {
  const bool corated = options.norms == Norms::kCorated;
  return options.weighted() ? weighted_search(options.kind, corated) : exact_search(options.kind, corated);
}

}  // namespace

int64_t bytes_per_pair_cpu(const Options& options) {
  return search_for(options).word_bytes;
}

int64_t scratch_bytes_cpu(int64_t rows, const Options& options) {
  const int64_t per_row = bytes_per_pair_cpu(options) + static_cast<int64_t>(sizeof(PairSums<int64_t>));
  return std::min<int64_t>(rows, ColumnTiles::kMaximumRows) * per_row + 2 * std::min(options.neighbours, rows) * 8;
}

void finish_comparison_cpu(Context& context, Comparison& comparison, std::span<const int16_t> column_residuals) {
  comparison.column_tiles =
      ColumnTiles(context, comparison.columns, column_residuals, bytes_per_pair_cpu(comparison.options));
}

void top_neighbours_cpu(Context& context, const Comparison& comparison, int32_t first_row,
                        const NeighbourRows& result) {
  search_for(comparison.options).run(context, comparison, first_row, result);
}

void similarity_rows_cpu(Context& context, const Comparison& comparison, int32_t first_row,
                         MatrixView<float> similarities) {
  search_for(comparison.options).rows(context, comparison, first_row, similarities);
}

}  // namespace matinee::similarity
