#include "engine/text/subwords.h"

#include <algorithm>
#include <limits>
#include <queue>

#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

constexpr std::size_t kLongestPiece = 256;  // bytes

constexpr uint64_t pair_key(int32_t left, int32_t right) {
  return static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32 | static_cast<uint32_t>(right);
}

// Replaces each `left` `right` of `ids` by `id`, from the left.
void join(std::vector<int32_t>& ids, int32_t left, int32_t right, int32_t id) {
  std::size_t to = 0;
  for (std::size_t from = 0; from < ids.size(); ++to) {
    const bool here = from + 1 < ids.size() && ids[from] == left && ids[from + 1] == right;
    ids[to] = here ? id : ids[from];
    from += here ? 2 : 1;
  }
  ids.resize(to);
}

std::vector<int32_t> bytes_of(std::string_view text) {
  std::vector<int32_t> ids;
  for (const char letter : text) ids.push_back(static_cast<unsigned char>(letter));
  return ids;
}

// How often each pair of pieces stands in the words, kept up to date while pairs are joined.
class PairCounts {
 public:
  PairCounts(std::span<const std::string> words, std::span<const int64_t> counts) : counts_(counts) {
    for (const std::string& word : words) words_.push_back(bytes_of(word));
    for (std::size_t word = 0; word < words_.size(); ++word) count(word, 1);
    changed_.clear();
    for (const auto& [key, pair] : pairs_) queue_.push({pair.count, key});
  }

  // The most frequent pair, as key; false where none stands more than once.
  bool most_frequent(uint64_t& key) {
    while (!queue_.empty()) {
      const Entry entry = queue_.top();
      queue_.pop();
      const int64_t now = pairs_.at(entry.key).count;
      if (now == entry.count && now > 1) {
        key = entry.key;
        return true;
      }
    }
    return false;
  }

  void join_everywhere(uint64_t key, int32_t id) {
    std::vector<std::size_t> places = std::move(pairs_.at(key).words);
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    for (const std::size_t word : places) {
      count(word, -1);
      join(words_[word], static_cast<int32_t>(key >> 32), static_cast<int32_t>(key), id);
      count(word, 1);
    }
    std::sort(changed_.begin(), changed_.end());
    changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
    for (const uint64_t pair : changed_) queue_.push({pairs_.at(pair).count, pair});
    changed_.clear();
  }

 private:
  struct Pair {
    int64_t count = 0;
    std::vector<std::size_t> words;  // those that may have it
  };
  struct Entry {
    int64_t count;
    uint64_t key;
    // The smaller ids come first among equals.
    bool operator<(const Entry& other) const { return count != other.count ? count < other.count : key > other.key; }
  };

  void count(std::size_t word, int64_t sign) {
    const std::vector<int32_t>& ids = words_[word];
    for (std::size_t n = 0; n + 1 < ids.size(); ++n) {
      const uint64_t key = pair_key(ids[n], ids[n + 1]);
      Pair& pair = pairs_[key];
      pair.count += sign * counts_[word];
      if (sign > 0 && (pair.words.empty() || pair.words.back() != word)) pair.words.push_back(word);
      if (changed_.empty() || changed_.back() != key) changed_.push_back(key);
    }
  }

  std::span<const int64_t> counts_;
  std::vector<std::vector<int32_t>> words_;
  std::unordered_map<uint64_t, Pair> pairs_;
  std::priority_queue<Entry> queue_;
  std::vector<uint64_t> changed_;
};

}  // namespace

Subwords::Subwords() {
  for (int byte = 0; byte < kBytes; ++byte) {
    texts_.emplace_back(1, static_cast<char>(byte));
    ids_[texts_.back()] = byte;
  }
}

std::optional<int32_t> Subwords::find(std::string_view piece) const {
  const auto found = ids_.find(std::string(piece));
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

void Subwords::add(int32_t left, int32_t right) {
  joined_[pair_key(left, right)] = size();
  pairs_.push_back(left);
  pairs_.push_back(right);
  texts_.push_back(text(left) + text(right));
  ids_.try_emplace(texts_.back(), size() - 1);
}

Subwords Subwords::learn(std::span<const std::string> words, std::span<const int64_t> counts, int64_t size) {
  Subwords subwords;
  PairCounts pairs(words, counts);
  uint64_t key = 0;
  while (subwords.size() < size && pairs.most_frequent(key)) {
    pairs.join_everywhere(key, subwords.size());
    subwords.add(static_cast<int32_t>(key >> 32), static_cast<int32_t>(key));
  }
  return subwords;
}

void Subwords::encode(std::string_view text, std::vector<int32_t>& ids) const {
  std::vector<int32_t> pieces = bytes_of(text);
  while (true) {
    int32_t first = std::numeric_limits<int32_t>::max();
    for (std::size_t n = 0; n + 1 < pieces.size(); ++n) {
      const auto found = joined_.find(pair_key(pieces[n], pieces[n + 1]));
      if (found != joined_.end()) first = std::min(first, found->second);
    }
    if (first == std::numeric_limits<int32_t>::max()) break;
    const auto pair = static_cast<std::size_t>(2 * (first - kBytes));
    join(pieces, pairs_[pair], pairs_[pair + 1], first);
  }
  ids.insert(ids.end(), pieces.begin(), pieces.end());
}

void Subwords::save(TensorWriter& file) const {
  file.add<int32_t>("subwords", pairs_, {static_cast<int64_t>(pairs_.size() / 2), 2});
}

Subwords Subwords::load(const TensorFile& file) {
  const auto pairs = file.get<int32_t>("subwords", {-1, 2});
  Subwords subwords;
  for (std::size_t n = 0; n < pairs.size(); n += 2) {
    const int32_t left = pairs[n], right = pairs[n + 1], size = subwords.size();
    const bool sound = left >= 0 && left < size && right >= 0 && right < size &&
                       !subwords.joined_.contains(pair_key(left, right)) &&
                       subwords.text(left).size() + subwords.text(right).size() <= kLongestPiece + 1;
    if (!sound) {
      fail(ErrorKind::kArtifact,
           "{}: piece {} of the subwords is damaged. Publish an intact run (matinee rollback) or train again",
           file.path().string(), size);
    }
    subwords.add(left, right);
  }
  return subwords;
}

}  // namespace matinee::engine
