#include "engine/models/skip_gram.h"

#include <algorithm>
#include <array>

#include "engine/models/skip_gram_training.h"
#include "engine/models/vector_comparison.h"
#include "engine/text/split_words.h"
#include "kernels/skip_gram/training_operands.h"
#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

Buffer<float> copied(std::span<const float> values) {
  Buffer<float> copy(static_cast<int64_t>(values.size()));
  std::ranges::copy(values, copy.data());
  return copy;
}

// What training starts from in place of draws: the rows of the words that the earlier vocabulary knew.
void take_rows(const Vocabulary& earlier, const Buffer<float>& rows, const Vocabulary& vocabulary,
               const MatrixView<float>& to, int64_t dimensions) {
  for (int32_t word = 0; word < vocabulary.word_count(); ++word) {
    const auto known = earlier.find(vocabulary.word(Vocabulary::kSpecials + word));
    if (known) std::copy_n(rows.data() + *known * dimensions, dimensions, to.row(word));
  }
}

// Rows without padding, behind those of the special tokens.
Buffer<float> compact(const Buffer<float>& padded, const SkipGramState& state) {
  Buffer<float> rows((Vocabulary::kSpecials + state.words) * state.dimensions);
  for (int64_t word = 0; word < state.words; ++word) {
    std::copy_n(padded.data() + word * state.stride, state.dimensions,
                rows.data() + (Vocabulary::kSpecials + word) * state.dimensions);
  }
  return rows;
}

void require_pairs(const Corpus& corpus, const KnownWords& known, const TextOptions& text) {
  const std::string source = text.source == TextSource::kFile ? text.path : "the titles of the dataset";
  if (corpus.vocabulary.word_count() == 1) {
    fail(ErrorKind::kInput,
         "{}: the vocabulary has one word only, \"{}\": there is nothing to tell it from. Give more text, or lower "
         "text.min_count",
         source, corpus.vocabulary.word(Vocabulary::kSpecials));
  }
  if (!known.has_pairs) {
    fail(ErrorKind::kInput,
         "{}: no text has two words of the vocabulary: nothing can be learnt from their company. Is each text on one "
         "line? Otherwise lower text.min_count",
         source);
  }
}

}  // namespace

void SkipGram::describe(Parameters& p) {
  constexpr std::array<std::string_view, 2> kOutputs = {"negative_sampling", "softmax"};
  constexpr std::array<std::string_view, 2> kModes = {"deterministic", "fast"};
  p.group("text", "What the words are learnt from, and which words there are.",
          [&](Parameters& group) { text_.describe(group); });
  p.integer("dimensions", dimensions_, {.minimum = 1, .maximum = 4096}, "",
            "Length of the vector that is learnt for each word.");
  p.integer("window", window_, {.minimum = 1, .maximum = skip_gram::kMostWindow}, "words",
            "How far to each side a neighbour may stand; drawn from 1 to this for each word.");
  p.integer("negatives", negatives_, {.minimum = 1, .maximum = skip_gram::kMostNegatives}, "words",
            "Drawn by frequency to the power of 0.75 to tell each word from, with output negative_sampling.");
  p.integer("epochs", epochs_, {.minimum = 1, .maximum = 100000}, "epochs", "Passes over the text.");
  p.real("learning_rate", learning_rate_, {.minimum = 0, .maximum = 1e6, .above_minimum = true}, "",
         "Step of stochastic gradient descent at the start; falls linearly to a ten-thousandth of it.");
  p.real("subsample", subsample_, {.minimum = 0, .maximum = 1}, "share of the words",
         "A word of frequency f is kept with probability min(1, sqrt(t/f) + t/f), drawn each time it stands in the "
         "text, where this is t; 0: all are kept.");
  p.choice("output", output_, kOutputs,
           "negative_sampling: a word is told from some drawn ones. softmax: from all words, exact, for small "
           "vocabularies.");
  p.choice("mode", mode_, kModes,
           "deterministic: the same bytes for any number of threads. fast: threads change vectors without waiting for "
           "each other, and results differ from run to run.");
}

int64_t SkipGram::host_bytes(const DataShape& shape) const {
  constexpr int64_t kBytesPerEntry = 260;  // of a vocabulary: text twice, hash table entry, count
  const int64_t corpora = 2 * (shape.words * static_cast<int64_t>(sizeof(int32_t)) +
                               shape.documents * static_cast<int64_t>(sizeof(int64_t)));
  const int64_t compact_bytes = 2 * shape.vocabulary * dimensions_ * static_cast<int64_t>(sizeof(float));
  return corpora + 2 * shape.vocabulary * kBytesPerEntry + compact_bytes +
         2 * SkipGramState::bytes(shape.vocabulary, dimensions_);
}

int64_t SkipGram::device_bytes(const DataShape& shape) const {
  return skip_gram::TrainingOperands::device_bytes(settings(0), shape.words, shape.vocabulary, dimensions_);
}

std::string SkipGram::obstacle_to_start_from(const Model& other) const {
  const auto* model = dynamic_cast<const SkipGram*>(&other);
  if (model == nullptr) {
    return fmt::format(
        "a model of type \"{}\" cannot start from one of type \"{}\", which learns no words: give a type that does",
        type(), other.type());
  }
  if (model->dimensions_ == dimensions_) return "";
  return fmt::format("vectors of {} dimensions cannot start from those of {}: give \"dimensions\": {}", dimensions_,
                     model->dimensions_, model->dimensions_);
}

const SkipGram* SkipGram::initial_model(const TrainingInput& input) const {
  if (input.initial == nullptr) return nullptr;
  const std::string problem = obstacle_to_start_from(*input.initial);
  if (!problem.empty()) throw Error(ErrorKind::kConfig, problem);
  const auto* model = dynamic_cast<const SkipGram*>(input.initial);
  if (model->columns_ != dimensions_) {
    fail(ErrorKind::kConfig, "vectors of {} dimensions cannot start from those of {}", dimensions_, model->columns_);
  }
  return model;
}

skip_gram::Settings SkipGram::settings(uint64_t seed) const {
  skip_gram::Settings settings;
  settings.window = static_cast<int>(window_);
  settings.negatives = static_cast<int>(negatives_);
  settings.subsample = subsample_;
  settings.learning_rate = static_cast<float>(learning_rate_);
  settings.epochs = epochs_;
  settings.seed = seed;
  settings.deterministic = deterministic();
  settings.output = output_;
  return settings;
}

void SkipGram::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  const Corpus& corpus = *input.corpus;
  const KnownWords known(corpus);
  require_pairs(corpus, known, text_);
  const SkipGram* initial = initial_model(input);
  SkipGramState state(corpus.vocabulary.word_count(), dimensions_);
  skip_gram::start_vectors(input.seed, dimensions_, state.view());
  if (initial != nullptr) {
    take_rows(initial->vocabulary_, initial->vectors_, corpus.vocabulary, state.view().input, dimensions_);
    take_rows(initial->vocabulary_, initial->contexts_, corpus.vocabulary, state.view().output, dimensions_);
  }
  train_skip_gram(context, known, settings(input.seed), monitor, state);
  vocabulary_ = corpus.vocabulary.copy();
  columns_ = dimensions_;
  vectors_ = compact(state.input, state);
  contexts_ = compact(state.output, state);
}

void SkipGram::save(TensorWriter& file) const {
  vocabulary_.save(file);
  file.add<float>("vectors", vectors_.span(), {vocabulary_.size(), columns_});
  file.add<float>("contexts", contexts_.span(), {vocabulary_.size(), columns_});
}

void SkipGram::load(const TensorFile& file) {
  Vocabulary vocabulary = Vocabulary::load(file);
  const std::vector<int64_t>& shape = file.shape("vectors");
  const int64_t columns = shape.size() == 2 ? shape[1] : 0;
  Buffer<float> vectors = copied(file.finite("vectors", {vocabulary.size(), columns}));
  contexts_ = copied(file.finite("contexts", {vocabulary.size(), columns}));
  vectors_ = std::move(vectors);
  vocabulary_ = std::move(vocabulary);
  columns_ = columns;
}

std::optional<WordVectors> SkipGram::word_vectors() const {
  if (columns_ == 0) return std::nullopt;
  return WordVectors{&vocabulary_, {vectors_.data(), vocabulary_.size(), columns_, columns_}};
}

std::unique_ptr<ItemComparison> SkipGram::item_comparison(Context& context, const TrainingInput& input) const {
  const std::vector<std::string> titles = item_titles(input);
  const auto items = static_cast<int64_t>(titles.size());
  Buffer<float> means(items * columns_);
  for (int64_t item = 0; item < items; ++item) {
    float* mean = means.data() + item * columns_;
    int64_t known = 0;
    for (const std::string& word : words_of(titles[static_cast<std::size_t>(item)])) {
      const std::optional<int32_t> id = vocabulary_.find(word);
      if (!id || *id < Vocabulary::kSpecials) continue;
      ++known;
      const float* vector = vectors_.data() + *id * columns_;
      for (int64_t n = 0; n < columns_; ++n) mean[n] += vector[n];
    }
    for (int64_t n = 0; n < columns_ && known > 0; ++n) mean[n] /= static_cast<float>(known);
  }
  return std::make_unique<VectorComparison>(context, std::move(means), items, columns_);
}

int64_t SkipGram::comparison_bytes(const DataShape& shape) const {
  return VectorComparison::bytes(shape.items, dimensions_);
}

}  // namespace matinee::engine
