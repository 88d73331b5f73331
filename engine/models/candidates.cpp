#include "engine/models/candidates.h"

#include <algorithm>

#include "engine/models/stored_candidates.h"
#include "engine/models/user_blocks.h"
#include "engine/rank_unseen.h"
#include "kernels/support/buffer.h"
#include "kernels/support/error.h"

namespace matinee::engine {
void Candidates::describe(Parameters& p) {
  p.model_reference("clusters", clusters_,
                    "A model of type clusters: what a user's cluster rates best are candidates. Empty: none of these.");
  p.model_reference("collaborative", collaborative_,
                    "A model that recommends, such as one of type item_similarity: what it scores best for a user are "
                    "candidates. Empty: none of these.");
  p.integer("most", most_, {.minimum = 1, .maximum = 100'000}, "items",
            "How many candidates each of the two gives a user at most; items that both give count once.");
  if (clusters_.empty() && collaborative_.empty() && !p.refused("clusters") && !p.refused("collaborative")) {
    p.reject("collaborative", "is needed where clusters is empty: name the model that gives the candidates");
  }
}

std::string Candidates::obstacle_to_reference(std::string_view parameter, const Model& other) const {
  if (parameter == "clusters" && other.user_clusters() == nullptr) {
    return fmt::format("clusters are those of a model of type \"clusters\", and it is of type \"{}\"", other.type());
  }
  if (other.recommends()) return "";
  return fmt::format("a model of type \"{}\" recommends nothing: name one that scores items, such as item_similarity",
                     other.type());
}

int64_t Candidates::host_bytes(const DataShape& shape) const {
  const int64_t block = users_at_once(shape.users, shape.items) * (shape.items * 4 + 16 * most_);
  return shape.users * (8 + 2 * 2 * std::min(most_, shape.items) * 4) + block;
}

void Candidates::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  sets_ = {};
  sets_.most = most_;
  items_ = input.by_item.rows;
  const int64_t users = input.by_user.rows;
  const int64_t length = std::max<int64_t>(std::min(most_, items_), 1);
  const History history{input.by_user, input.grid};
  std::vector<const Model*> sources;
  for (const std::string& name : {clusters_, collaborative_}) {
    if (!name.empty()) sources.push_back(input.references.at(name));
  }
  Buffer<float> scores(users_at_once(users, items_) * items_);
  std::vector<ranking::RankedItem> best(static_cast<std::size_t>(users_at_once(users, items_) * length));
  for_user_blocks(users, items_, [&](std::span<const int32_t> block) {
    const auto count = static_cast<int64_t>(block.size());
    const MatrixView<ranking::RankedItem> lists{best.data(), count, length, length};
    std::vector<std::vector<int32_t>> chosen(block.size());
    for (const Model* source : sources) {
      rank_unseen(context, *source, history, block, lists, {scores.data(), count, items_, items_});
      for (int64_t row = 0; row < count; ++row) {
        for (int64_t place = 0; place < length && lists(row, place).item >= 0; ++place) {
          chosen[static_cast<std::size_t>(row)].push_back(lists(row, place).item);
        }
      }
    }
    for (std::vector<int32_t>& items : chosen) {
      std::ranges::sort(items);
      sets_.items.insert(sets_.items.end(), items.begin(), std::unique(items.begin(), items.end()));
      sets_.offsets.push_back(static_cast<int64_t>(sets_.items.size()));
    }
    monitor.progress(static_cast<double>(sets_.users()), static_cast<double>(users), "users");
  });
  monitor.note(fmt::format("{:.0f} candidates a user, {} items a source at most",
                           users == 0 ? 0.0 : static_cast<double>(sets_.items.size()) / static_cast<double>(users),
                           most_));
}

void Candidates::save(TensorWriter& file) const {
  add_candidates(sets_, items_, file);
}

void Candidates::load(const TensorFile& file) {
  StoredCandidates stored = read_candidates(file);
  sets_ = std::move(stored.sets);
  items_ = stored.items;
}

}  // namespace matinee::engine
