#include "host/readers/ratings_block.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "host/readers/line_blocks.h"
#include "host/text/encoding.h"

namespace matinee::host {
namespace {

constexpr std::size_t kLongestId = 255;
constexpr double kLevelTolerance = 1e-9;

// What a message shows of a field that may be anything.
std::string shown(std::string_view field) {
  constexpr std::size_t kMost = 60;
  std::string text;
  for (const char character : field.substr(0, kMost)) {
    const auto code = static_cast<unsigned char>(character);
    if (code >= 0x20 && code < 0x7f) {
      text += character;
    } else {
      text += fmt::format("\\x{:02x}", code);
    }
  }
  return field.size() > kMost ? text + "…" : text;
}

std::string id_problem(std::string_view column, std::string_view id) {
  if (id.empty()) return fmt::format("the {} id is empty: fill it in, or remove the line", column);
  if (id.size() > kLongestId) {
    return fmt::format("the {} id is {} bytes long, more than {}: shorten it, or correct the columns: {}", column,
                       id.size(), kLongestId, shown(id));
  }
  const bool control =
      std::any_of(id.begin(), id.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (control) return fmt::format("the {} id \"{}\" holds a control character: take it out", column, shown(id));
  if (!is_utf8(id)) return fmt::format("the {} id \"{}\" is not UTF-8: convert the file", column, shown(id));
  return {};
}

class BlockParser {
 public:
  BlockParser(RatingsBlock& block, const RatingsLayout& layout, const engine::RatingGrid& grid)
      : block_(block), layout_(layout), grid_(grid) {}

  void run() {
    std::string_view text = std::string_view(block_.bytes).substr(block_.text_begin), line;
    reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
    for (; take_line(text, line); ++block_.lines) {
      if (line.empty()) {
        if (block_.first_blank < 0) block_.first_blank = block_.lines;
        continue;
      }
      if (block_.first_blank >= 0) return report_at(block_.first_blank, "the line is blank: remove it");
      if (!take_rating(line)) return;
    }
  }

 private:
  void reserve(std::size_t lines) {
    block_.users.reserve(lines);
    block_.items.reserve(lines);
    block_.levels.reserve(lines);
    if (layout_.timestamp >= 0) block_.timestamps.reserve(lines);
  }

  void report_at(int64_t line, std::string text) { block_.problem = {line, std::move(text)}; }
  bool report(std::string text) {
    report_at(block_.lines, std::move(text));
    return false;
  }

  bool take_rating(std::string_view line) {
    const auto* fields = block_.splitter.split(line);
    if (fields == nullptr)
      return report("a quotation mark is not closed on its line, or text follows it: correct the line");
    if (static_cast<int>(fields->size()) != layout_.columns) {
      return report(fmt::format(
          "expected {} columns separated by {}, found {}: correct or remove the line", layout_.columns,
          layout_.syntax.delimiter == "\t" ? "tabs" : "\"" + layout_.syntax.delimiter + "\"", fields->size()));
    }
    const auto field = [&](int column) { return (*fields)[static_cast<std::size_t>(column)]; };
    return take_id("user", field(layout_.user), block_.user_ids, block_.users) &&
           take_id("item", field(layout_.item), block_.item_ids, block_.items) &&
           take_level(layout_.rating < 0 ? std::string_view("1") : field(layout_.rating)) &&
           (layout_.timestamp < 0 || take_timestamp(field(layout_.timestamp)));
  }

  bool take_id(std::string_view column, std::string_view id, LocalIds& ids, std::vector<int32_t>& numbers) {
    const auto [number, is_new] = ids.insert(id);
    if (is_new) {
      std::string problem = id_problem(column, id);
      if (!problem.empty()) return report(std::move(problem));
    }
    numbers.push_back(number);
    return true;
  }

  bool take_level(std::string_view field) {
    double rating = 0;
    if (field.size() == 1 && field[0] >= '0' && field[0] <= '9') {
      rating = field[0] - '0';
    } else {
      const auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), rating);
      if (problem != std::errc() || end != field.data() + field.size()) {
        return report(fmt::format("the rating \"{}\" is not a number: correct it, or remove the line", shown(field)));
      }
    }
    const double level = rating / grid_.step, nearest = std::round(level);
    if (!std::isfinite(rating))
      return report(
          fmt::format("the rating \"{}\" is not a finite number: correct it, or remove the line", shown(field)));
    if (level < grid_.minimum_level - 0.5 || level > grid_.maximum_level + 0.5) {
      return report(fmt::format("the rating {} is not between {} and {}: correct it, or set dataset.rating_{}",
                                shown(field), grid_.minimum(), grid_.maximum(),
                                level < grid_.minimum_level ? "min" : "max"));
    }
    if (std::abs(level - nearest) > kLevelTolerance * std::max(1.0, nearest)) {
      return report(fmt::format("the rating {} is not a multiple of {}: correct it, or set dataset.rating_step",
                                shown(field), grid_.step));
    }
    block_.levels.push_back(static_cast<uint8_t>(nearest));
    return true;
  }

  bool take_timestamp(std::string_view field) {
    int64_t seconds = 0;
    const auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), seconds);
    if (problem != std::errc() || end != field.data() + field.size()) {
      return report(fmt::format(
          "the timestamp \"{}\" is not a whole number of seconds since 1970: correct it, or remove the line",
          shown(field)));
    }
    block_.timestamps.push_back(seconds);
    return true;
  }

  RatingsBlock& block_;
  const RatingsLayout& layout_;
  const engine::RatingGrid& grid_;
};

}  // namespace

void parse_ratings_block(RatingsBlock& block, const RatingsLayout& layout, const engine::RatingGrid& grid) {
  BlockParser(block, layout, grid).run();
}

}  // namespace matinee::host
