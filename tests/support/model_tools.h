#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/model.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/training_data.h"

namespace matinee::test {

// The file that save() leads to, as bytes.
std::string saved_bytes(const engine::Model& model);
// A model of the same kind as `fresh`, loaded from those bytes.
void load_bytes(engine::Model& fresh, const std::string& bytes);

// Scores of all users for all items (users × items), row by row.
std::vector<float> all_scores(const engine::Model& model, const TrainingData& data, int threads = 2);

// Keeps the checkpoint of offer number `stop_at` (1, 2 …) as a real file, and stops there. Starts from `earlier`'s.
class StoppingMonitor : public engine::SilentMonitor {
 public:
  explicit StoppingMonitor(int64_t stop_at, StoppingMonitor* earlier = nullptr);
  const engine::TensorFile* checkpoint() override;
  void offer_checkpoint(const std::function<void(engine::TensorWriter&)>& write) override;

 private:
  int64_t offers_left_;
  TemporaryFolder folder_;
  std::optional<engine::TensorFile> kept_, found_;
};

// Trains; false where the monitor stopped it.
bool train(engine::Model& model, const engine::TrainingInput& input, Context& context,
           engine::TrainingMonitor& monitor);
bool train(engine::Model& model, const engine::TrainingInput& input, int threads, engine::TrainingMonitor& monitor);
void train(engine::Model& model, const engine::TrainingInput& input, int threads = 2);

}  // namespace matinee::test
