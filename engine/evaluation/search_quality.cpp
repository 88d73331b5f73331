#include "engine/evaluation/search_quality.h"

#include <algorithm>

#include "engine/evaluation/held_out.h"
#include "engine/evaluation/metric_names.h"
#include "engine/evaluation/ranking_metrics.h"
#include "engine/text/movie_title.h"
#include "engine/text/search_words.h"
#include "engine/text/split_words.h"
#include "engine/text/stop_words.h"
#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

constexpr int64_t kUsersAtOnce = 4096;  // between two reports of progress

// The words of a title that may be asked for.
std::vector<std::string> asked_words(const std::string& title) {
  std::vector<std::string> content, all;
  const std::string restored = restored_title(title);
  for (const std::string& word : words_of(restored)) {
    for (std::string& part : search_words(word)) {
      if (!is_english_stop_word(word) && !is_english_stop_word(part)) content.push_back(part);
      all.push_back(std::move(part));
    }
  }
  return content.empty() ? all : content;
}

// Of one ranking, summed over queries.
struct Sums {
  double reciprocal = 0;
  std::vector<double> gains;  // by cutoff

  void add(const Sums& other) {
    reciprocal += other.reciprocal;
    for (std::size_t n = 0; n < gains.size(); ++n) gains[n] += other.gains[n];
  }
};

class SearchMeasurement {
 public:
  explicit SearchMeasurement(const SearchQualityTask& task)
      : task_(task), held_out_(held_out_of(*task.fold, task.positive_from)) {
    for (const std::string& title : task.catalogue->titles) asked_.push_back(asked_words(title));
  }

  std::vector<Evaluation> run(Context& context, const std::function<void(double, double)>& progress) {
    const auto total = static_cast<int64_t>(held_out_.users.size());
    Sums words = zero(), taste = zero();
    int64_t queries = 0;
    for (int64_t first = 0; first < total; first += kUsersAtOnce) {
      std::vector<OfUser> measured(static_cast<std::size_t>(std::min(kUsersAtOnce, total - first)));
      parallel_blocks(context, static_cast<int64_t>(measured.size()), 16, [&](int64_t begin, int64_t end, int) {
        for (int64_t n = begin; n < end; ++n) {
          measured[static_cast<std::size_t>(n)] = measure(held_out_.users[static_cast<std::size_t>(first + n)]);
        }
      });
      for (const OfUser& user : measured) {  // in order: the same sum for any number of threads
        queries += user.queries;
        words.add(user.words);
        taste.add(user.taste);
      }
      progress(static_cast<double>(std::min(first + kUsersAtOnce, total)), static_cast<double>(total));
    }
    std::vector<Evaluation> evaluations;
    if (queries == 0) return evaluations;
    evaluations.push_back(evaluation(words, queries, false));
    if (task_.taste != nullptr) evaluations.push_back(evaluation(taste, queries, true));
    return evaluations;
  }

 private:
  struct OfUser {
    int64_t queries = 0;
    Sums words, taste;
  };

  Sums zero() const { return {0, std::vector<double>(task_.top_n.size())}; }

  OfUser measure(int32_t user) const {
    OfUser result{0, zero(), zero()};
    const SparseView relevant = held_out_.relevant.view();
    const auto rated = task_.fold->train.view().row_indices(user);
    const Philox draws(task_.seed, stream_id(RandomStream::kSearchQueries));
    for (const int32_t item : relevant.row_indices(user)) {
      const auto& words = asked_[static_cast<std::size_t>(item)];
      if (words.empty()) continue;
      const uint64_t pair = static_cast<uint64_t>(user) * asked_.size() + static_cast<uint64_t>(item);
      std::vector<MatchedDocument> matches = bm25(*task_.index, std::span(&words[draws.below(pair, words.size())], 1));
      std::erase_if(matches,
                    [&](const MatchedDocument& match) { return std::ranges::binary_search(rated, match.document); });
      const auto place = std::ranges::find(matches, item, &MatchedDocument::document);
      if (place == matches.end()) continue;  // rated in training too
      const auto number = static_cast<std::size_t>(place - matches.begin());
      ++result.queries;
      std::vector<double> scores;
      for (const MatchedDocument& match : matches) scores.push_back(match.score);
      add(scores, number, result.words);
      if (task_.taste == nullptr) continue;
      add(fused_scores(matches, *task_.taste, user, task_.personal), number, result.taste);
    }
    return result;
  }

  void add(const std::vector<double>& scores, std::size_t wanted, Sums& sums) const {
    int64_t better = 0, equal = 0;
    for (const double score : scores) {
      better += score > scores[wanted] ? 1 : 0;
      equal += score == scores[wanted] ? 1 : 0;
    }
    sums.reciprocal += mean_reciprocal_rank(better, equal);
    for (std::size_t n = 0; n < sums.gains.size(); ++n) sums.gains[n] += mean_gain(better, equal, task_.top_n[n]);
  }

  Evaluation evaluation(const Sums& sums, int64_t queries, bool personal) const {
    Evaluation evaluation;
    auto& protocol = evaluation.protocol;
    protocol.emplace_back("candidates", std::string("search"));
    protocol.emplace_back("ranking", std::string(personal ? "BM25 and taste" : "BM25"));
    if (personal) {
      protocol.emplace_back("model", task_.model);
      protocol.emplace_back("personal", task_.personal);
    }
    protocol.emplace_back("query",
                          std::string("one random word of the held-out title, no stop word where it has another"));
    protocol.emplace_back("searched",
                          std::string("titles and directors of items without a training rating of the user"));
    protocol.emplace_back("ties", std::string("mean over the places that equal scores share"));
    protocol.emplace_back("averaging", std::string("over queries, one a relevant held-out item"));
    if (task_.positive_from) protocol.emplace_back("relevant_from", *task_.positive_from);
    protocol.emplace_back("seed", static_cast<int64_t>(task_.seed));
    protocol.emplace_back("queries", queries);
    const auto count = static_cast<double>(queries);
    evaluation.metrics["mrr"] = sums.reciprocal / count;
    for (std::size_t n = 0; n < sums.gains.size(); ++n) {
      evaluation.metrics[at_length("ndcg", task_.top_n[n])] = sums.gains[n] / count;
    }
    return evaluation;
  }

  const SearchQualityTask& task_;
  HeldOut held_out_;
  std::vector<std::vector<std::string>> asked_;  // by item
};

}  // namespace

double mean_reciprocal_rank(int64_t better, int64_t equal) {
  double sum = 0;
  for (int64_t rank = better + 1; rank <= better + equal; ++rank) sum += 1 / static_cast<double>(rank);
  return sum / static_cast<double>(equal);
}

double mean_gain(int64_t better, int64_t equal, int64_t cutoff) {
  double sum = 0;
  for (int64_t rank = better + 1; rank <= std::min(better + equal, cutoff); ++rank) {
    sum += discount(rank);
  }
  return sum / static_cast<double>(equal);
}

std::vector<Evaluation> measure_search(Context& context, const SearchQualityTask& task,
                                       const std::function<void(double done, double total)>& progress) {
  return SearchMeasurement(task).run(context, progress);
}

}  // namespace matinee::engine
