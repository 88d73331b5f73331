#include "host/run/interest_files.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <numeric>

#include <nlohmann/json.hpp>

#include "engine/artifacts/file_writer.h"
#include "engine/text/interest_texts.h"
#include "engine/text/nearest_rows.h"
#include "host/run/tsv.h"
#include "host/text/json_problem.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

constexpr const char* kVectorsFile = "interest.safetensors";
constexpr const char* kDirectorsFile = "directors.tsv";
constexpr int64_t kTextsAtOnce = 1024;      // between two reports of progress
constexpr std::size_t kDirectorsShown = 8;  // in a report, each with so many others
constexpr int64_t kNearestShown = 4;
constexpr const char* kDecodedFile = "decoded.json";

const char* tensor_of(InterestKind kind) {
  switch (kind) {
    case InterestKind::kDirectors:
      return "directors";
    case InterestKind::kMovies:
      return "movies";
    default:
      return "users";
  }
}

int64_t lines_in(const std::string& text) {
  return text.empty() ? 0 : 1 + std::ranges::count(text, '\n');
}

void read_directors(const fs::path& folder, InterestVectors& interest) {
  const std::string text = engine::read_file(folder / kDirectorsFile);
  for (const std::string_view line : lines_of(text)) {
    const std::vector<std::string> fields = tsv_fields(line);
    int64_t titles = 0;
    if (fields.size() != 3 ||
        std::from_chars(fields[2].data(), fields[2].data() + fields[2].size(), titles).ec != std::errc()) {
      fail(ErrorKind::kArtifact, "{}:{}: is no line of number, name and titles", (folder / kDirectorsFile).string(),
           interest.directors.size() + 1);
    }
    interest.directors.push_back(fields[1]);
    interest.director_titles.push_back(titles);
  }
}

// Names are bytes of the dataset: what is no UTF-8 is replaced.
std::string dumped(const nlohmann::ordered_json& json) {
  return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

void write_interest_files(const fs::path& folder, Context& context, const engine::TextEncoder& encoder,
                          const RunData& data, const engine::SparseRatings& ratings,
                          std::optional<double> positive_from,
                          const std::function<void(double done, double total)>& advance) {
  const engine::InterestTexts texts = engine::interest_texts(data.catalogue, ratings.view(), data.grid, positive_from);
  const int64_t dimensions = encoder.vector_dimensions();
  const auto total = texts.director_texts.size() + texts.movie_texts.size() + texts.user_texts.size();
  int64_t done = 0;
  std::vector<std::vector<float>> numbers;
  engine::TensorWriter file;
  const auto add = [&](InterestKind kind, const std::vector<std::string>& of) {
    const auto rows = static_cast<int64_t>(of.size());
    std::vector<float>& vectors = numbers.emplace_back(static_cast<std::size_t>(rows * dimensions));
    for (int64_t begin = 0; begin < rows; begin += kTextsAtOnce) {
      const int64_t count = std::min(kTextsAtOnce, rows - begin);
      encoder.encode(context, std::span(of).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(count)),
                     {vectors.data() + begin * dimensions, count, dimensions, dimensions});
      advance(static_cast<double>(done += count), static_cast<double>(total));
    }
    file.add<float>(tensor_of(kind), std::span<const float>(vectors), {rows, dimensions});
  };
  add(InterestKind::kDirectors, texts.director_texts);
  add(InterestKind::kMovies, texts.movie_texts);
  add(InterestKind::kUsers, texts.user_texts);
  file.write(folder / kVectorsFile);
  std::string lines;
  for (std::size_t n = 0; n < texts.directors.size(); ++n) {
    lines += fmt::format("{}\t{}\t{}\n", n, tsv_field(texts.directors[n]), lines_in(texts.director_texts[n]));
  }
  engine::write_file(folder / kDirectorsFile, lines);
}

InterestVectors read_interest(const fs::path& folder, InterestKind kind, const RunData& data) {
  InterestVectors interest{engine::TensorFile::read(folder / kVectorsFile), {}, {}, {}};
  const auto& shape = interest.file.shape(tensor_of(kind));
  int64_t rows = kind == InterestKind::kMovies ? data.items.size() : data.users.size();
  if (kind == InterestKind::kDirectors) {
    read_directors(folder, interest);
    rows = static_cast<int64_t>(interest.directors.size());
  }
  const int64_t columns = shape.size() == 2 ? shape[1] : 0;
  const auto numbers = interest.file.finite(tensor_of(kind), {rows, columns});
  interest.vectors = {numbers.data(), rows, columns, columns};
  return interest;
}

bool has_interest(const fs::path& folder) {
  return fs::exists(folder / kVectorsFile);
}

std::vector<NearestNames> nearest_directors(const fs::path& folder, const RunData& data) {
  const InterestVectors interest = read_interest(folder, InterestKind::kDirectors, data);
  std::vector<std::size_t> order(interest.directors.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t n) { return interest.director_titles[n]; });
  order.resize(std::min(order.size(), kDirectorsShown));
  std::vector<NearestNames> shown;
  for (const std::size_t director : order) {
    NearestNames& entry = shown.emplace_back();
    entry.name = interest.directors[director];
    for (const auto& [row, cosine] :
         engine::nearest_rows(interest.vectors, static_cast<int64_t>(director), kNearestShown)) {
      entry.nearest.emplace_back(interest.directors[static_cast<std::size_t>(row)], cosine);
    }
  }
  return shown;
}

void write_decoded(const fs::path& folder, const std::vector<engine::DecodedText>& texts) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const engine::DecodedText& text : texts) {
    list.push_back({{"text", text.text}, {"greedy", text.greedy}, {"beam", text.beam}, {"held_out", text.held_out}});
  }
  engine::write_file(folder / kDecodedFile, dumped(list));
}

std::vector<DecodedLine> read_decoded(const fs::path& folder) {
  std::vector<DecodedLine> lines;
  const fs::path path = folder / kDecodedFile;
  if (!fs::exists(path)) return lines;
  try {
    for (const auto& entry : nlohmann::json::parse(engine::read_file(path))) {
      lines.push_back({entry.at("text"), entry.at("greedy"), entry.at("beam"), entry.at("held_out")});
    }
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::kArtifact, "{}: {}", path.string(), json_problem(error));
  }
  return lines;
}

}  // namespace matinee::host
