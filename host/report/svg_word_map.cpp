#include "host/report/svg_word_map.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "host/report/escape.h"
#include "host/report/number_text.h"
#include "host/report/svg_frame.h"

namespace matinee::host {
namespace {

constexpr double kWidth = 760, kHeight = 520, kMargin = 26;
constexpr double kLetterWidth = 6.4, kLineHeight = 13;  // of a label, about
constexpr std::size_t kMostLabels = 90, kLongestLabel = 20;

struct Box {
  double left, top, right, bottom;

  bool meets(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

// Where points lie in the picture: y grows downwards there.
class Scale {
 public:
  explicit Scale(const std::vector<WordsOverview::Point>& points) {
    double left = 0, right = 0, low = 0, high = 0;
    for (const WordsOverview::Point& point : points) {
      left = std::min(left, point.x);
      right = std::max(right, point.x);
      low = std::min(low, point.y);
      high = std::max(high, point.y);
    }
    const double across = (kWidth - 2 * kMargin) / std::max(right - left, 1e-12);
    const double up = (kHeight - 2 * kMargin) / std::max(high - low, 1e-12);
    unit_ = right > left || high > low ? std::min(across, up) : 0;
    x_ = kWidth / 2 - unit_ * (left + right) / 2;
    y_ = kHeight / 2 + unit_ * (low + high) / 2;
  }
  double across(double x) const { return x_ + unit_ * x; }
  double down(double y) const { return y_ - unit_ * y; }

 private:
  double unit_, x_, y_;
};

// The label of a point where there is room to its right or left, else nothing. Takes the room.
std::string label_at(double x, double y, const std::string& word, std::vector<Box>& taken) {
  const double width = kLetterWidth * static_cast<double>(std::min(code_points(word), kLongestLabel));
  for (const bool right : {true, false}) {
    const Box box = {right ? x + 3 : x - 5 - width, y - kLineHeight / 2, right ? x + 5 + width : x - 3,
                     y + kLineHeight / 2};
    const bool inside = box.left >= 0 && box.right <= kWidth && box.top >= 0 && box.bottom <= kHeight;
    if (!inside || std::ranges::any_of(taken, [&](const Box& other) { return box.meets(other); })) continue;
    taken.push_back(box);
    return fmt::format("<text{} x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", right ? "" : " class=\"end\"",
                       right ? x + 5 : x - 5, y + 4, shortened(word, kLongestLabel));
  }
  return "";
}

}  // namespace

std::string svg_word_map(const std::string& id, const std::string& title, const WordsOverview& words) {
  const Scale scale(words.points);
  std::string dots, labels, named;
  std::vector<Box> taken;
  std::size_t labelled = 0;
  for (const WordsOverview::Point& point : words.points) {
    const double x = scale.across(point.x), y = scale.down(point.y);
    const std::string label = labelled < kMostLabels ? label_at(x, y, point.word, taken) : "";
    if (!label.empty()) {
      ++labelled;
      taken.push_back({x - 3, y - 3, x + 3, y + 3});
    }
    labels += label;
    dots += fmt::format("<circle class=\"mark {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\"><title>{}: {}</title></circle>",
                        label.empty() ? "c7" : "c0", x, y, label.empty() ? 2 : 3, html_escaped(point.word),
                        count_text(point.count));
  }
  const std::string description = fmt::format(
      "The {} most frequent words along the first two principal components of their vectors.", words.points.size());
  return svg_frame(id, kWidth, kHeight, title, description, dots + labels);
}

}  // namespace matinee::host
