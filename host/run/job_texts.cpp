#include "host/run/job_texts.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "engine/text/title_documents.h"
#include "host/readers/dataset_files.h"

namespace matinee::host {
namespace {

constexpr int64_t kInflation = 4;  // of gzipped titles, about

PredictedText predicted_titles(const DatasetSpec& dataset) {
  if (dataset.format == DatasetFormat::kSynthetic || dataset.format == DatasetFormat::kNoRatings) return {};
  const auto titles = find_dataset_files(dataset).titles;
  if (!titles) return {};
  const auto bytes = static_cast<int64_t>(std::filesystem::file_size(*titles));
  return predict_text_of_bytes(titles->ends_with(".gz") ? kInflation * bytes : bytes);
}

}  // namespace

std::string JobText::fingerprint_part() const {
  return fmt::format("{} {} {} {}", static_cast<int>(options.source), options.drop_stop_words, options.min_count,
                     options.largest_vocabulary);
}

std::vector<JobText> job_texts(const Job& job) {
  std::vector<JobText> texts;
  for (const ModelSpec& spec : job.models) {
    const engine::TextOptions* options = spec.model->text();
    if (options == nullptr || text_of(texts, *spec.model) != nullptr) continue;
    const bool titles = options->source == engine::TextSource::kTitles;
    texts.push_back({spec.name, *options, titles ? predicted_titles(job.dataset) : predict_text_file(*options)});
  }
  return texts;
}

const JobText* text_of(const std::vector<JobText>& texts, const engine::Model& model) {
  if (model.text() == nullptr) return nullptr;
  const auto found = std::ranges::find(texts, *model.text(), &JobText::options);
  return found == texts.end() ? nullptr : &*found;
}

engine::DataShape shape_for(engine::DataShape shape, const JobText* text) {
  if (text == nullptr) return shape;
  shape.documents = text->predicted.documents;
  shape.words = text->predicted.words;
  shape.vocabulary = text->predicted.vocabulary;
  return shape;
}

engine::Corpus titles_corpus(const engine::Catalogue& catalogue, const engine::TextOptions& options) {
  engine::CorpusBuilder builder(options);
  for (const std::string& document : engine::title_documents(catalogue)) builder.add_document(document);
  return builder.finish("the titles of the dataset");
}

}  // namespace matinee::host
