#include "engine/model.h"

#include "kernels/support/error.h"

namespace matinee::engine {

void Model::score(Context&, const History&, std::span<const int32_t>, MatrixView<float>) const {
  fail(ErrorKind::kConfig, "a model of type \"{}\" does not recommend", type());
}

void Model::predict(Context&, const History&, std::span<const int32_t>, std::span<const int32_t>,
                    std::span<float>) const {
  fail(ErrorKind::kConfig, "a model of type \"{}\" does not predict ratings", type());
}

void Model::score_on_device(Context& context, const History&, std::span<const int32_t>, const DeviceMatrix&) const {
  fail(ErrorKind::kDevice, "a model of type \"{}\" does not score on {}", type(), to_string(context.device()));
}

std::unique_ptr<ItemComparison> Model::item_comparison(Context&, const TrainingInput&) const {
  fail(ErrorKind::kConfig, "a model of type \"{}\" does not compare items", type());
}

std::vector<ScoredItem> Model::similar_items(int32_t, int64_t) const {
  return {};
}

}  // namespace matinee::engine
