#include <algorithm>
#include <cmath>

#include "host/readers/dataset_files.h"
#include "host/readers/line_blocks.h"
#include "host/readers/ratings_reader.h"
#include "host/readers/read_dataset.h"

namespace matinee::host {
namespace {

constexpr int64_t kBytesLookedAt = int64_t{96} << 20;

// Users, items, levels, timestamps, and the order by user while duplicates are looked for.
constexpr int64_t kBytesPerRating = 4 + 4 + 1 + 8 + 8;
constexpr int64_t kBytesPerId = 120;  // text, hash table entry

int64_t scaled(int64_t count, double factor) {
  return std::llround(static_cast<double>(count) * factor);
}

int64_t reading_bytes(const engine::DataShape& shape, int threads) {
  const int64_t blocks = 4 * threads * static_cast<int64_t>(4 * LineBlocks::kBlockBytes);
  return shape.ratings * kBytesPerRating + (shape.users + shape.items) * kBytesPerId + blocks;
}

}  // namespace

PredictedShape predict_shape(Context& context, const DatasetSpec& spec) {
  PredictedShape predicted;
  if (spec.format == DatasetFormat::kSynthetic) {
    predicted.shape = {spec.users, spec.items, spec.rating_count};
    predicted.reading_bytes = reading_bytes(predicted.shape, context.threads());
    return predicted;
  }
  const RatingsTable part = read_ratings(context, spec, find_dataset_files(spec).ratings, {}, {}, kBytesLookedAt);
  predicted.exact = part.complete;
  const double factor =
      part.complete ? 1.0 : static_cast<double>(part.file_bytes) / static_cast<double>(part.bytes_read);
  // Most files stand by user: new users keep coming, new items come ever more seldom.
  predicted.shape = {scaled(part.users.size(), factor), scaled(part.items.size(), std::sqrt(factor)),
                     scaled(part.ratings.size(), factor)};
  predicted.reading_bytes = reading_bytes(predicted.shape, context.threads());
  return predicted;
}

}  // namespace matinee::host
