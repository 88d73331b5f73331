#pragma once

#include <string>
#include <string_view>

namespace matinee::engine {

// A title as MovieLens writes it, put right: the year is taken off, an article that was moved behind a comma goes back
// to the front, of alternative titles in parentheses too, and "a.k.a." before them is dropped.
//   "American President, The (1995)"                 -> "The American President"
//   "Postman, The (Postino, Il) (1994)"              -> "The Postman (Il Postino)"
//   "Avventura, L' (Adventure, The) (1960)"          -> "L'Avventura (The Adventure)"
//   "Seven (a.k.a. Se7en) (1995)"                    -> "Seven (Se7en)"
// Whatever is not of this form stays as it is. `title` is well-formed UTF-8.
std::string restored_title(std::string_view title);

// The year, or years, in parentheses at its end: "1995", "2006–2007"; empty: none.
std::string_view title_year(std::string_view title);

}  // namespace matinee::engine
