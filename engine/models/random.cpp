#include "engine/models/random.h"

#include "kernels/support/philox.h"

namespace matinee::engine {

void Random::train(Context&, const TrainingInput& input, TrainingMonitor&) {
  seed_ = input.seed;
}

void Random::save(TensorWriter& file) const {
  file.add<uint64_t>("seed", std::span(&seed_, 1), {1});
}

void Random::load(const TensorFile& file) {
  seed_ = file.get<uint64_t>("seed", {1})[0];
}

void Random::score(Context& context, const History&, std::span<const int32_t> users, MatrixView<float> scores) const {
  parallel_blocks(context, static_cast<int64_t>(users.size()), 16, [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      const Philox draws(
          seed_, stream_id(RandomStream::kRandomModel, static_cast<uint64_t>(users[static_cast<std::size_t>(row)])));
      for (int64_t item = 0; item < scores.columns; ++item) {
        scores(row, item) = static_cast<float>(draws.bits(static_cast<uint64_t>(item)) >> 40) * 0x1.0p-24f;
      }
    }
  });
}

}  // namespace matinee::engine
