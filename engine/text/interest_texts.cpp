#include "engine/text/interest_texts.h"

#include "engine/data/id_map.h"
#include "engine/text/movie_title.h"
#include "engine/text/title_documents.h"

namespace matinee::engine {
namespace {

constexpr double kSlack = 1e-9;  // level × step is rounded: 0.3 may lie below 0.3

void append_title(std::string& text, const std::string& title) {
  if (title.empty()) return;
  if (!text.empty()) text += '\n';
  text += title;
}

}  // namespace

InterestTexts interest_texts(const Catalogue& catalogue, const SparseView& by_user, const RatingGrid& grid,
                             std::optional<double> positive_from) {
  InterestTexts texts;
  IdMap directors;
  for (std::size_t item = 0; item < catalogue.titles.size(); ++item) {
    const std::string& title = texts.movie_texts.emplace_back(restored_title(catalogue.titles[item]));
    if (title.empty() || catalogue.directors.empty()) continue;
    for (const std::string& name : director_names(catalogue.directors[item])) {
      const auto director = static_cast<std::size_t>(directors.insert(name));
      if (director == texts.directors.size()) {
        texts.directors.push_back(name);
        texts.director_texts.emplace_back();
      }
      append_title(texts.director_texts[director], title);
    }
  }
  for (int32_t user = 0; user < by_user.rows; ++user) {
    std::string& text = texts.user_texts.emplace_back();
    for (int64_t n = by_user.offsets[user]; n < by_user.offsets[user + 1]; ++n) {
      if (positive_from && grid.value(by_user.levels[n]) < *positive_from - kSlack) continue;
      append_title(text, texts.movie_texts[static_cast<std::size_t>(by_user.indices[n])]);
    }
  }
  return texts;
}

}  // namespace matinee::engine
