#include "engine/models/early_stopping.h"

#include "kernels/support/philox.h"

namespace matinee::engine {

void EarlyStopping::describe_early_stopping(Parameters& p) {
  p.real(
      "validation_share", validation_share, {.minimum = 0, .maximum = 0.5}, "share of the training ratings",
      "Held out to see when more epochs no longer help: the model of the epoch with the least error on them remains; "
      "0: all ratings train for all epochs.");
  p.integer("patience", patience, {.minimum = 1, .maximum = 100000}, "epochs",
            "With a validation_share: training ends after so many epochs without a better one.");
}

ValidationSplit hold_out_for_validation(SparseView by_user, double share, uint64_t seed) {
  const Philox draws(seed, stream_id(RandomStream::kValidation));
  ValidationSplit split;
  for (SparseRatings* part : {&split.train, &split.validation}) {
    part->rows = by_user.rows;
    part->columns = by_user.columns;
  }
  for (int32_t user = 0; user < by_user.rows; ++user) {
    for (int64_t n = by_user.offsets[user]; n < by_user.offsets[user + 1]; ++n) {
      SparseRatings& part = draws.uniform(static_cast<uint64_t>(n)) < share ? split.validation : split.train;
      part.indices.push_back(by_user.indices[n]);
      part.levels.push_back(by_user.levels[n]);
    }
    split.train.offsets.push_back(split.train.size());
    split.validation.offsets.push_back(split.validation.size());
  }
  split.train_by_item = transposed(split.train);
  return split;
}

}  // namespace matinee::engine
