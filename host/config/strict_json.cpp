#include "host/config/strict_json.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <list>
#include <unordered_map>

#include <fmt/format.h>

namespace matinee::host {
namespace {

constexpr std::size_t kDeepest = 100;

std::size_t line_of(std::string_view text, std::size_t offset) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, offset), '\n'));
}

// Walks over the text and tells how far the parser has come.
class TrackedIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  TrackedIterator(const char* at, const char** reached) : at_(at), reached_(reached) {}
  reference operator*() const { return *at_; }
  TrackedIterator& operator++() {
    *reached_ = ++at_;
    return *this;
  }
  TrackedIterator operator++(int) {
    TrackedIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const TrackedIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  const char** reached_;
};

// What nlohmann's parser calls; its own document would drop duplicate keys without a word.
class Builder : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, const char* const* reached, StrictJson& result)
      : text_(text), reached_(reached), result_(result) {}

  bool null() override { return scalar(nullptr); }
  bool boolean(bool value) override { return scalar(value); }
  bool number_integer(int64_t value) override { return scalar(value); }
  bool number_unsigned(uint64_t value) override { return scalar(value); }
  bool number_float(double value, const std::string&) override { return scalar(value); }
  bool string(std::string& value) override { return scalar(std::move(value)); }
  bool binary(Json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    Level& level = levels_.back();
    level.key = name;
    const std::size_t here = offset();
    const auto [known, fresh] = level.keys.try_emplace(name, here);
    level.duplicate = !fresh;
    const std::string pointer = child_pointer(level.pointer, name);
    if (fresh) {
      result_.offsets.try_emplace(pointer, here);
    } else {
      result_.duplicates.push_back({pointer, line_of(text_, known->second), line_of(text_, here)});
    }
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception& error) override {
    describe(std::min(position == 0 ? 0 : position - 1, text_.size()), error.what());
    return false;
  }

 private:
  struct Level {
    Json* value;
    std::string pointer;
    std::string key = {};
    bool duplicate = false;  // the key that was just read
    std::unordered_map<std::string, std::size_t> keys = {};
  };

  std::size_t offset() const { return static_cast<std::size_t>(*reached_ - text_.data()); }

  std::string pointer_of_next() const {
    if (levels_.empty()) return "";
    const Level& level = levels_.back();
    return level.value->is_array() ? child_pointer(level.pointer, level.value->size())
                                   : child_pointer(level.pointer, level.key);
  }

  // The place of the next value. Appending to an object without looking its key up: keys are known to differ.
  Json& place() {
    if (levels_.empty()) return result_.root;
    Level& level = levels_.back();
    if (level.value->is_array()) return level.value->emplace_back();
    if (level.duplicate) return dropped_.emplace_back();
    auto& members = level.value->get_ref<Json::object_t&>();
    members.push_back({level.key, Json()});
    return members.back().second;
  }

  bool scalar(Json value) {
    result_.offsets.try_emplace(pointer_of_next(), offset());
    place() = std::move(value);
    return true;
  }

  bool open(Json empty) {
    if (levels_.size() == kDeepest) {
      stop(offset() - 1, fmt::format("nested more than {} deep", kDeepest));
      return false;
    }
    std::string pointer = pointer_of_next();
    result_.offsets.try_emplace(pointer, offset());
    Json& value = place();
    value = std::move(empty);
    levels_.push_back({&value, std::move(pointer)});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while …", without its first part.
  void describe(std::size_t at, std::string_view what) {
    const std::size_t place = what.find("column ");
    const std::size_t begin = place == std::string_view::npos ? what.find("] ") : what.find(": ", place);
    if (begin != std::string_view::npos) what.remove_prefix(begin + 2);
    stop(at, fmt::format("{}{}", what, hint(at)));
  }

  void stop(std::size_t at, std::string_view problem) {
    const std::string_view before = text_.substr(0, at);
    const std::size_t line_begin = before.rfind('\n') + 1;  // 0 where there is none
    const auto column = 1 + std::ranges::count_if(before.substr(line_begin), [](char letter) {
                          return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U;
                        });
    result_.problem = fmt::format("{}:{}: {}", line_of(text_, at), column, problem);
  }

  std::string_view hint(std::size_t at) const {
    const char found = at < text_.size() ? text_[at] : '\0';
    const std::size_t previous = text_.substr(0, at).find_last_not_of(" \t\r\n");
    const char last = previous == std::string_view::npos ? '\0' : text_[previous];
    if (found == '/' || found == '#' || last == '/') return " (JSON has no comments)";
    if ((found == '}' || found == ']') && last == ',') return " (no comma after the last member)";
    if (found == '\'') return " (JSON quotes text with \")";
    if (found == 'N' || found == 'I') return " (JSON has no NaN and no Infinity)";
    return "";
  }

  std::string_view text_;
  const char* const* reached_;
  StrictJson& result_;
  std::vector<Level> levels_;
  std::list<Json> dropped_;  // values of duplicate keys
};

}  // namespace

StrictJson parse_strict_json(std::string_view text) {
  StrictJson result;
  const char* reached = text.data();
  Builder builder(text, &reached, result);
  Json::sax_parse(TrackedIterator(text.data(), &reached), TrackedIterator(text.data() + text.size(), &reached),
                  &builder);
  return result;
}

}  // namespace matinee::host
