#include <algorithm>
#include <charconv>
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

int64_t size_of(const engine::IdMap* ids) {
  return ids == nullptr ? 0 : ids->size();
}

// Earlier ids that are not among `ids`.
int64_t only_earlier(const engine::IdMap& ids, const engine::IdMap* earlier) {
  int64_t count = 0;
  for (int32_t index = 0; index < size_of(earlier); ++index) count += ids.find(earlier->id(index)) ? 0 : 1;
  return count;
}

// The ids "1" … "count" and the earlier ones.
int64_t numbered_and_earlier(int64_t count, const engine::IdMap* earlier) {
  int64_t total = count;
  for (int32_t index = 0; index < size_of(earlier); ++index) {
    const std::string_view id = earlier->id(index);
    int64_t number = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
    const bool canonical = error == std::errc{} && end == id.data() + id.size() && id[0] != '0';
    total += canonical && number >= 1 && number <= count ? 0 : 1;
  }
  return total;
}

int64_t reading_bytes(const engine::DataShape& shape, int threads) {
  const int64_t blocks = 4 * threads * static_cast<int64_t>(4 * LineBlocks::kBlockBytes);
  return shape.ratings * kBytesPerRating + (shape.users + shape.items) * kBytesPerId + blocks;
}

}  // namespace

PredictedShape predict_shape(Context& context, const DatasetSpec& spec, const EarlierIds& earlier) {
  PredictedShape predicted;
  if (spec.format == DatasetFormat::kSynthetic) {
    predicted.shape = {numbered_and_earlier(spec.users, earlier.users), numbered_and_earlier(spec.items, earlier.items),
                       spec.rating_count};
    predicted.reading_bytes = reading_bytes(predicted.shape, context.threads());
    return predicted;
  }
  if (spec.format == DatasetFormat::kNoRatings) {
    predicted.shape = {size_of(earlier.users), size_of(earlier.items), 0};
    return predicted;
  }
  const RatingsTable part = read_ratings(context, spec, find_dataset_files(spec).ratings, {}, {}, {}, kBytesLookedAt);
  predicted.exact = part.complete;
  const double factor =
      part.complete ? 1.0 : static_cast<double>(part.file_bytes) / static_cast<double>(part.bytes_read);
  // Most files stand by user: new users keep coming, new items come ever more seldom.
  predicted.shape = {scaled(part.users.size(), factor), scaled(part.items.size(), std::sqrt(factor)),
                     scaled(part.ratings.size(), factor)};
  if (part.complete) {
    predicted.shape.users += only_earlier(part.users, earlier.users);
    predicted.shape.items += only_earlier(part.items, earlier.items);
  } else {  // earlier ids that the first part lacks are likely to come later
    predicted.shape.users = std::max(predicted.shape.users, size_of(earlier.users));
    predicted.shape.items = std::max(predicted.shape.items, size_of(earlier.items));
  }
  predicted.reading_bytes = reading_bytes(predicted.shape, context.threads());
  return predicted;
}

}  // namespace matinee::host
