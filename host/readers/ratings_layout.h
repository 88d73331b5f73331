#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/readers/dataset_spec.h"
#include "host/readers/fields.h"

namespace matinee::host {

// Where a line of a ratings file holds what. Columns count from 0; -1: the file has none.
struct RatingsLayout {
  FieldSyntax syntax;
  bool header = false;
  int columns = 0;
  int user = 0, item = 1, rating = 2, timestamp = -1;
};

// The layout of a file of this format whose first line is `first_line`. Throws Error(kInput) with `path`:1 where the
// header lacks a column.
RatingsLayout ratings_layout(const DatasetSpec& spec, std::string_view first_line, const std::string& path);

// The place of the first of `names` that stands in `header`, -1 where none does.
int find_column(const std::vector<std::string_view>& header, const std::vector<std::string>& names);

}  // namespace matinee::host
