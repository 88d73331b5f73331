#pragma once

#include "kernels/neural_cf/example_sampler.h"

namespace matinee::neural_cf {

std::unique_ptr<ExampleSampler> make_sampler_cuda(Context& context, SparseView by_user, const SamplerOptions& options);

}  // namespace matinee::neural_cf
