#include "engine/text/movie_title.h"

#include <algorithm>
#include <array>

namespace matinee::engine {
namespace {

// Articles that titles of the MovieLens data have behind a comma.
constexpr auto kArticles = std::to_array<std::string_view>(
    {"The", "A",   "An",  "La",  "Le",  "Les", "L'",   "L’",  "Un",  "Une", "Una", "Il", "Lo",  "I", "Gli", "El",
     "Los", "Las", "Der", "Die", "Das", "Ein", "Eine", "Den", "Det", "De",  "Het", "En", "Ett", "O", "Os",  "As"});
constexpr std::string_view kDash = "–";

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return false;
  const bool all = std::ranges::all_of(text.substr(0, count), [](char c) { return c >= '0' && c <= '9'; });
  if (all) text.remove_prefix(count);
  return all;
}

// "1995", "1995-1997", "2006–2007", "2014-", with spaces around the dash.
bool is_year(std::string_view text) {
  text = trimmed(text);
  if (!take_digits(text, 4)) return false;
  text = trimmed(text);
  if (text.empty()) return true;
  if (text.starts_with('-')) {
    text.remove_prefix(1);
  } else if (text.starts_with(kDash)) {
    text.remove_prefix(kDash.size());
  } else {
    return false;
  }
  text = trimmed(text);
  return text.empty() || (take_digits(text, 4) && text.empty());
}

// Where the parenthesis with the year begins; npos: there is none. `title` is trimmed.
std::size_t year_place(std::string_view title) {
  const std::size_t open = title.rfind('(');
  if (open == std::string_view::npos || !title.ends_with(')')) return std::string_view::npos;
  return is_year(title.substr(open + 1, title.size() - open - 2)) ? open : std::string_view::npos;
}

std::string_view without_year(std::string_view title) {
  title = trimmed(title);
  return trimmed(title.substr(0, year_place(title)));
}

std::string with_article_in_front(std::string_view part) {
  constexpr std::string_view kAlsoKnownAs = "a.k.a. ";
  part = trimmed(part);
  if (part.starts_with(kAlsoKnownAs)) part = trimmed(part.substr(kAlsoKnownAs.size()));
  const std::size_t comma = part.rfind(", ");
  if (comma == std::string_view::npos) return std::string(part);
  const std::string_view article = trimmed(part.substr(comma + 2)), rest = trimmed(part.substr(0, comma));
  if (rest.empty() || std::ranges::find(kArticles, article) == kArticles.end()) return std::string(part);
  const bool elided = article.ends_with('\'') || article.ends_with("’");
  return std::string(article) + (elided ? "" : " ") + std::string(rest);
}

}  // namespace

std::string restored_title(std::string_view title) {
  std::string_view rest = without_year(title);
  std::string restored;
  while (!rest.empty()) {
    const std::size_t open = rest.find('('), close = rest.find(')', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    const std::string before = with_article_in_front(rest.substr(0, open));
    const std::string inside = with_article_in_front(rest.substr(open + 1, close - open - 1));
    if (!before.empty()) restored += (restored.empty() ? "" : " ") + before;
    if (!inside.empty()) restored += (restored.empty() ? "(" : " (") + inside + ")";
    rest = trimmed(rest.substr(close + 1));
  }
  const std::string last = with_article_in_front(rest);
  if (!last.empty()) restored += (restored.empty() ? "" : " ") + last;
  return restored;
}

std::string_view title_year(std::string_view title) {
  title = trimmed(title);
  const std::size_t open = year_place(title);
  return open == std::string_view::npos ? "" : trimmed(title.substr(open + 1, title.size() - open - 2));
}

}  // namespace matinee::engine
