#include "tests/support/model_tools.h"

#include <numeric>

#include "engine/artifacts/file_writer.h"

namespace matinee::test {

std::string saved_bytes(const engine::Model& model) {
  const TemporaryFolder folder;
  engine::TensorWriter writer;
  model.save(writer);
  writer.write(folder / "model.safetensors");
  return engine::read_file(folder / "model.safetensors");
}

void load_bytes(engine::Model& fresh, const std::string& bytes) {
  const TemporaryFolder folder;
  engine::write_file(folder / "model.safetensors", bytes);
  fresh.load(engine::TensorFile::read(folder / "model.safetensors"));
}

std::vector<float> all_scores(const engine::Model& model, const TrainingData& data, int threads) {
  const int64_t users = data.ratings.user_count, items = data.ratings.item_count;
  Context context({}, threads);
  std::vector<int32_t> everybody(static_cast<std::size_t>(users));
  std::iota(everybody.begin(), everybody.end(), 0);
  std::vector<float> scores(static_cast<std::size_t>(users * items));
  model.score(context, data.history(), everybody, {scores.data(), users, items, items});
  return scores;
}

StoppingMonitor::StoppingMonitor(int64_t stop_at, StoppingMonitor* earlier) : offers_left_(stop_at) {
  if (earlier != nullptr) found_ = std::move(earlier->kept_);
}

const engine::TensorFile* StoppingMonitor::checkpoint() {
  return found_ ? &*found_ : nullptr;
}

void StoppingMonitor::offer_checkpoint(const std::function<void(engine::TensorWriter&)>& write) {
  if (--offers_left_ != 0) return;
  engine::TensorWriter writer;
  write(writer);
  writer.write(folder_ / "checkpoint.safetensors");
  kept_ = engine::TensorFile::read(folder_ / "checkpoint.safetensors");
  throw engine::Stopped{};
}

bool train(engine::Model& model, const engine::TrainingInput& input, Context& context,
           engine::TrainingMonitor& monitor) {
  try {
    model.train(context, input, monitor);
  } catch (const engine::Stopped&) {
    return false;
  }
  return true;
}

bool train(engine::Model& model, const engine::TrainingInput& input, int threads, engine::TrainingMonitor& monitor) {
  Context context({}, threads);
  return train(model, input, context, monitor);
}

void train(engine::Model& model, const engine::TrainingInput& input, int threads) {
  engine::SilentMonitor monitor;
  train(model, input, threads, monitor);
}

}  // namespace matinee::test
