#pragma once

#include <cstdint>
#include <vector>

#include "engine/model.h"
#include "kernels/similarity/neighbour_scores.h"
#include "kernels/similarity/top_neighbours.h"

namespace matinee::engine {

// What models share that score by the most similar items of each item, or users of each user (math.md §1). Saved are
// the lists, with the similarities, and the mean ratings that predictions go back to.
class NeighbourModel : public Model {
 public:
  bool scores_on_cuda() const override { return true; }
  int64_t scoring_device_bytes(const DataShape& shape) const override;
  void save(TensorWriter& file) const override;
  void load(const TensorFile& file) override;
  void score(Context& context, const History& history, std::span<const int32_t> users,
             MatrixView<float> scores) const override;
  void score_on_device(Context& context, const History& history, std::span<const int32_t> users,
                       const DeviceMatrix& scores) const override;
  bool predicts_ratings() const override { return true; }
  void predict(Context& context, const History& history, std::span<const int32_t> users, std::span<const int32_t> items,
               std::span<float> ratings) const override;
  // Empty with axis users, where nothing is known of similar items.
  std::vector<ScoredItem> similar_items(int32_t item, int64_t count) const override;

 protected:
  enum class Axis { kItems, kUsers };
  enum class Feedback { kRatings, kBinary };

  // Compressed rows, as in similarity::NeighbourLists.
  struct Lists {
    std::vector<int64_t> offsets = {0};
    std::vector<int32_t> indices;
    std::vector<float> weights;

    int32_t rows() const { return static_cast<int32_t>(offsets.size()) - 1; }
    similarity::NeighbourLists view() const { return {rows(), offsets.data(), indices.data(), weights.data()}; }
    void append(const similarity::NeighbourRows& found);
  };

  // Of the parameters: how many neighbours each row keeps.
  virtual int64_t neighbours_parameter() const = 0;

  // Places in a list: as many as the parameters say, where there are so many other rows.
  int64_t list_width(int64_t rows) const;
  // Of lists for so many rows, in both orders, and of their means.
  int64_t list_bytes(int64_t rows) const;
  void add_lists(TensorWriter& file) const;
  // `rows`: how many there are in the end; a checkpoint has the lists of the first ones.
  Lists checked_lists(const TensorFile& file, int32_t rows) const;
  // Takes over what was found for these ratings.
  void adopt(Lists similar, const TrainingInput& input);

  Axis axis_ = Axis::kItems;
  bool normalize_rows_ = false;
  Feedback feedback_ = Feedback::kRatings;
  Lists similar_;  // best first; the weights are similarities

 private:
  template <typename Matrix>
  void score_into(Context& context, const History& history, std::span<const int32_t> users, const Matrix& scores) const;
  void set_means(const TrainingInput& input);
  void prepare_scores();
  similarity::LevelValues level_values(const RatingGrid& grid) const;

  std::vector<float> means_;  // (rows of the axis), mean rating; without ratings, of all
  float mean_ = 0;            // of all ratings
  Lists scoring_;             // axis items: similar_ transposed; users: similar_; normalized where asked for
};

}  // namespace matinee::engine
