#include "host/readers/ncf_files.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <functional>
#include <numeric>
#include <optional>

#include "host/readers/dataset_files.h"
#include "host/readers/entry_index.h"
#include "host/readers/fields.h"
#include "host/readers/line_blocks.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

constexpr int32_t kUnknown = -1;

// A place in a file, for messages.
struct Place {
  const std::string& path;
  int64_t line = 0;
};

template <typename... Args>
[[noreturn]] void fail_at(const Place& place, fmt::format_string<Args...> format, Args&&... args) {
  fail(ErrorKind::kInput, "{}:{}: {}", place.path, place.line, fmt::format(format, std::forward<Args>(args)...));
}

// Calls take(fields, place) for each line that is not blank.
engine::InputFile for_each_line(const std::string& path, const std::string& delimiter,
                                const std::function<void(const std::vector<std::string_view>&, const Place&)>& take) {
  LineBlocks lines(path);
  Place place{path};
  std::string block;
  while (lines.next(block)) {
    FieldSplitter splitter({delimiter, false});
    std::string_view text = block, line;
    while (take_line(text, line)) {
      ++place.line;
      if (!line.empty()) take(*splitter.split(line), place);
    }
  }
  if (place.line == 0) fail(ErrorKind::kInput, "{}: is empty: is it whole?", path);
  return lines.input();
}

// The dataset's indices in order of first appearance: the numbers of the protocol, whatever ids were known before.
std::vector<int32_t> by_first_appearance(const std::vector<int32_t>& column, int32_t count) {
  std::vector<bool> seen(static_cast<std::size_t>(count), false);
  std::vector<int32_t> order;
  for (const int32_t index : column) {
    if (seen[static_cast<std::size_t>(index)]) continue;
    seen[static_cast<std::size_t>(index)] = true;
    order.push_back(index);
  }
  return order;
}

class NcfReader {
 public:
  NcfReader(const engine::Dataset& dataset, const DatasetSpec& spec, std::vector<engine::InputFile>& inputs)
      : dataset_(dataset), ratings_(dataset.ratings), spec_(spec), inputs_(inputs), entries_(dataset.ratings) {
    users_ = by_first_appearance(ratings_.users, ratings_.user_count);
    if (spec.split.item_map.empty()) {
      items_ = by_first_appearance(ratings_.items, ratings_.item_count);
    } else {
      read_item_map();
    }
  }

  NcfSplit read() {
    NcfSplit split;
    read_test(split.split);
    read_negatives();
    collect(split.sampled);
    return split;
  }

 private:
  struct Line {
    int32_t user, item;
    std::vector<int32_t> candidates;
    bool listed = false;  // by the file of negatives
  };

  int32_t index_of(std::string_view text, const std::vector<int32_t>& indices, std::string_view what,
                   const Place& place) const {
    std::size_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size()) {
      fail_at(place, "\"{}\" is not a number of {}: correct the line", text, what);
    }
    if (number >= indices.size() || indices[number] == kUnknown) {
      fail_at(place, "{} number {} is not among the {} of the ratings: does the file belong to this dataset?", what,
              number, indices.size());
    }
    return indices[number];
  }

  void read_item_map() {
    const std::string path = find_dataset_file(spec_, spec_.split.item_map);
    inputs_.push_back(for_each_line(path, ",", [&](const auto& fields, const Place& place) {
      if (fields.size() != 2)
        fail_at(place, "expected the columns ncf_item,movie_id, found {} columns: correct the line", fields.size());
      if (place.line == 1 && fields[0] == "ncf_item" && fields[1] == "movie_id") return;
      if (place.line == 1) fail_at(place, "expected the header ncf_item,movie_id: put it before the first line");
      std::size_t number = 0;
      const auto [end, problem] = std::from_chars(fields[0].data(), fields[0].data() + fields[0].size(), number);
      if (problem != std::errc() || end != fields[0].data() + fields[0].size() || number != items_.size()) {
        fail_at(place, "expected item number {}, found \"{}\": list all items in order", items_.size(), fields[0]);
      }
      items_.push_back(dataset_.items.find(fields[1]).value_or(kUnknown));
    }));
  }

  void read_test(engine::Split& split) {
    auto& roles = split.folds.emplace_back(ratings_.users.size(), engine::Role::kTrain);
    const std::string path = find_dataset_file(spec_, spec_.split.test.front());
    line_of_user_.assign(static_cast<std::size_t>(ratings_.user_count), -1);
    inputs_.push_back(for_each_line(path, "\t", [&](const auto& fields, const Place& place) {
      if (fields.size() != 3 && fields.size() != 4) {
        fail_at(place,
                "expected user, item, rating and timestamp separated by tabs, found {} columns: correct the line",
                fields.size());
      }
      const int32_t user = index_of(fields[0], users_, "user", place);
      const int32_t item = index_of(fields[1], items_, "item", place);
      auto& line = line_of_user_[static_cast<std::size_t>(user)];
      if (line >= 0) fail_at(place, "user number {} is tested twice: remove one line", fields[0]);
      line = static_cast<int64_t>(lines_.size());
      lines_.push_back({user, item, {}});
      roles[tested_entry(user, item, fields[2], place)] = engine::Role::kTest;
    }));
  }

  std::size_t tested_entry(int32_t user, int32_t item, std::string_view rating, const Place& place) const {
    const auto entry = entries_.find(user, item);
    const std::string &user_id = dataset_.users.id(user), &item_id = dataset_.items.id(item);
    if (!entry) {
      fail_at(place,
              "user {} has no rating of item {}: users and items are numbered by first appearance in the ratings "
              "file, or name the numbering of the items by dataset.split.item_map",
              user_id, item_id);
    }
    double value = 0;
    const auto [end, problem] = std::from_chars(rating.data(), rating.data() + rating.size(), value);
    const double known = ratings_.grid.value(ratings_.levels[static_cast<std::size_t>(*entry)]);
    if (problem != std::errc() || end != rating.data() + rating.size() || !(std::abs(value - known) < 1e-9)) {
      fail_at(
          place,
          "the rating of user {} and item {} is {} here and {} in the ratings: does the file belong to this dataset?",
          user_id, item_id, rating, known);
    }
    return static_cast<std::size_t>(*entry);
  }

  void read_negatives() {
    const std::string path = find_dataset_file(spec_, spec_.split.negatives);
    inputs_.push_back(for_each_line(path, "\t", [&](const auto& fields, const Place& place) {
      const std::string_view pair = fields[0];
      const std::size_t comma = pair.find(',');
      if (!pair.starts_with('(') || !pair.ends_with(')') || comma == std::string_view::npos) {
        fail_at(place, "expected (user,item) and the negatives, separated by tabs, found \"{}\": correct the line",
                pair.substr(0, 40));
      }
      const int32_t user = index_of(pair.substr(1, comma - 1), users_, "user", place);
      const int32_t item = index_of(pair.substr(comma + 1, pair.size() - comma - 2), items_, "item", place);
      const int64_t number = line_of_user_[static_cast<std::size_t>(user)];
      if (number < 0 || lines_[static_cast<std::size_t>(number)].item != item) {
        fail_at(place, "the pair {} is not in the test file: do both files belong together?", pair);
      }
      Line& line = lines_[static_cast<std::size_t>(number)];
      if (line.listed) fail_at(place, "the pair {} is listed twice: remove one line", pair);
      line.listed = true;
      for (std::size_t field = 1; field < fields.size(); ++field) {
        const int32_t negative = index_of(fields[field], items_, "item", place);
        if (negative != item) {
          line.candidates.push_back(negative);
        } else {
          ++dropped_;
        }
      }
    }));
  }

  void collect(engine::CandidateLists& lists) {
    const engine::InputFile& file = inputs_.back();
    std::sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) { return a.user < b.user; });
    for (const Line& line : lines_) {
      if (!line.listed) {
        fail(ErrorKind::kInput, "{}: has no line for user {}, who is tested: do both files belong together?", file.path,
             dataset_.users.id(line.user));
      }
      lists.users.push_back(line.user);
      lists.items.insert(lists.items.end(), line.candidates.begin(), line.candidates.end());
      lists.offsets.push_back(static_cast<int64_t>(lists.items.size()));
    }
    lists.dropped = dropped_;
    lists.source = std::filesystem::path(file.path).filename().string();
    lists.sha256 = file.sha256;
  }

  const engine::Dataset& dataset_;
  const engine::Ratings& ratings_;
  const DatasetSpec& spec_;
  std::vector<engine::InputFile>& inputs_;
  EntryIndex entries_;
  std::vector<int32_t> users_, items_;  // the protocol's number -> index in the dataset
  std::vector<Line> lines_;
  std::vector<int64_t> line_of_user_;  // index into lines_, -1: not tested
  int64_t dropped_ = 0;
};

}  // namespace

NcfSplit read_ncf_files(const engine::Dataset& dataset, const DatasetSpec& spec,
                        std::vector<engine::InputFile>& inputs) {
  return NcfReader(dataset, spec, inputs).read();
}

}  // namespace matinee::host
