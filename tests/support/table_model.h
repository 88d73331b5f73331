#pragma once

#include <vector>

#include "engine/model.h"

namespace matinee::test {

// A model that says what it is told: scores(user, item) = table[user × items + item], which is its rating too.
class TableModel : public engine::Model {
 public:
  TableModel(int64_t items, std::vector<float> table, bool predicts)
      : items_(items), table_(std::move(table)), predicts_(predicts) {}

  std::string_view type() const override { return "table"; }
  void describe(engine::Parameters&) override {}
  int64_t host_bytes(const engine::DataShape&) const override { return 0; }
  void train(Context&, const engine::TrainingInput&, engine::TrainingMonitor&) override {}
  void save(engine::TensorWriter&) const override {}
  void load(const engine::TensorFile&) override {}
  void score(Context&, const engine::History&, std::span<const int32_t> users,
             MatrixView<float> scores) const override {
    for (std::size_t row = 0; row < users.size(); ++row) {
      for (int32_t item = 0; item < items_; ++item) scores(static_cast<int64_t>(row), item) = at(users[row], item);
    }
  }
  bool predicts_ratings() const override { return predicts_; }
  void predict(Context&, const engine::History&, std::span<const int32_t> users, std::span<const int32_t> items,
               std::span<float> ratings) const override {
    for (std::size_t n = 0; n < users.size(); ++n) ratings[n] = at(users[n], items[n]);
  }

  float& at(int32_t user, int32_t item) { return table_[static_cast<std::size_t>(user * items_ + item)]; }
  float at(int32_t user, int32_t item) const { return table_[static_cast<std::size_t>(user * items_ + item)]; }

 private:
  int64_t items_;
  std::vector<float> table_;
  bool predicts_;
};

}  // namespace matinee::test
