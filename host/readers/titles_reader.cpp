#include "host/readers/titles_reader.h"

#include <array>
#include <filesystem>
#include <functional>

#include <fmt/ranges.h>

#include "host/readers/fields.h"
#include "host/readers/line_blocks.h"
#include "host/readers/ratings_layout.h"
#include "host/text/encoding.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

using Fields = std::vector<std::string_view>;

// A text file about items, line by line. What a line says is stored by the item's index.
struct ItemFile {
  FieldSyntax syntax;
  bool header = false;
  bool latin1 = false;  // lines that are not UTF-8 are ISO-8859-1
  std::size_t columns = 0;
  std::size_t id = 0;
  std::function<void(const Fields& header)> on_header;
  std::function<void(std::size_t item, const Fields& fields)> on_item;
};

class ItemFileReader {
 public:
  ItemFileReader(ItemFile& file, const std::string& path, engine::Dataset& dataset)
      : file_(file), lines_(path), dataset_(dataset), seen_(static_cast<std::size_t>(dataset.items.size()), 0) {}

  void read() {
    std::string block;
    while (lines_.next(block)) {
      std::string_view text = block, line;
      while (take_line(text, line)) {
        ++line_number_;
        if (!line.empty()) take(line);
      }
    }
    if (line_number_ == 0) fail(ErrorKind::kInput, "{}: is empty: is it whole?", lines_.path());
    dataset_.inputs.push_back(lines_.input());
    if (unrated_ > 0) {
      dataset_.notes.push_back(fmt::format("{}: {} lines belong to items without ratings",
                                           std::filesystem::path(lines_.path()).filename().string(), unrated_));
    }
  }

 private:
  void take(std::string_view line) {
    std::string converted;
    if (!is_utf8(line)) {
      if (!file_.latin1) {
        fail(ErrorKind::kInput, "{}:{}: the line is not UTF-8: convert the file", lines_.path(), line_number_);
      }
      line = converted = latin1_to_utf8(line);
    }
    FieldSplitter splitter(file_.syntax);
    const Fields* fields = splitter.split(line);
    if (fields == nullptr) {
      fail(ErrorKind::kInput, "{}:{}: a quotation mark is not closed on its line, or text follows it: correct the line",
           lines_.path(), line_number_);
    }
    if (file_.header && line_number_ == 1) {
      file_.columns = fields->size();
      return file_.on_header(*fields);
    }
    if (fields->size() != file_.columns) {
      fail(ErrorKind::kInput, "{}:{}: expected {} columns separated by \"{}\", found {}: correct the line",
           lines_.path(), line_number_, file_.columns, file_.syntax.delimiter, fields->size());
    }
    take_item(*fields);
  }

  void take_item(const Fields& fields) {
    const std::string_view id = fields[file_.id];
    const auto item = dataset_.items.find(id);
    if (!item) {
      ++unrated_;
      return;
    }
    const auto index = static_cast<std::size_t>(*item);
    if (seen_[index] != 0) {
      fail(ErrorKind::kInput, "{}:{}: the item {} stands on line {} already: remove one", lines_.path(), line_number_,
           id, seen_[index]);
    }
    seen_[index] = line_number_;
    file_.on_item(index, fields);
  }

  ItemFile& file_;
  LineBlocks lines_;
  engine::Dataset& dataset_;
  std::vector<int64_t> seen_;  // per item: the line that names it, 0: none yet
  int64_t line_number_ = 0, unrated_ = 0;
};

std::size_t header_column(const Fields& header, const std::vector<std::string>& names, const std::string& path) {
  const int column = find_column(header, names);
  if (column < 0) {
    fail(ErrorKind::kInput, "{}:1: the header has no column {}; it has: {}: rename the column", path,
         fmt::join(names, " or "), fmt::join(header, ", "));
  }
  return static_cast<std::size_t>(column);
}

std::vector<std::string> id_columns(const DatasetSpec& spec) {
  if (spec.format == DatasetFormat::kDelimited) return {spec.item_column, "movieId", "movie_id"};
  return {"movieId", "movie_id"};
}

// The last 18 columns of u.item; the one before them is "unknown".
constexpr std::array<std::string_view, 18> kGenresOf100k = {
    "Action",    "Adventure", "Animation", "Children's", "Comedy",  "Crime",  "Documentary", "Drama", "Fantasy",
    "Film-Noir", "Horror",    "Musical",   "Mystery",    "Romance", "Sci-Fi", "Thriller",    "War",   "Western"};
constexpr std::size_t kFirstGenreOf100k = 6, kColumnsOf100k = 24;

std::string genres_of_100k(const Fields& fields) {
  std::string genres;
  for (std::size_t genre = 0; genre < kGenresOf100k.size(); ++genre) {
    if (fields[kFirstGenreOf100k + genre] != "1") continue;
    if (!genres.empty()) genres += '|';
    genres += kGenresOf100k[genre];
  }
  return genres;
}

// "A, B" -> "A|B"
std::string joined_by_bar(std::string_view names) {
  constexpr std::string_view kSeparator = ", ";
  std::string joined;
  for (;;) {
    const std::size_t end = names.find(kSeparator);
    joined += names.substr(0, end);
    if (end == std::string_view::npos) return joined;
    joined += '|';
    names.remove_prefix(end + kSeparator.size());
  }
}

}  // namespace

void read_titles(const DatasetSpec& spec, const std::string& path, engine::Dataset& dataset) {
  auto& titles = dataset.catalogue.titles;
  auto& genres = dataset.catalogue.genres;
  titles.resize(static_cast<std::size_t>(dataset.items.size()));
  genres.resize(titles.size());
  ItemFile file;
  std::size_t title = 1;
  int genre = 2;  // -1: the file has none
  if (spec.format == DatasetFormat::kMovielens100k) {
    file = {{"|", false}, false, true, kColumnsOf100k, 0, {}, {}};
    file.on_item = [&](std::size_t item, const Fields& fields) {
      titles[item] = fields[1];
      genres[item] = genres_of_100k(fields);
    };
  } else {
    const bool bare = spec.format == DatasetFormat::kMovielens1m;
    if (bare) file = {{"::", false}, false, true, 3, 0, {}, {}};
    file.header = !bare;
    file.on_header = [&](const Fields& header) {
      file.id = header_column(header, id_columns(spec), path);
      title = header_column(header, {"title"}, path);
      genre = find_column(header, {"genres"});
    };
    file.on_item = [&](std::size_t item, const Fields& fields) {
      titles[item] = fields[title];
      if (genre < 0) return;
      const std::string_view listed = fields[static_cast<std::size_t>(genre)];
      if (listed != "(no genres listed)") genres[item] = listed;
    };
  }
  ItemFileReader(file, path, dataset).read();
}

void read_directors(const DatasetSpec& spec, const std::string& path, engine::Dataset& dataset) {
  auto& directors = dataset.catalogue.directors;
  directors.resize(static_cast<std::size_t>(dataset.items.size()));
  ItemFile file;
  std::size_t column = 1;
  file.header = true;
  file.on_header = [&](const Fields& header) {
    file.id = header_column(header, id_columns(spec), path);
    column = header_column(header, {"director", "directors"}, path);
  };
  file.on_item = [&](std::size_t item, const Fields& fields) { directors[item] = joined_by_bar(fields[column]); };
  ItemFileReader(file, path, dataset).read();
}

}  // namespace matinee::host
