#include "engine/models/vector_comparison.h"

#include <algorithm>
#include <cmath>

#include "engine/text/movie_title.h"
#include "kernels/dense/matrix_product.h"
#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

constexpr int64_t kItemsPerTask = 256;

}  // namespace

VectorComparison::VectorComparison(Context& context, Buffer<float> vectors, int64_t items, int64_t dimensions)
    : unit_(std::move(vectors)), items_(items), dimensions_(dimensions) {
  parallel_blocks(context, items_, kItemsPerTask, [&](int64_t begin, int64_t end, int) {
    for (int64_t item = begin; item < end; ++item) {
      float* vector = unit_.data() + item * dimensions_;
      double squares = 0;
      for (int64_t n = 0; n < dimensions_; ++n)
        squares += static_cast<double>(vector[n]) * static_cast<double>(vector[n]);
      const double scale = squares > 0 ? 1 / std::sqrt(squares) : 0;
      for (int64_t n = 0; n < dimensions_; ++n) vector[n] = static_cast<float>(static_cast<double>(vector[n]) * scale);
    }
  });
}

void VectorComparison::compare(Context& context, int32_t first, MatrixView<float> rows) {
  const MatrixView<const float> all{unit_.data(), items_, dimensions_, dimensions_};
  dense::matrix_product(context, {{all.row(first), rows.rows, dimensions_, dimensions_}}, dense::transpose(all), false,
                        rows);
}

std::vector<std::string> item_titles(const TrainingInput& input) {
  std::vector<std::string> titles(static_cast<std::size_t>(input.by_item.rows));
  const std::vector<std::string> none;
  const std::vector<std::string>& given = input.catalogue == nullptr ? none : input.catalogue->titles;
  for (std::size_t item = 0; item < std::min(titles.size(), given.size()); ++item) {
    titles[item] = restored_title(given[item]);
  }
  const bool empty = std::ranges::all_of(titles, [](const std::string& title) { return title.empty(); });
  if (empty && !titles.empty()) {
    fail(ErrorKind::kInput,
         "items are to be compared by their titles, and the dataset has none: choose a dataset.format with titles, or "
         "name a model that learns from ratings");
  }
  return titles;
}

}  // namespace matinee::engine
