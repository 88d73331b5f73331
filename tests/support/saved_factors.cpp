#include "tests/support/saved_factors.h"

#include <cmath>

#include "tests/support/temporary_folder.h"

namespace matinee::test {

SavedFactors::SavedFactors(const engine::Model& model) {
  const TemporaryFolder folder;
  engine::TensorWriter writer;
  model.save(writer);
  writer.write(folder / "model.safetensors");
  const auto file = engine::TensorFile::read(folder / "model.safetensors");
  factors = file.shape("user_factors")[1];
  const auto p_values = file.get<float>("user_factors", {-1, -1}), q_values = file.get<float>("item_factors", {-1, -1});
  user_factors.assign(p_values.begin(), p_values.end());
  item_factors.assign(q_values.begin(), q_values.end());
  user_biases = file.vector<float>("user_biases");
  item_biases = file.vector<float>("item_biases");
  mean = file.get<float>("mean", {1})[0];
}

double SavedFactors::p(int64_t user, int64_t k) const {
  return static_cast<double>(user_factors[static_cast<std::size_t>(user * factors + k)]);
}

double SavedFactors::q(int64_t item, int64_t k) const {
  return static_cast<double>(item_factors[static_cast<std::size_t>(item * factors + k)]);
}

double SavedFactors::predict(int64_t user, int64_t item) const {
  double sum = static_cast<double>(mean);
  sum += static_cast<double>(user_biases[static_cast<std::size_t>(user)]);
  sum += static_cast<double>(item_biases[static_cast<std::size_t>(item)]);
  for (int64_t k = 0; k < factors; ++k) sum += p(user, k) * q(item, k);
  return sum;
}

double SavedFactors::item_cosine(int64_t a, int64_t b) const {
  double product = 0, squares_a = 0, squares_b = 0;
  for (int64_t k = 0; k < factors; ++k) {
    product += q(a, k) * q(b, k);
    squares_a += q(a, k) * q(a, k);
    squares_b += q(b, k) * q(b, k);
  }
  return product / std::sqrt(squares_a * squares_b);
}

double mean_unit_rating(const TrainingData& data) {
  double sum = 0;
  for (const uint8_t level : data.ratings.levels) sum += level;
  const auto& grid = data.ratings.grid;
  return (sum / static_cast<double>(data.ratings.size()) - grid.minimum_level) /
         (grid.maximum_level - grid.minimum_level);
}

}  // namespace matinee::test
