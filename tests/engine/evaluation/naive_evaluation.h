#pragma once

// math.md §10 written down as plainly as it goes, for small data: no blocks, no selection, sets and loops.
#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "engine/data/split.h"
#include "tests/support/table_model.h"

namespace matinee::test {

struct NaiveRanking {
  double precision = 0, precision_macro = 0, recall = 0, recall_macro = 0, hit_rate = 0, ndcg = 0, coverage = 0;
  double novelty = 0, ils = 0;  // self-information, binary cosine
  int64_t users = 0;
};

using Pairs = std::set<std::pair<int32_t, int32_t>>;  // (user, item)

inline Pairs pairs_of(const engine::SparseRatings& ratings) {
  Pairs pairs;
  for (int32_t user = 0; user < ratings.rows; ++user) {
    for (const int32_t item : ratings.view().row_indices(user)) pairs.insert({user, item});
  }
  return pairs;
}

// The relevant held-out items of a user.
inline std::set<int32_t> naive_relevant(const engine::Ratings& test, int32_t user, double positive_from) {
  std::set<int32_t> relevant;
  for (std::size_t n = 0; n < test.users.size(); ++n) {
    if (test.users[n] == user && test.grid.value(test.levels[n]) >= positive_from) relevant.insert(test.items[n]);
  }
  return relevant;
}

inline std::vector<int32_t> naive_list(const TableModel& model, const engine::Fold& fold, const Pairs& train,
                                       int32_t user, std::size_t length) {
  std::vector<int32_t> list;
  for (int32_t item = 0; item < fold.train.columns; ++item) {
    if (!train.contains({user, item})) list.push_back(item);
  }
  std::stable_sort(list.begin(), list.end(),
                   [&](int32_t left, int32_t right) { return model.at(user, left) > model.at(user, right); });
  list.resize(std::min(length, list.size()));
  return list;
}

inline NaiveRanking naive_ranking(const TableModel& model, const engine::Fold& fold, std::size_t length,
                                  double positive_from) {
  const Pairs train = pairs_of(fold.train);
  const auto raters = [&](int32_t item) {
    std::set<int32_t> users;
    for (const auto& [user, rated] : train) {
      if (rated == item) users.insert(user);
    }
    return users;
  };
  std::vector<std::set<int32_t>> raters_of;
  std::set<int32_t> active;
  for (int32_t item = 0; item < fold.train.columns; ++item) raters_of.push_back(raters(item));
  for (const auto& [user, item] : train) active.insert(user);
  const auto items_rated =
      std::count_if(raters_of.begin(), raters_of.end(), [](const auto& set) { return !set.empty(); });

  NaiveRanking result;
  double hits = 0, listed = 0, relevant_items = 0, lists_with_pairs = 0;
  std::set<int32_t> covered;
  for (int32_t user = 0; user < fold.train.rows; ++user) {
    const auto relevant = naive_relevant(fold.test, user, positive_from);
    if (relevant.empty()) continue;
    const auto list = naive_list(model, fold, train, user, length);
    double user_hits = 0, gain = 0, ideal = 0, pairs = 0, similarity = 0;
    for (std::size_t place = 0; place < list.size(); ++place) {
      const auto& raters_here = raters_of[static_cast<std::size_t>(list[place])];
      const auto count = static_cast<double>(std::max<std::size_t>(raters_here.size(), 1));
      if (!raters_here.empty()) covered.insert(list[place]);
      result.novelty += -std::log2(count / static_cast<double>(active.size()));
      if (relevant.contains(list[place])) {
        ++user_hits;
        gain += 1 / std::log2(static_cast<double>(place) + 2);
      }
      for (std::size_t other = 0; other < place; ++other) {
        const auto& raters_there = raters_of[static_cast<std::size_t>(list[other])];
        const auto common = std::count_if(raters_here.begin(), raters_here.end(),
                                          [&](int32_t rater) { return raters_there.contains(rater); });
        ++pairs;
        if (common > 0) {
          similarity += static_cast<double>(common) /
                        std::sqrt(static_cast<double>(raters_here.size()) * static_cast<double>(raters_there.size()));
        }
      }
    }
    for (std::size_t place = 0; place < std::min(length, relevant.size()); ++place) {
      ideal += 1 / std::log2(static_cast<double>(place) + 2);
    }
    ++result.users;
    hits += user_hits;
    listed += static_cast<double>(list.size());
    relevant_items += static_cast<double>(relevant.size());
    result.precision_macro += user_hits / static_cast<double>(list.size());
    result.recall_macro += user_hits / static_cast<double>(relevant.size());
    result.hit_rate += user_hits > 0 ? 1 : 0;
    result.ndcg += gain / ideal;
    if (pairs > 0) {
      result.ils += similarity / pairs;
      ++lists_with_pairs;
    }
  }
  const auto users = static_cast<double>(result.users);
  result.precision = hits / listed;
  result.recall = hits / relevant_items;
  result.precision_macro /= users;
  result.recall_macro /= users;
  result.hit_rate /= users;
  result.ndcg /= users;
  result.coverage = static_cast<double>(covered.size()) / static_cast<double>(items_rated);
  result.novelty /= listed;
  result.ils = lists_with_pairs > 0 ? result.ils / lists_with_pairs : 0;
  return result;
}

}  // namespace matinee::test
