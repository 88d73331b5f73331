#include "engine/text/movie_title.h"

#include <gtest/gtest.h>

namespace matinee::engine {
namespace {

TEST(MovieTitle, ArticlesGoBackAndYearsAreTakenOff) {
  const std::pair<const char*, const char*> cases[] = {
      {"American President, The (1995)", "The American President"},
      {"Postman, The (Postino, Il) (1994)", "The Postman (Il Postino)"},
      {"Misérables, Les (1995)", "Les Misérables"},
      {"Avventura, L' (Adventure, The) (1960)", "L'Avventura (The Adventure)"},
      {"City of Lost Children, The (Cité des enfants perdus, La) (1995)",
       "The City of Lost Children (La Cité des enfants perdus)"},
      {"Seven (a.k.a. Se7en) (1995)", "Seven (Se7en)"},
      {"City of the Living Dead (a.k.a. Gates of Hell, The) (Paura nella città dei morti viventi) (1980)",
       "City of the Living Dead (The Gates of Hell) (Paura nella città dei morti viventi)"},
      {"Associate, The (L'Associe)(1982)", "The Associate (L'Associe)"},
      {"Death Note: Desu nôto (2006–2007)", "Death Note: Desu nôto"},
      {"Travelers (2016- )", "Travelers"},
      {"Toy Story (1995) ", "Toy Story"},
  };
  for (const auto& [given, restored] : cases) EXPECT_EQ(restored_title(given), restored) << given;
}

TEST(MovieTitle, WhatIsNoArticleOrYearStays) {
  for (const char* title : {"Paterson", "I, Robot", "Guns, Germs, and Steel", "2001: A Space Odyssey", "Ready (199)",
                            "One, (Two", "The", "(500) Days of Summer"}) {
    EXPECT_EQ(restored_title(title), title);
  }
  EXPECT_EQ(restored_title("1984 (1984)"), "1984");
  EXPECT_EQ(restored_title("(1995)"), "");
  EXPECT_EQ(restored_title(""), "");
  EXPECT_EQ(restored_title(", The (1995)"), ", The");
}

}  // namespace
}  // namespace matinee::engine
