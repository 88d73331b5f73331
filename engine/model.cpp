#include "engine/model.h"

#include "kernels/support/error.h"

namespace matinee::engine {

void Model::predict(Context&, const History&, std::span<const int32_t>, std::span<const int32_t>,
                    std::span<float>) const {
  fail(ErrorKind::kConfig, "a model of type \"{}\" does not predict ratings", type());
}

std::vector<ScoredItem> Model::similar_items(int32_t, int64_t) const {
  return {};
}

}  // namespace matinee::engine
