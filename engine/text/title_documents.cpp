#include "engine/text/title_documents.h"

#include "engine/data/id_map.h"
#include "engine/text/movie_title.h"

namespace matinee::engine {

std::vector<std::string> director_names(std::string_view directors) {
  std::vector<std::string> names;
  while (!directors.empty()) {
    const std::size_t bar = directors.find('|');
    if (const std::string_view name = directors.substr(0, bar); !name.empty()) names.emplace_back(name);
    directors.remove_prefix(bar == std::string_view::npos ? directors.size() : bar + 1);
  }
  return names;
}

std::vector<std::string> title_documents(const Catalogue& catalogue) {
  std::vector<std::string> documents;
  IdMap directors;
  std::vector<std::size_t> document_of;  // by director
  for (std::size_t item = 0; item < catalogue.titles.size(); ++item) {
    const std::string title = restored_title(catalogue.titles[item]);
    if (title.empty()) continue;
    const std::vector<std::string> names =
        catalogue.directors.empty() ? std::vector<std::string>() : director_names(catalogue.directors[item]);
    for (const std::string& name : names) {
      const int32_t director = directors.insert(name);
      if (director == static_cast<int32_t>(document_of.size())) {
        document_of.push_back(documents.size());
        documents.push_back(title);
      } else {
        documents[document_of[static_cast<std::size_t>(director)]] += "\n" + title;
      }
    }
    if (names.empty()) documents.push_back(title);
  }
  return documents;
}

}  // namespace matinee::engine
