#include "engine/text/text_options.h"

#include <array>

namespace matinee::engine {

void TextOptions::describe(Parameters& p) {
  constexpr std::array<std::string_view, 2> kSources = {"titles", "file"};
  p.choice("source", source, kSources,
           "titles: all titles of a director are one text, in the order of the items, and what has no director is a "
           "text of its own title; years are taken off, moved articles put back. file: a text file, one text a line.");
  p.path("path", path, "file: the text file, UTF-8, plain or gzipped (.gz).");
  p.flag("drop_stop_words", drop_stop_words,
         "Leaves English stop words out (the list of the Natural Language Toolkit), whatever their case.");
  p.integer("min_count", min_count, {.minimum = 1, .maximum = 1'000'000'000}, "occurrences",
            "Words that stand less often are left out of the vocabulary.");
  p.integer("largest_vocabulary", largest_vocabulary, {.minimum = 0, .maximum = 2'000'000'000}, "words",
            "Only the most frequent words are taken up; 0: all of them.");
  if (p.refused("source")) return;
  if (source == TextSource::kFile && path.empty()) p.reject("path", "is needed by the source \"file\": name the file");
  if (source == TextSource::kTitles && !path.empty()) {
    p.reject("path",
             "has no effect where source is \"titles\", only where it is \"file\": remove it, or change source");
  }
}

}  // namespace matinee::engine
