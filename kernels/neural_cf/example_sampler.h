#pragma once

#include <cstdint>
#include <memory>

#include "kernels/support/context.h"
#include "kernels/support/sparse_view.h"

namespace matinee::neural_cf {

// Examples in the memory of the context's device.
struct ExamplesView {
  int64_t count = 0;
  const int32_t* users = nullptr;  // (count)
  const int32_t* items = nullptr;  // (count)
  const float* labels = nullptr;   // (count): 1, or 0 for a negative
};

// Draws the examples of implicit feedback: each rating is a positive, with `negatives` items that its user has not
// rated, each as likely as the others, drawn anew in each epoch by (seed, epoch, number of the rating). Users who have
// rated all items give no examples. The same examples for any number of threads and on CUDA.
class ExampleSampler {
 public:
  virtual ~ExampleSampler() = default;

  // Of an epoch.
  virtual int64_t examples() const = 0;
  // The negatives of epoch 0, 1, …, and the random order of its examples.
  virtual void draw(Context& context, int64_t epoch) = 0;
  // Examples first … first+count-1 of the drawn epoch's order; valid until the next call. count is at most the
  // `most_examples` given.
  virtual ExamplesView batch(Context& context, int64_t first, int64_t count) = 0;
};

struct SamplerOptions {
  int64_t negatives = 4;
  uint64_t seed = 0;
  int64_t most_examples = 0;  // of a batch
  // What users have rated, of whom `by_user` has a part of the ratings: all of it is passed over. No rows: by_user.
  SparseView rated = {};
};

std::unique_ptr<ExampleSampler> make_sampler(Context& context, SparseView by_user, const SamplerOptions& options);
std::unique_ptr<ExampleSampler> make_sampler_cpu(Context& context, SparseView by_user, const SamplerOptions& options);

}  // namespace matinee::neural_cf
