#include "engine/models/ials.h"

#include <utility>

#include "kernels/factorization/als_sweep.h"

namespace matinee::engine {

int64_t Ials::host_bytes(const DataShape& shape) const {
  return model_bytes(shape) + factorization::als_bytes(shape.users, shape.items, options_.factors);
}

int64_t Ials::device_bytes(const DataShape& shape) const {
  return factorization::als_device_bytes(shape.users, shape.items, shape.ratings, options_.factors);
}

void Ials::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  const FactorState* initial = initial_state(input);
  FactorState state = FactorState::zeros(input.by_user.rows, input.by_item.rows, options_.factors);
  train_by_als(context, input, options_, initial, monitor, state);
  adopt_trained(std::move(state), factorization::Link::kIdentity, input.grid);
}

}  // namespace matinee::engine
