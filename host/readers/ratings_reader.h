#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "engine/data/dataset.h"
#include "host/readers/dataset_spec.h"
#include "host/readers/read_progress.h"
#include "kernels/support/context.h"

namespace matinee::host {

// A ratings file, read. Entry n stands on line header_lines + n + 1.
struct RatingsTable {
  engine::Ratings ratings;
  engine::IdMap users, items;
  engine::InputFile input;  // only where all was read
  int64_t header_lines = 0;
  int64_t file_bytes = 0, bytes_read = 0;  // on disk
  bool complete = false;                   // the file was read to its end

  int64_t line_of(int64_t entry) const { return header_lines + entry + 1; }
};

// Reads blocks of lines, parses them in parallel and numbers the ids by first appearance in the file, after those that
// `users` and `items` hold already. Stops early, at the end of a block, after `byte_limit` bytes on disk. Throws
// Error(kInput), "FILE:LINE: problem", for the first problem of the file. Memory: 17 bytes a rating, the ids, a few
// blocks.
RatingsTable read_ratings(Context& context, const DatasetSpec& spec, const std::string& path, engine::IdMap users = {},
                          engine::IdMap items = {}, const ReadProgress& progress = {},
                          int64_t byte_limit = std::numeric_limits<int64_t>::max());

}  // namespace matinee::host
