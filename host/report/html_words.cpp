#include <fmt/format.h>

#include "host/report/escape.h"
#include "host/report/html_page.h"
#include "host/report/nearest_table.h"
#include "host/report/number_text.h"
#include "host/report/report_text.h"
#include "host/report/svg_word_map.h"

namespace matinee::host {
namespace {

std::string words_of(const ModelReport& model, std::size_t number) {
  const WordsOverview& words = *model.words;
  std::string html =
      fmt::format("<h3>{}</h3>\n<p>{}</p>\n", html_escaped(model.name), html_escaped(words_sentence(words)));
  html += fmt::format(
      "<figure><figcaption>The {} most frequent words</figcaption>\n{}</figure>\n<p class=\"hint\">{}</p>\n",
      count_text(static_cast<int64_t>(words.points.size())),
      svg_word_map(fmt::format("words-{}", number), "Words of " + model.name, words), map_sentence(words));
  html += html_nearest("The most frequent words and the words of the highest cosine", "Word", "Nearest words",
                       words.neighbours);
  if (words.notes.empty()) return html;
  html += "<ul class=\"notes\">\n";
  for (const std::string& note : words.notes) html += fmt::format("<li>{}</li>\n", html_escaped(note));
  return html + "</ul>\n";
}

}  // namespace

std::string html_words(const RunReport& report) {
  std::string html;
  for (std::size_t n = 0; n < report.models.size(); ++n) {
    if (report.models[n].words) html += words_of(report.models[n], n + 1);
  }
  return html;
}

}  // namespace matinee::host
