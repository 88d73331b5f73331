#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/ratings.h"
#include "host/readers/local_ids.h"
#include "host/readers/ratings_layout.h"

namespace matinee::host {

// One block of lines and what it holds. Users and items are numbered by first appearance in the block.
struct RatingsBlock {
  std::string bytes;  // the local ids are views of it
  std::size_t text_begin = 0;
  int64_t bytes_consumed = 0;  // of the file on disk, up to the end of this block
  FieldSplitter splitter;
  LocalIds user_ids, item_ids;
  std::vector<int32_t> users, items;
  std::vector<uint8_t> levels;
  std::vector<int64_t> timestamps;

  struct Problem {
    int64_t line;  // in the block, from 0
    std::string text;
  };
  std::optional<Problem> problem;  // the first; nothing after it was read
  int64_t lines = 0;
  int64_t first_blank = -1;  // of the blank lines that end the block

  explicit RatingsBlock(const FieldSyntax& syntax) : splitter(syntax) {}
};

// Reads the lines of block.bytes from text_begin on. Problems are reported in the block, not thrown.
void parse_ratings_block(RatingsBlock& block, const RatingsLayout& layout, const engine::RatingGrid& grid);

}  // namespace matinee::host
