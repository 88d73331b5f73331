#include "host/readers/split_files.h"

#include "host/readers/dataset_files.h"
#include "host/readers/entry_index.h"
#include "host/readers/ratings_reader.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

using engine::Role;

constexpr int32_t kUnknown = -1;

// The indices in `known` of all of `ids`.
std::vector<int32_t> indices_in(const engine::IdMap& known, const engine::IdMap& ids) {
  std::vector<int32_t> indices;
  for (int32_t id = 0; id < ids.size(); ++id) indices.push_back(known.find(ids.id(id)).value_or(kUnknown));
  return indices;
}

class SplitFileReader {
 public:
  SplitFileReader(Context& context, const engine::Dataset& dataset, const DatasetSpec& spec,
                  std::vector<engine::InputFile>& inputs)
      : context_(context), dataset_(dataset), spec_(spec), inputs_(inputs), entries_(dataset.ratings) {}

  // Gives `role` to each rating that the file names. `untouched` is the role of those that no file has named.
  void assign(const std::string& name, Role role, Role untouched, std::vector<Role>& roles) {
    const std::string path = find_dataset_file(spec_, name);
    RatingsTable table = read_ratings(context_, spec_, path);
    const auto users = indices_in(dataset_.users, table.users);
    const auto items = indices_in(dataset_.items, table.items);
    for (int64_t line = 0; line < table.ratings.size(); ++line) {
      const auto row = static_cast<std::size_t>(line);
      const int32_t user = table.ratings.users[row], item = table.ratings.items[row];
      const auto entry = find(users[static_cast<std::size_t>(user)], items[static_cast<std::size_t>(item)]);
      const auto problem = [&](std::string_view text) {
        fail(ErrorKind::kInput, "{}:{}: user {}, item {}: {}", path, table.line_of(line), table.users.id(user),
             table.items.id(item), text);
      };
      if (!entry) problem("the ratings hold no such pair: does the split belong to this dataset?");
      const auto place = static_cast<std::size_t>(*entry);
      if (dataset_.ratings.levels[place] != table.ratings.levels[row]) {
        problem(fmt::format("the rating is {} here and {} in the ratings: does the split belong to this dataset?",
                            table.ratings.grid.value(table.ratings.levels[row]),
                            dataset_.ratings.grid.value(dataset_.ratings.levels[place])));
      }
      if (roles[place] == role) problem("the pair stands twice in this file: remove one line");
      if (roles[place] != untouched) problem("the pair is in the test file of this fold too: remove it from one");
      roles[place] = role;
    }
    inputs_.push_back(std::move(table.input));
  }

 private:
  std::optional<int64_t> find(int32_t user, int32_t item) const {
    if (user == kUnknown || item == kUnknown) return std::nullopt;
    return entries_.find(user, item);
  }

  Context& context_;
  const engine::Dataset& dataset_;
  const DatasetSpec& spec_;
  std::vector<engine::InputFile>& inputs_;
  EntryIndex entries_;
};

}  // namespace

engine::Split read_split_files(Context& context, const engine::Dataset& dataset, const DatasetSpec& spec,
                               std::vector<engine::InputFile>& inputs) {
  SplitFileReader reader(context, dataset, spec, inputs);
  engine::Split split;
  for (std::size_t fold = 0; fold < spec.split.test.size(); ++fold) {
    const Role untouched = spec.split.train.empty() ? Role::kTrain : Role::kUnused;
    auto& roles = split.folds.emplace_back(dataset.ratings.users.size(), untouched);
    reader.assign(spec.split.test[fold], Role::kTest, untouched, roles);
    if (!spec.split.train.empty()) reader.assign(spec.split.train[fold], Role::kTrain, untouched, roles);
  }
  return split;
}

}  // namespace matinee::host
