#pragma once

#include "engine/model.h"
#include "engine/models/factor_state.h"
#include "engine/models/sgd_training.h"
#include "kernels/factorization/rating_update.h"
#include "kernels/factorization/score_items.h"

namespace matinee::engine {

// What mf, pmf and ials share: vectors of users and items whose dot product predicts a rating or, for ials, a
// preference.
class FactorModel : public Model {
 public:
  int64_t host_bytes(const DataShape& shape) const override;
  bool trains_on_cuda() const override { return true; }
  int64_t device_bytes(const DataShape& shape) const override;
  bool can_start_from_another() const override { return true; }
  // Only from another FactorModel with as many factors and the same link, which predicts ratings if this one does.
  std::string obstacle_to_start_from(const Model& other) const override;
  void save(TensorWriter& file) const override;
  void load(const TensorFile& file) override;
  // The predicted rating; with a logistic link what goes into it, which orders items alike and never saturates.
  void score(Context& context, const History& history, std::span<const int32_t> users,
             MatrixView<float> scores) const override;
  bool scores_on_cuda() const override { return true; }
  int64_t scoring_device_bytes(const DataShape& shape) const override;
  void score_on_device(Context& context, const History& history, std::span<const int32_t> users,
                       const DeviceMatrix& scores) const override;
  bool predicts_ratings() const override { return true; }
  void predict(Context& context, const History& history, std::span<const int32_t> users, std::span<const int32_t> items,
               std::span<float> ratings) const override;
  // By cosine of the items' vectors.
  std::vector<ScoredItem> similar_items(int32_t item, int64_t count) const override;
  bool has_taste_vectors() const override { return true; }
  TasteVectors taste_vectors() const override { return {state_.user_view(), state_.item_view()}; }

 protected:
  // Fills in the values of `task` for `link` and trains from scratch, input.initial or a checkpoint. `centre`: the
  // constant of the model is the training mean, else 0.
  void train_factors(Context& context, const TrainingInput& input, const SgdOptions& options, bool centre,
                     SgdTask& task, TrainingMonitor& monitor);

  virtual int64_t factors_parameter() const = 0;
  virtual factorization::Storage storage_parameter() const { return factorization::Storage::kFp32; }
  virtual factorization::Link link_parameter() const { return factorization::Link::kIdentity; }
  virtual int64_t examples_per_rating() const { return 1; }  // of an epoch: more where negatives are drawn

  // What training starts from: the state of input.initial, or null. Throws Error(kConfig) where it does not fit.
  const FactorState* initial_state(const TrainingInput& input) const;
  // Takes over what was trained, in training form.
  void adopt_trained(FactorState state, factorization::Link link, const RatingGrid& grid);
  // Bytes of the trained model.
  int64_t model_bytes(const DataShape& shape) const;

 private:
  factorization::ScoringModel scoring_model() const;
  void adopt(FactorState state);
  // Throws Error(kArtifact) where the model was made for other data.
  void require_known(int64_t largest_user, int64_t items) const;

  FactorState state_;
  Buffer<float> item_panels_;  // the item factors once more, as scoring reads them
  factorization::Link link_ = factorization::Link::kIdentity;
  float minimum_ = 0, maximum_ = 1;  // of the ratings: what 0 and 1 mean behind a logistic link
};

}  // namespace matinee::engine
