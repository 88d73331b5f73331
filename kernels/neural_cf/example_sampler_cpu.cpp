#include "kernels/neural_cf/draw_negative.h"
#include "kernels/neural_cf/example_sampler.h"
#include "kernels/neural_cf/positives.h"
#include "kernels/neural_cf/random_order.h"
#include "kernels/support/buffer.h"

namespace matinee::neural_cf {
namespace {

constexpr int64_t kPositivesPerTask = 4096, kExamplesPerTask = 2048;
constexpr int64_t kWorthThreads = 8192;  // examples: fewer are there before a thread has woken up

class CpuSampler : public ExampleSampler {
 public:
  CpuSampler(SparseView by_user, const SamplerOptions& options)
      : rated_(options.rated.rows > 0 ? options.rated : by_user),
        options_(options),
        positives_(by_user, rated_),
        negatives_(positives_.count() * options.negatives),
        order_(examples(), options.seed, 0),
        users_(options.most_examples),
        items_(options.most_examples),
        labels_(options.most_examples) {}

  int64_t examples() const override { return positives_.count() * (1 + options_.negatives); }

  void draw(Context& context, int64_t epoch) override {
    order_ = RandomOrder(examples(), options_.seed, static_cast<uint64_t>(epoch));
    const Philox draws(options_.seed, stream_id(RandomStream::kNegatives, static_cast<uint64_t>(epoch)));
    parallel_blocks(context, positives_.count(), kPositivesPerTask, [&](int64_t begin, int64_t end, int) {
      draw_negatives(draws, begin * options_.negatives, end * options_.negatives);
    });
  }

  ExamplesView batch(Context& context, int64_t first, int64_t count) override {
    if (count < kWorthThreads) {
      gather(first, 0, count);
    } else {
      parallel_blocks(context, count, kExamplesPerTask,
                      [&](int64_t begin, int64_t end, int) { gather(first, begin, end); });
    }
    return {count, users_.data(), items_.data(), labels_.data()};
  }

 private:
  // Negatives begin … end-1, word n % 4 of block n / 4 each.
  void draw_negatives(const Philox& draws, int64_t begin, int64_t end) {
    Philox::Block block = draws.block(static_cast<uint64_t>(begin / 4));
    for (int64_t n = begin; n < end; ++n) {
      if (n % 4 == 0) block = draws.block(static_cast<uint64_t>(n / 4));
      const auto rated = rated_.row_indices(positives_.users[static_cast<std::size_t>(n / options_.negatives)]);
      negatives_[n] = draw_negative(block[static_cast<int>(n % 4)], rated.data(), static_cast<int64_t>(rated.size()),
                                    rated_.columns);
    }
  }

  void gather(int64_t first, int64_t begin, int64_t end) {
    const int64_t per_positive = 1 + options_.negatives;
    for (int64_t n = begin; n < end; ++n) {
      const int64_t example = order_[first + n];
      const int64_t positive = example / per_positive, place = example % per_positive;
      users_[n] = positives_.users[static_cast<std::size_t>(positive)];
      items_[n] = place == 0 ? positives_.items[static_cast<std::size_t>(positive)]
                             : negatives_[positive * options_.negatives + place - 1];
      labels_[n] = place == 0 ? 1.0f : 0.0f;
    }
  }

  const SparseView rated_;
  const SamplerOptions options_;
  const Positives positives_;
  Buffer<int32_t> negatives_;  // (positives, negatives)
  RandomOrder order_;
  Buffer<int32_t> users_, items_;
  Buffer<float> labels_;
};

}  // namespace

std::unique_ptr<ExampleSampler> make_sampler_cpu(Context&, SparseView by_user, const SamplerOptions& options) {
  return std::make_unique<CpuSampler>(by_user, options);
}

}  // namespace matinee::neural_cf
