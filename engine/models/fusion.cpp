#include "engine/models/fusion.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/models/fusion_ratio.h"
#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

constexpr auto kScales = std::to_array<std::string_view>({"row_max", "min_max", "z_score", "rank"});
constexpr auto kFeedbacks = std::to_array<std::string_view>({"ratings", "binary"});
constexpr int64_t kBlockBytes = int64_t{32} << 20;  // of the rows of both similarities
constexpr int64_t kMostRows = 256;

// Lists that grow block by block, one for each of some models.
struct FusedBlock {
  FusedBlock(int64_t most_rows, int64_t width)
      : indices(most_rows * width), similarities(indices.size()), counts(most_rows) {}

  similarity::NeighbourRows view(int64_t rows, int64_t width) {
    return {{indices.data(), rows, width, width},
            {similarities.data(), rows, width, width},
            counts.span().first(static_cast<std::size_t>(rows))};
  }

  Buffer<int32_t> indices;
  Buffer<float> similarities;
  Buffer<int32_t> counts;
};

}  // namespace

void Fusion::describe(Parameters& p) {
  p.model_reference("collaborative", collaborative_,
                    "A model of type item_similarity with axis items, or ease: how alike items are by their ratings.");
  p.model_reference("content", content_,
                    "A model of type seq2seq (cosine of the vectors of the titles), skip_gram (cosine of the means of "
                    "the vectors of the titles' words), item_similarity or ease: how alike items are otherwise.");
  p.text("ratio", ratio_,
         "Parts of the collaborative and of the content similarity, as \"7:1\"; with \"1:0\" and as many "
         "neighbours as it keeps it is the collaborative item_similarity.");
  p.choice("normalize", options_.scale, kScales,
           "How the content similarities of an item are brought onto the scale of its collaborative ones. row_max: the "
           "greatest become equal. min_max: least and greatest. z_score: mean and standard deviation. rank: the "
           "similarity of rank r becomes the collaborative one of rank r.");
  p.integer("neighbours", options_.neighbours, {.minimum = 1, .maximum = 1'000'000}, "",
            "How many most similar items each item keeps once both are fused.");
  if (collaborative_.empty()) p.reject("collaborative", "is missing: name a model of type item_similarity or ease");
  if (content_.empty()) p.reject("content", "is missing: name a model of type seq2seq, skip_gram or item_similarity");
  if (!p.refused("ratio") && !parse_ratio(ratio_)) p.reject("ratio", ratio_problem(ratio_));
}

std::string Fusion::obstacle_to_reference(std::string_view parameter, const Model& other) const {
  if (parameter == "collaborative" && !(other.compares_items() && other.neighbour_use())) {
    return fmt::format(
        "the collaborative similarity is that of a model of type \"item_similarity\" with axis \"items\", or "
        "\"ease\", and it is of type \"{}\": name another model",
        other.type());
  }
  if (parameter == "content" && !other.compares_items()) {
    return fmt::format(
        "the content similarity is that of a model of type \"seq2seq\", \"skip_gram\", \"ease\" or "
        "\"item_similarity\" with axis \"items\", and it is of type \"{}\": name another model",
        other.type());
  }
  return "";
}

int32_t Fusion::rows_per_block(int64_t items) const {
  const int64_t row = 2 * std::max<int64_t>(items, 1) * static_cast<int64_t>(sizeof(float));
  return static_cast<int32_t>(
      std::clamp<int64_t>(kBlockBytes / row, 1, std::min(kMostRows, std::max<int64_t>(items, 1))));
}

int64_t Fusion::block_bytes(int64_t items, int64_t ratios) const {
  constexpr int64_t kThreads = 8, kPerItem = 16;  // of what a thread needs to fuse
  const int64_t rows = rows_per_block(items);
  return rows * (2 * items * 4 + ratios * (list_width(items) * 8 + 4)) + kThreads * items * kPerItem + items * 4;
}

int64_t Fusion::host_bytes(const DataShape& shape) const {
  return bytes_of_each(shape, 1);
}

int64_t Fusion::bytes_of_each(const DataShape& shape, int64_t ratios) const {
  return ratios * list_bytes(shape.items) + block_bytes(shape.items, ratios);
}

const Model& Fusion::reference(const TrainingInput& input, const std::string& name) {
  const auto found = input.references.find(name);
  if (found == input.references.end()) fail(ErrorKind::kConfig, "a fusion needs the trained model \"{}\"", name);
  return *found->second;
}

similarity::FusionRatio Fusion::ratio() const {
  const auto ratio = parse_ratio(ratio_);
  if (!ratio) throw Error(ErrorKind::kConfig, ratio_problem(ratio_));
  return *ratio;
}

void Fusion::take_use(const Model& collaborative) {
  const auto use = collaborative.neighbour_use();
  if (!use) throw Error(ErrorKind::kConfig, obstacle_to_reference("collaborative", collaborative));
  normalize_rows_ = use->normalize_rows;
  options_.keep_negative = use->keep_negative;
  feedback_ = use->binary ? Feedback::kBinary : Feedback::kRatings;
}

void Fusion::fuse(Context& context, const TrainingInput& input, std::span<Fusion* const> models,
                  TrainingMonitor& monitor) {
  Fusion& first = *models.front();
  const Model &collaborative = reference(input, first.collaborative_), &content = reference(input, first.content_);
  const int32_t rows = input.by_item.rows, rows_per_block = first.rows_per_block(rows);
  const int64_t width = first.list_width(rows);
  std::vector<float> magnitudes;
  std::vector<similarity::FusionRatio> ratios;
  std::vector<FusedBlock> blocks;
  for (Fusion* model : models) {
    model->take_use(collaborative);
    model->similar_ = {};
    ratios.push_back(model->ratio());
    blocks.emplace_back(rows_per_block, width);
  }
  similarity::FusionOptions options = first.options_;
  options.neighbours = width;
  if (const TensorFile* checkpoint = models.size() == 1 ? monitor.checkpoint() : nullptr) {
    first.similar_ = first.checked_lists(*checkpoint, rows);
    magnitudes = checkpoint->vector<float>("magnitudes");
    if (static_cast<int32_t>(magnitudes.size()) != first.similar_.rows()) {
      fail(ErrorKind::kArtifact, "{}: not a checkpoint of this training: remove it", checkpoint->path().string());
    }
  }
  const auto ratings = collaborative.item_comparison(context, input),
             contents = content.item_comparison(context, input);
  Buffer<float> one(int64_t{rows_per_block} * rows), other(one.size());
  std::vector<similarity::NeighbourRows> found(models.size());
  while (first.similar_.rows() < rows) {
    const int32_t begin = first.similar_.rows();
    const int64_t count = std::min(rows_per_block, rows - begin);
    const MatrixView<float> of_ratings{one.data(), count, rows, rows}, of_contents{other.data(), count, rows, rows};
    ratings->compare(context, begin, of_ratings);
    contents->compare(context, begin, of_contents);
    for (std::size_t n = 0; n < models.size(); ++n) found[n] = blocks[n].view(count, width);
    magnitudes.resize(static_cast<std::size_t>(begin + count));
    similarity::fuse_rows(context, of_ratings, of_contents, begin, options, ratios, found,
                          std::span(magnitudes).last(static_cast<std::size_t>(count)));
    for (std::size_t n = 0; n < models.size(); ++n) models[n]->similar_.append(found[n]);
    monitor.progress(static_cast<double>(begin + count), rows, "items");
    monitor.offer_checkpoint([&](TensorWriter& file) {
      first.add_lists(file);
      file.add("magnitudes", magnitudes);
    });
  }
  for (Fusion* model : models) model->adopt_fused(magnitudes, input);
}

// Items of which the ratings say nothing have similarities of at most 1 so far.
void Fusion::adopt_fused(std::span<const float> magnitudes, const TrainingInput& input) {
  double sum = 0;
  const auto known = std::ranges::count_if(magnitudes, [](float magnitude) { return magnitude > 0; });
  for (const float magnitude : magnitudes) sum += static_cast<double>(magnitude);
  const float scale = known > 0 ? static_cast<float>(sum / static_cast<double>(known)) : 1.0F;
  for (std::size_t row = 0; row < magnitudes.size(); ++row) {
    if (magnitudes[row] > 0) continue;
    for (int64_t n = similar_.offsets[row]; n < similar_.offsets[row + 1]; ++n) {
      similar_.weights[static_cast<std::size_t>(n)] *= scale;
    }
  }
  adopt(std::move(similar_), input);
}

void Fusion::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  Fusion* const models[] = {this};
  fuse(context, input, models, monitor);
}

std::vector<std::unique_ptr<Fusion>> Fusion::train_each(Context& context, const TrainingInput& input,
                                                        std::span<const std::string> ratios,
                                                        TrainingMonitor& monitor) const {
  std::vector<std::unique_ptr<Fusion>> models;
  std::vector<Fusion*> trained;
  for (const std::string& ratio : ratios) {
    models.push_back(std::make_unique<Fusion>(*this));
    models.back()->ratio_ = ratio;
    trained.push_back(models.back().get());
  }
  if (!models.empty()) fuse(context, input, trained, monitor);
  return models;
}

void Fusion::save(TensorWriter& file) const {
  NeighbourModel::save(file);
  file.note("feedback", kFeedbacks[static_cast<std::size_t>(feedback_)]);
  file.note("normalize_rows", normalize_rows_ ? "true" : "false");
}

void Fusion::load(const TensorFile& file) {
  feedback_ = file.note("feedback") == "binary" ? Feedback::kBinary : Feedback::kRatings;
  normalize_rows_ = file.note("normalize_rows") == "true";
  NeighbourModel::load(file);
}

}  // namespace matinee::engine
