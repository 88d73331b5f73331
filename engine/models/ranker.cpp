#include "engine/models/ranker.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/models/stored_candidates.h"
#include "engine/models/user_blocks.h"
#include "kernels/support/buffer.h"
#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

// The greatest number below all of `scores`.
float below(std::span<const float> scores) {
  if (scores.empty()) return 0;
  return std::nextafter(*std::ranges::min_element(scores), -std::numeric_limits<float>::max());
}

}  // namespace

void Ranker::describe(Parameters& p) {
  p.model_reference("candidates", candidates_, "The model of type candidates whose items are ordered.");
  p.model_reference("model", model_, "The model that recommends by whose scores they are ordered.");
  if (candidates_.empty() && !p.refused("candidates")) {
    p.reject("candidates", "is missing: name a model of type \"candidates\"");
  }
  if (model_.empty() && !p.refused("model")) p.reject("model", "is missing: name a model that recommends");
}

std::string Ranker::obstacle_to_reference(std::string_view parameter, const Model& other) const {
  if (parameter == "candidates" && (other.recommends() || other.candidates() == nullptr)) {
    return fmt::format("candidates are those of a model of type \"candidates\", and it is of type \"{}\"",
                       other.type());
  }
  if (parameter != "model" || other.recommends()) return "";
  return fmt::format("a model of type \"{}\" recommends nothing: name one that scores items", other.type());
}

int64_t Ranker::host_bytes(const DataShape& shape) const {
  constexpr int64_t kCandidates = 400;  // of a user, twice the default of `most`: theirs is not known here
  return shape.users * (8 + 2 * std::min(kCandidates, shape.items) * 8) +
         users_at_once(shape.users, shape.items) * shape.items * 4;
}

void Ranker::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  sets_ = *input.references.at(candidates_)->candidates();
  items_ = input.by_item.rows;
  const Model& model = *input.references.at(model_);
  const int64_t users = input.by_user.rows;
  const bool known = sets_.items.empty() || *std::ranges::max_element(sets_.items) < items_;
  if (sets_.users() != users || !known) {
    fail(ErrorKind::kConfig,
         "the candidates of \"{}\" are of {} users and other items than the ratings of {} users and "
         "{} items",
         candidates_, sets_.users(), users, items_);
  }
  scores_.clear();
  Buffer<float> scores(users_at_once(users, items_) * items_);
  const History history{input.by_user, input.grid};
  for_user_blocks(users, items_, [&](std::span<const int32_t> numbers) {
    const MatrixView<float> block{scores.data(), static_cast<int64_t>(numbers.size()), items_, items_};
    model.score(context, history, numbers, block);
    for (std::size_t row = 0; row < numbers.size(); ++row) {
      for (const int32_t item : sets_.of(numbers[row])) {
        scores_.push_back(checked(block(static_cast<int64_t>(row), item), numbers[row], item));
      }
    }
    monitor.progress(static_cast<double>(numbers.back() + 1), static_cast<double>(users), "users");
  });
}

// A finite score that has a number below it.
float Ranker::checked(float score, int32_t user, int32_t item) const {
  if (std::isnan(score)) {
    fail(ErrorKind::kDiverged, "the score of user {} for item {} is not a number: model \"{}\" diverged", user, item,
         model_);
  }
  constexpr float kGreatest = std::numeric_limits<float>::max();
  return std::clamp(score, -kGreatest / 2, kGreatest);
}

void Ranker::save(TensorWriter& file) const {
  add_candidates(sets_, items_, file);
  file.add("scores", scores_);
}

void Ranker::load(const TensorFile& file) {
  StoredCandidates stored = read_candidates(file);
  const auto scores = file.finite("scores", {static_cast<int64_t>(stored.sets.items.size())});
  scores_.assign(scores.begin(), scores.end());
  sets_ = std::move(stored.sets);
  items_ = stored.items;
}

void Ranker::score(Context& context, const History&, std::span<const int32_t> users, MatrixView<float> scores) const {
  for (const int32_t user : users) {
    if (scores.columns == items_ && user >= 0 && user < sets_.users()) continue;
    fail(ErrorKind::kArtifact,
         "the ranker knows {} users and {} items, and user {} is to be scored for {} items; train it on these data",
         sets_.users(), items_, user, scores.columns);
  }
  parallel_blocks(context, static_cast<int64_t>(users.size()), 16, [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      const int32_t user = users[static_cast<std::size_t>(row)];
      const auto items = sets_.of(user);
      const auto of_items = std::span(scores_).subspan(
          static_cast<std::size_t>(sets_.offsets[static_cast<std::size_t>(user)]), items.size());
      std::fill_n(scores.row(row), items_, below(of_items));
      for (std::size_t n = 0; n < items.size(); ++n) scores(row, items[n]) = of_items[n];
    }
  });
}

}  // namespace matinee::engine
