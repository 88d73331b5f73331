#include "kernels/neural_cf/example_sampler.h"

#include "kernels/neural_cf/example_sampler_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::neural_cf {

std::unique_ptr<ExampleSampler> make_sampler(Context& context, SparseView by_user, const SamplerOptions& options) {
  if (options.negatives < 1 || options.most_examples < 1) {
    fail(ErrorKind::kConfig, "{} negatives in batches of {} examples: give 1 or more of each", options.negatives,
         options.most_examples);
  }
  return MATINEE_DISPATCH(context, make_sampler, by_user, options);
}

}  // namespace matinee::neural_cf
