#include "host/readers/ratings_reader.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>

#include "host/readers/line_blocks.h"
#include "host/readers/ratings_block.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

using Batch = std::vector<std::unique_ptr<RatingsBlock>>;

class RatingsReader {
 public:
  RatingsReader(Context& context, const DatasetSpec& spec, const std::string& path, int64_t byte_limit)
      : context_(context), spec_(spec), grid_(spec.grid()), lines_(path), byte_limit_(byte_limit) {}

  void read(RatingsTable& table, const ReadProgress& progress) {
    Batch reading = {};
    read_first(reading, table);
    while (!reading.empty()) {
      Batch parsing;
      parsing.swap(reading);
      const auto blocks = static_cast<int64_t>(parsing.size());
      // One task reads ahead while the others parse. Its own error counts only after those of the earlier lines.
      context_.pool().run(blocks + 1, [&](int64_t task, int) {
        if (task == 0) return read_batch(reading);
        parse_ratings_block(*parsing[static_cast<std::size_t>(task - 1)], *layout_, grid_);
      });
      const auto done = static_cast<double>(parsing.back()->bytes_consumed);
      merge(parsing, table);
      if (progress) progress(done, static_cast<double>(lines_.source().file_bytes()), "bytes");
    }
    if (failure_) std::rethrow_exception(failure_);
    if (table.ratings.size() == 0)
      fail(ErrorKind::kInput, "{}: holds a header but no ratings: is it the right file, and whole?", lines_.path());
    finish(table);
  }

 private:
  void read_first(Batch& batch, RatingsTable& table) {
    std::string bytes;
    if (!lines_.next(bytes) || bytes.find_first_not_of("\r\n") == std::string::npos) {
      fail(ErrorKind::kInput, "{}: is empty: ratings were expected; is it the right file, and whole?", lines_.path());
    }
    std::string_view text = bytes, line;
    take_line(text, line);
    layout_ = ratings_layout(spec_, line, lines_.path());
    table.header_lines = next_line_ = layout_->header ? 1 : 0;
    const std::size_t text_begin = layout_->header ? bytes.size() - text.size() : 0;
    batch.push_back(std::make_unique<RatingsBlock>(layout_->syntax));
    batch.back()->bytes = std::move(bytes);
    batch.back()->text_begin = text_begin;
    batch.back()->bytes_consumed = lines_.source().bytes_consumed();
  }

  void read_batch(Batch& batch) {
    const auto most = static_cast<std::size_t>(2 * context_.threads());
    try {
      while (batch.size() < most && !ended_ && lines_.source().bytes_consumed() < byte_limit_) {
        auto block = std::make_unique<RatingsBlock>(layout_->syntax);
        ended_ = !lines_.next(block->bytes);
        block->bytes_consumed = lines_.source().bytes_consumed();
        if (!ended_) batch.push_back(std::move(block));
      }
    } catch (...) {
      failure_ = std::current_exception();
      ended_ = true;
    }
  }

  // Numbers the ids in the order of the file, then moves the blocks' columns into place.
  void merge(Batch& batch, RatingsTable& table) {
    std::vector<std::vector<int32_t>> user_index(batch.size()), item_index(batch.size());
    std::vector<int64_t> begin;
    int64_t entries = table.ratings.size();
    for (std::size_t b = 0; b < batch.size(); ++b) {
      check(*batch[b]);
      for (const auto id : batch[b]->user_ids.ids()) user_index[b].push_back(table.users.insert(id));
      for (const auto id : batch[b]->item_ids.ids()) item_index[b].push_back(table.items.insert(id));
      begin.push_back(entries);
      entries += static_cast<int64_t>(batch[b]->users.size());
    }
    grow(table.ratings, entries, batch.back()->bytes_consumed);
    context_.pool().run(static_cast<int64_t>(batch.size()), [&](int64_t task, int) {
      const auto b = static_cast<std::size_t>(task);
      const RatingsBlock& block = *batch[b];
      const auto renumbered = [](const std::vector<int32_t>& index) {
        return [&index](int32_t number) { return index[static_cast<std::size_t>(number)]; };
      };
      engine::Ratings& all = table.ratings;
      std::transform(block.users.begin(), block.users.end(), all.users.begin() + begin[b], renumbered(user_index[b]));
      std::transform(block.items.begin(), block.items.end(), all.items.begin() + begin[b], renumbered(item_index[b]));
      std::copy(block.levels.begin(), block.levels.end(), all.levels.begin() + begin[b]);
      std::copy(block.timestamps.begin(), block.timestamps.end(), all.timestamps.begin() + begin[b]);
      batch[b].reset();
    });
  }

  // Makes room for `entries`, and at once for as many as the rest of the file will hold if it is like the part so far:
  // columns that grow piece by piece would stand in memory twice.
  void grow(engine::Ratings& ratings, int64_t entries, int64_t bytes_consumed) const {
    const double share = static_cast<double>(bytes_consumed) / static_cast<double>(lines_.source().file_bytes());
    const double likely = 1.02 * static_cast<double>(entries) / std::clamp(share, 1e-3, 1.0);
    const auto extend = [&](auto& column) {
      if (column.capacity() < static_cast<std::size_t>(entries)) {
        column.reserve(static_cast<std::size_t>(std::max(static_cast<double>(entries), likely)));
      }
      column.resize(static_cast<std::size_t>(entries));
    };
    extend(ratings.users);
    extend(ratings.items);
    extend(ratings.levels);
    if (layout_->timestamp >= 0) extend(ratings.timestamps);
  }

  // Throws the block's first problem; blank lines may only end the file.
  void check(const RatingsBlock& block) {
    const bool all_blank = block.first_blank == 0;
    if (blank_line_ >= 0 && !all_blank)
      fail(ErrorKind::kInput, "{}:{}: the line is blank: remove it", lines_.path(), blank_line_);
    if (block.problem) {
      fail(ErrorKind::kInput, "{}:{}: {}", lines_.path(), next_line_ + block.problem->line + 1, block.problem->text);
    }
    if (block.first_blank >= 0 && blank_line_ < 0) blank_line_ = next_line_ + block.first_blank + 1;
    next_line_ += block.lines;
  }

  void finish(RatingsTable& table) {
    engine::Ratings& ratings = table.ratings;
    ratings.user_count = table.users.size();
    ratings.item_count = table.items.size();
    ratings.grid = grid_;
    table.file_bytes = lines_.source().file_bytes();
    table.bytes_read = lines_.source().bytes_consumed();
    table.complete = ended_;
    if (ended_) table.input = lines_.input();
  }

  Context& context_;
  const DatasetSpec& spec_;
  engine::RatingGrid grid_;
  LineBlocks lines_;
  int64_t byte_limit_;
  std::optional<RatingsLayout> layout_;
  bool ended_ = false;
  std::exception_ptr failure_;
  int64_t next_line_ = 0;    // lines before the next block
  int64_t blank_line_ = -1;  // the first of the blank lines that end what was read, from 1
};

}  // namespace

RatingsTable read_ratings(Context& context, const DatasetSpec& spec, const std::string& path, engine::IdMap users,
                          engine::IdMap items, const ReadProgress& progress, int64_t byte_limit) {
  RatingsTable table;
  table.users = std::move(users);
  table.items = std::move(items);
  RatingsReader(context, spec, path, byte_limit).read(table, progress);
  return table;
}

}  // namespace matinee::host
