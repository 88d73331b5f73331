// Times the search for neighbours over ratings in memory. item_similarity.py drives it and times other libraries in
// between: usage `item_similarity_bench RATINGS THREADS NEIGHBOURS`, RATINGS a text file of lines "user item level"
// with dense indices from 0. Each line on stdin names a kind of similarity; the answer is the seconds of one search on
// stdout.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "bench/read_ratings.h"
#include "engine/data/ratings.h"
#include "kernels/similarity/top_neighbours.h"
#include "kernels/support/error.h"

namespace {

using namespace matinee;
using matinee::bench::read_ratings;

similarity::Kind kind_of(const std::string& name) {
  if (name == "cosine") return similarity::Kind::kCosine;
  if (name == "binary_cosine") return similarity::Kind::kBinaryCosine;
  if (name == "adjusted_cosine") return similarity::Kind::kAdjustedCosine;
  if (name == "pearson") return similarity::Kind::kPearson;
  if (name == "jaccard") return similarity::Kind::kJaccard;
  fail(ErrorKind::kConfig, "\"{}\" is no kind of similarity", name);
}

double seconds_of(Context& context, SparseView by_item, SparseView by_user, const similarity::Options& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto comparison = similarity::prepare_comparison(context, by_item, by_user, options);
  Buffer<int32_t> indices(by_item.rows * options.neighbours), counts(by_item.rows);
  Buffer<float> similarities(indices.size());
  similarity::top_neighbours(context, comparison, 0,
                             {{indices.data(), by_item.rows, options.neighbours, options.neighbours},
                              {similarities.data(), by_item.rows, options.neighbours, options.neighbours},
                              counts.span()});
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) fail(ErrorKind::kConfig, "usage: item_similarity_bench RATINGS THREADS NEIGHBOURS");
  const engine::SparseRatings by_user = read_ratings(argv[1]);
  const engine::SparseRatings by_item = engine::transposed(by_user);
  Context context(Device{}, std::atoi(argv[2]));
  similarity::Options options;
  options.neighbours = std::atoi(argv[3]);
  for (std::string kind; std::getline(std::cin, kind);) {
    options.kind = kind_of(kind);
    std::cout << seconds_of(context, by_item.view(), by_user.view(), options) << std::endl;
  }
} catch (const matinee::Error& error) {
  std::cerr << "item_similarity_bench: " << error.what() << '\n';
  return static_cast<int>(error.kind());
}
