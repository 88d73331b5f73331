#include "host/config/json_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "host/config/read_value.h"
#include "host/config/suggestions.h"

namespace matinee::host {
namespace {

// Reads a list, or one value that stands for a list of one, element by element.
template <typename T, typename Read>
void read_list(const Json& value, const std::string& pointer, std::vector<T>& result, const Read& read) {
  std::vector<T> list;
  bool whole = true;
  const auto append = [&](const Json& element, const std::string& place) {
    const auto found = read(element, place);
    if (found) list.push_back(*found);
    whole &= found.has_value();
  };
  if (value.is_array()) {
    for (std::size_t index = 0; index < value.size(); ++index) append(value[index], child_pointer(pointer, index));
  } else {
    append(value, pointer);
  }
  if (whole) result = std::move(list);
}

}  // namespace

void ReadSession::report_unknown_keys() {
  for (const UnknownKey& key : unknown) {
    std::string advice = suggestion(key.key, key.siblings);
    if (nearest_name(key.key, key.siblings).empty()) {
      const std::string ending = child_pointer("", key.key);
      const auto elsewhere =
          std::ranges::find_if(accepted, [&](const std::string& pointer) { return pointer.ends_with(ending); });
      if (elsewhere != accepted.end()) advice = fmt::format("did you mean {}?", *elsewhere);
    }
    errors.add(key.pointer, fmt::format("unknown key; {}", advice));
  }
}

JsonReader::JsonReader(ReadSession& session, const Json* group, std::string pointer)
    : session_(session), group_(group), pointer_(std::move(pointer)) {
  if (group_ != nullptr && !group_->is_object()) {
    session_.errors.add(pointer_, fmt::format("expected a group {{…}}, found {}", shown(*group_)));
    group_ = nullptr;
  }
}

JsonReader::~JsonReader() {
  if (group_ == nullptr) return;
  for (const auto& member : group_->items()) {
    if (std::ranges::find(names_, member.key()) != names_.end()) continue;
    session_.unknown.push_back({child_pointer(pointer_, member.key()), member.key(), names_});
  }
}

const Json* JsonReader::take(std::string_view name) {
  names_.emplace_back(name);
  session_.accepted.insert(child_pointer(pointer_, name));
  if (group_ == nullptr) return nullptr;
  const auto member = group_->find(std::string(name));
  return member == group_->end() ? nullptr : &*member;
}

void JsonReader::integer(std::string_view name, int64_t& value, engine::Range<int64_t> range, std::string_view unit,
                         std::string_view) {
  const Json* found = take(name);
  if (found == nullptr) return;
  value = read_integer(*found, child_pointer(pointer_, name), range, unit, session_.errors).value_or(value);
}

void JsonReader::real(std::string_view name, double& value, engine::Range<double> range, std::string_view unit,
                      std::string_view) {
  const Json* found = take(name);
  if (found == nullptr) return;
  value = read_real(*found, child_pointer(pointer_, name), range, unit, session_.errors).value_or(value);
}

void JsonReader::optional_real(std::string_view name, std::optional<double>& value, engine::Range<double> range,
                               std::string_view unit, std::string_view) {
  const Json* found = take(name);
  if (found == nullptr) return;
  value =
      found->is_null() ? std::nullopt : read_real(*found, child_pointer(pointer_, name), range, unit, session_.errors);
}

void JsonReader::flag(std::string_view name, bool& value, std::string_view) {
  const Json* found = take(name);
  if (found == nullptr) return;
  value = read_flag(*found, child_pointer(pointer_, name), session_.errors).value_or(value);
}

void JsonReader::text(std::string_view name, std::string& value, std::string_view) {
  const Json* found = take(name);
  if (found == nullptr) return;
  value = read_text(*found, child_pointer(pointer_, name), session_.document, session_.errors).value_or(value);
}

void JsonReader::path(std::string_view name, std::string& value, std::string_view) {
  if (const Json* found = take(name); found != nullptr) {
    value = read_path(*found, child_pointer(pointer_, name), session_.document, session_.errors).value_or(value);
  } else if (!value.empty()) {
    value = absolute_path(value, session_.document.folder);
  }
}

void JsonReader::paths(std::string_view name, std::vector<std::string>& value, std::string_view) {
  if (const Json* found = take(name); found != nullptr) {
    read_list(*found, child_pointer(pointer_, name), value, [&](const Json& element, const std::string& place) {
      return read_path(element, place, session_.document, session_.errors);
    });
  } else {
    for (std::string& path : value) path = absolute_path(path, session_.document.folder);
  }
}

void JsonReader::one_of(std::string_view name, int& value, std::span<const std::string_view> names, std::string_view) {
  const Json* found = take(name);
  if (found == nullptr) return;
  value = read_name(*found, child_pointer(pointer_, name), names, session_.errors).value_or(value);
}

void JsonReader::integers(std::string_view name, std::vector<int64_t>& value, engine::Range<int64_t> range,
                          std::string_view unit, std::string_view) {
  const Json* found = take(name);
  if (found == nullptr) return;
  read_list(*found, child_pointer(pointer_, name), value, [&](const Json& element, const std::string& place) {
    return read_integer(element, place, range, unit, session_.errors);
  });
}

void JsonReader::texts(std::string_view name, std::vector<std::string>& value, std::string_view) {
  const Json* found = take(name);
  if (found == nullptr) return;
  read_list(*found, child_pointer(pointer_, name), value, [&](const Json& element, const std::string& place) {
    return read_text(element, place, session_.document, session_.errors);
  });
}

void JsonReader::data_file(std::string_view name, std::string& value, std::string_view) {
  const Json* found = take(name);
  if (found == nullptr) return;
  value = read_data_file(*found, child_pointer(pointer_, name), session_.document, session_.errors).value_or(value);
}

void JsonReader::data_files(std::string_view name, std::vector<std::string>& value, std::string_view) {
  const Json* found = take(name);
  if (found == nullptr) return;
  read_list(*found, child_pointer(pointer_, name), value, [&](const Json& element, const std::string& place) {
    return read_data_file(element, place, session_.document, session_.errors);
  });
}

void JsonReader::some_of(std::string_view name, std::vector<int>& value, std::span<const std::string_view> names,
                         std::string_view) {
  const Json* found = take(name);
  if (found == nullptr) return;
  std::vector<int> seen;
  read_list(*found, child_pointer(pointer_, name), value,
            [&](const Json& element, const std::string& place) -> std::optional<int> {
              const std::optional<int> index = read_name(element, place, names, session_.errors);
              if (!index) return index;
              if (std::ranges::find(seen, *index) != seen.end()) {
                session_.errors.add(place, fmt::format("{} stands twice in the list", shown(element)));
                return std::nullopt;
              }
              seen.push_back(*index);
              return index;
            });
}

void JsonReader::model_reference(std::string_view name, std::string& model, std::string_view sentence) {
  text(name, model, sentence);
  if (!model.empty()) session_.references.push_back({child_pointer(pointer_, name), model});
}

void JsonReader::group(std::string_view name, std::string_view, const std::function<void(Parameters&)>& describe) {
  JsonReader reader(session_, take(name), child_pointer(pointer_, name));
  describe(reader);
}

void JsonReader::groups(std::string_view name, std::string_view, const std::function<void(Parameters&)>& append,
                        int64_t, const std::function<void(Parameters&, int64_t)>&) {
  const Json* found = take(name);
  if (found == nullptr) return;
  const std::string pointer = child_pointer(pointer_, name);
  if (!found->is_array()) {
    session_.errors.add(pointer, fmt::format("expected a list of groups [{{…}}, …], found {}", shown(*found)));
    return;
  }
  for (std::size_t index = 0; index < found->size(); ++index) {
    JsonReader reader(session_, &(*found)[index], child_pointer(pointer, index));
    append(reader);
  }
}

void JsonReader::reject(std::string_view name, std::string_view problem) {
  const std::string pointer = child_pointer(pointer_, name);
  if (!session_.errors.has_at_or_above(pointer)) session_.errors.add(pointer, problem);
}

bool JsonReader::refused(std::string_view name) const {
  return session_.errors.has_at_or_above(child_pointer(pointer_, name));
}

}  // namespace matinee::host
