#include "engine/models/seq2seq.h"

#include <algorithm>
#include <array>

#include "engine/models/length_buckets.h"
#include "engine/models/seq2seq_batch.h"
#include "engine/models/seq2seq_decoding.h"
#include "engine/models/seq2seq_network.h"
#include "engine/models/seq2seq_parameters.h"
#include "engine/models/skip_gram.h"
#include "engine/models/vector_comparison.h"
#include "engine/text/split_words.h"
#include "engine/text/stop_words.h"
#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

constexpr int64_t kBeam = 4;
constexpr std::size_t kSamples = 6;  // of texts that were learnt from, and of those held out

std::string source_of(const TextOptions& text) {
  return text.source == TextSource::kFile ? text.path : "the titles of the dataset";
}

std::span<float> numbers_of(const Seq2SeqTensor& tensor, std::vector<float>& parameters) {
  return std::span(parameters).subspan(static_cast<std::size_t>(tensor.begin), static_cast<std::size_t>(tensor.size));
}

// Whether a row of the tensor belongs to each token.
bool by_token(const Seq2SeqTensor& tensor) {
  return tensor.name == "embedding" || tensor.name.starts_with("output.");
}

}  // namespace

void Seq2Seq::describe(Parameters& p) {
  constexpr std::array<std::string_view, 2> kTokens = {"words", "subword"};
  constexpr std::array<std::string_view, 3> kAttentions = {"dot", "general", "additive"};
  constexpr std::array<std::string_view, 2> kOutputs = {"softmax", "sigmoid"};
  constexpr std::array<std::string_view, 2> kPools = {"last", "mean"};
  constexpr std::array<std::string_view, 3> kPrecisions = {"fp32", "tf32", "fp16"};
  p.group("text", "What is learnt from, and which words there are.", [&](Parameters& group) { text_.describe(group); });
  p.choice("tokens", tokens_, kTokens,
           "words: a token is a word; a word that no learnt text has cannot be said again. subword: a token is a piece "
           "of a word, learnt by byte-pair encoding from the texts that are not held out: any text can be said.");
  p.integer("subwords", subwords_, {.minimum = Subwords::kBytes, .maximum = 1'000'000}, "pieces",
            "With tokens subword: how many there are, the 256 bytes among them.");
  p.model_reference("embeddings", embeddings_,
                    "A model of type skip_gram with as many dimensions, whose vectors the embedding starts from; with "
                    "tokens words only. Empty: it starts from random numbers.");
  p.integer("dimensions", dimensions_, {.minimum = 1, .maximum = 4096}, "",
            "Length of the vector of each token, which encoder and decoder share.");
  p.real("initial_deviation", initial_deviation_, {.minimum = 0, .maximum = 10, .above_minimum = true}, "",
         "Standard deviation of the normal distribution that embeddings start from, where they are not a model's.");
  p.integer("layers", layers_, {.minimum = 1, .maximum = 16}, "layers", "Of LSTM, in the encoder and in the decoder.");
  p.integer("units", units_, {.minimum = 1, .maximum = 8192}, "units",
            "Of each layer, and the length of the vector of a text.");
  p.choice("attention", attention_, kAttentions,
           "How alike a step of the decoder and one of the encoder are. dot: the product of their outputs. general: "
           "the same after a learnt projection of the decoder's. additive: a learnt product with tanh of the sum of "
           "both projected.");
  p.choice("output", output_, kOutputs,
           "softmax: cross-entropy of the right token among all. sigmoid: binary cross-entropy, averaged over the "
           "vocabulary.");
  options_.describe(p);
  p.choice("pool", pool_, kPools,
           "The vector of a text. last: the encoder's top output at the last token. mean: its mean over the tokens.");
  p.choice("precision", precision_, kPrecisions,
           "Of products of matrices on CUDA, whose numbers and sums have 32 bits all the same: tf32 and fp16 round the "
           "factors to 11 significant bits for tensor cores; with fp16 the loss is scaled so that small gradients are "
           "not lost. On the CPU always fp32.");
  if (!embeddings_.empty() && tokens_ == Tokens::kSubwords && !p.refused("tokens")) {
    p.reject("embeddings", "are vectors of words, and tokens is \"subword\": remove it, or set tokens to \"words\"");
  }
}

Seq2SeqShape Seq2Seq::shape(int64_t vocabulary, int64_t dimensions) const {
  return {vocabulary, dimensions, layers_, units_, attention_, output_};
}

int64_t Seq2Seq::predicted_vocabulary(const DataShape& shape) const {
  return Vocabulary::kSpecials + (tokens_ == Tokens::kSubwords ? subwords_ : shape.vocabulary);
}

int64_t Seq2Seq::host_bytes(const DataShape& shape) const {
  constexpr int64_t kBytesPerEntry = 260;  // of a vocabulary: text twice, hash table entry, count
  constexpr int64_t kBytesPerLetter = 64;  // while pieces of words are learnt
  constexpr int64_t kLettersPerWord = 10;
  const int64_t tokens = shape.words * (tokens_ == Tokens::kSubwords ? kLettersPerWord : 1);
  const int64_t corpora = shape.words * 4 + shape.documents * 100 + tokens * 4 + (shape.documents + tokens) * 8;
  const int64_t learning = tokens_ == Tokens::kSubwords ? shape.vocabulary * kLettersPerWord * kBytesPerLetter : 0;
  const Seq2SeqShape network = this->shape(predicted_vocabulary(shape), dimensions_);
  // The model, what training starts from, the best network so far, and three copies while a checkpoint is written.
  constexpr int64_t kCopies = 6;
  const int64_t parameters = kCopies * seq2seq_parameters(network) * static_cast<int64_t>(sizeof(float));
  return corpora + learning + 2 * shape.vocabulary * kBytesPerEntry + parameters +
         Seq2SeqNetwork::bytes(network, options_.room());
}

int64_t Seq2Seq::device_bytes(const DataShape& shape) const {
  return Seq2SeqNetwork::bytes(this->shape(predicted_vocabulary(shape), dimensions_), options_.room());
}

std::string Seq2Seq::obstacle_to_start_from(const Model& other) const {
  const auto* model = dynamic_cast<const Seq2Seq*>(&other);
  if (model == nullptr) {
    return fmt::format("a model of type \"{}\" cannot start from one of type \"{}\": give one of the same type", type(),
                       other.type());
  }
  const bool alike = model->tokens_ == tokens_ && model->dimensions_ == dimensions_ && model->layers_ == layers_ &&
                     model->units_ == units_ && model->attention_ == attention_;
  if (alike) return "";
  return fmt::format(
      "a network cannot start from one of another shape: give both the same tokens, attention, \"dimensions\": {}, "
      "\"layers\": {} and \"units\": {}",
      model->dimensions_, model->layers_, model->units_);
}

std::string Seq2Seq::obstacle_to_reference(std::string_view, const Model& other) const {
  const auto* model = dynamic_cast<const SkipGram*>(&other);
  if (model == nullptr) {
    return fmt::format("embeddings are those of a model of type \"skip_gram\", and it is of type \"{}\"", other.type());
  }
  if (model->dimensions() == dimensions_) return "";
  return fmt::format("its vectors have {} dimensions and those of this model {}: give both the same \"dimensions\"",
                     model->dimensions(), dimensions_);
}

const Seq2Seq* Seq2Seq::initial_model(const TrainingInput& input) const {
  if (input.initial == nullptr) return nullptr;
  const std::string problem = obstacle_to_start_from(*input.initial);
  if (!problem.empty()) throw Error(ErrorKind::kConfig, problem);
  return dynamic_cast<const Seq2Seq*>(input.initial);
}

TokenCoder Seq2Seq::make_coder(const Corpus& corpus, const std::vector<uint8_t>& held_out) const {
  if (tokens_ == Tokens::kSubwords) return TokenCoder(subwords_of(corpus, held_out, subwords_));
  return TokenCoder(corpus.vocabulary.copy());
}

void Seq2Seq::take_embeddings(const Model& model, const TokenCoder& coder, std::vector<float>& parameters) const {
  const auto known = model.word_vectors();
  if (!known || known->vectors.columns != dimensions_) {
    fail(ErrorKind::kConfig, "model \"{}\" has no word vectors of {} dimensions", embeddings_, dimensions_);
  }
  for (int32_t id = Vocabulary::kSpecials; id < coder.size(); ++id) {
    const auto word = known->vocabulary->find(coder.words().word(id));
    if (word) std::copy_n(known->vectors.row(*word), dimensions_, parameters.data() + id * dimensions_);
  }
}

void Seq2Seq::take_parameters(const Seq2Seq& earlier, const TokenCoder& coder, std::vector<float>& parameters) const {
  const auto tensors = seq2seq_tensors(shape(coder.size(), dimensions_));
  const auto before = seq2seq_tensors(shape(earlier.coder_.size(), dimensions_));
  for (std::size_t n = 0; n < tensors.size(); ++n) {
    const float* from = earlier.parameters_.data() + before[n].begin;
    const std::span<float> to = numbers_of(tensors[n], parameters);
    if (!by_token(tensors[n])) {
      std::copy_n(from, to.size(), to.data());
      continue;
    }
    const int64_t width = tensors[n].size / coder.size();
    for (int32_t id = 0; id < coder.size(); ++id) {
      const auto known = earlier.coder_.find(coder.token(id));
      if (known) std::copy_n(from + *known * width, width, to.data() + id * width);
    }
  }
}

std::vector<float> Seq2Seq::start_parameters(const TrainingInput& input, const TokenCoder& coder) const {
  std::vector<float> parameters = seq2seq_start(shape(coder.size(), dimensions_), initial_deviation_, input.seed);
  if (!embeddings_.empty()) take_embeddings(*input.references.at(embeddings_), coder, parameters);
  if (const Seq2Seq* initial = initial_model(input); initial != nullptr) {
    take_parameters(*initial, coder, parameters);
  }
  return parameters;
}

void Seq2Seq::train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) {
  const PrecisionScope precision(context, precision_);
  const Corpus& corpus = *input.corpus;
  const auto held_out = held_out_documents(corpus, options_.validation_share, input.seed);
  if (options_.validation_share > 0 && std::ranges::find(held_out, 1) == held_out.end()) {
    fail(ErrorKind::kInput,
         "{}: all texts are alike (is there one director only?): none can be held out. Give more texts, or set "
         "validation_share to 0",
         source_of(text_));
  }
  TokenCoder coder = make_coder(corpus, held_out);
  const TokenTexts train = coded_documents(corpus, coder, held_out, false, options_.most_tokens);
  const TokenTexts others = coded_documents(corpus, coder, held_out, true, options_.most_tokens);
  const auto documents = static_cast<int64_t>(std::ranges::count(held_out, 0));
  monitor.note(fmt::format("{} texts of {} tokens are learnt from, {} are held out; there are {} different tokens",
                           documents, train.tokens.size(), corpus.documents() - documents, coder.size()));
  if (const int64_t pieces = train.size() + others.size(); pieces > corpus.documents()) {
    monitor.note(fmt::format("texts of more than {} tokens are cut: {} texts in {} pieces (most_tokens)",
                             options_.most_tokens, corpus.documents(), pieces));
  }
  const Seq2SeqTask task = {&train, &others, shape(coder.size(), dimensions_), input.seed};
  parameters_ = train_seq2seq(context, task, options_, start_parameters(input, coder), monitor);
  coder_ = std::move(coder);
}

void Seq2Seq::save(TensorWriter& file) const {
  coder_.save(file);
  for (const Seq2SeqTensor& tensor : seq2seq_tensors(shape(coder_.size(), dimensions_))) {
    const std::span<const float> numbers(parameters_.data() + tensor.begin, static_cast<std::size_t>(tensor.size));
    file.add<float>(tensor.name, numbers, tensor.shape);
  }
}

void Seq2Seq::load(const TensorFile& file) {
  TokenCoder coder = TokenCoder::load(file, tokens_ == Tokens::kSubwords);
  const Seq2SeqShape network = shape(coder.size(), dimensions_);
  std::vector<float> parameters(static_cast<std::size_t>(seq2seq_parameters(network)));
  for (const Seq2SeqTensor& tensor : seq2seq_tensors(network)) {
    if (file.shape(tensor.name) != tensor.shape) {
      fail(ErrorKind::kArtifact, "{}: tensor {} has another shape than the parameters and the tokens give it",
           file.path().string(), tensor.name);
    }
    const auto numbers = tensor.shape.size() == 1 ? file.finite(tensor.name, {-1}) : file.finite(tensor.name, {-1, -1});
    std::ranges::copy(numbers, parameters.begin() + tensor.begin);
  }
  parameters_ = std::move(parameters);
  coder_ = std::move(coder);
}

std::optional<WordVectors> Seq2Seq::word_vectors() const {
  if (parameters_.empty() || tokens_ == Tokens::kSubwords) return std::nullopt;
  return WordVectors{&coder_.words(), {parameters_.data(), coder_.size(), dimensions_, dimensions_}};
}

std::vector<int32_t> Seq2Seq::tokens_of(const std::string& text) const {
  std::vector<int32_t> tokens;
  for (const std::string& word : words_of(text)) {
    if (!text_.drop_stop_words || !is_english_stop_word(word)) coder_.encode(word, tokens);
  }
  return tokens;
}

void Seq2Seq::encode(Context& context, std::span<const std::string> texts, const MatrixView<float>& vectors) const {
  const PrecisionScope precision(context, precision_);
  TokenTexts pieces;
  std::vector<int64_t> starts = {0};  // of each text's pieces
  for (const std::string& text : texts) {
    pieces.add(tokens_of(text), options_.most_tokens);
    starts.push_back(pieces.size());
  }
  const std::vector<float> encoded =
      encode_pieces(context, shape(coder_.size(), dimensions_), parameters_, pieces, pool_);
  for (int64_t text = 0; text < vectors.rows; ++text) {
    std::fill_n(vectors.row(text), units_, 0.0f);
    const int64_t begin = starts[static_cast<std::size_t>(text)], end = starts[static_cast<std::size_t>(text) + 1];
    for (int64_t piece = begin; piece < end; ++piece) {
      for (int64_t unit = 0; unit < units_; ++unit) {
        vectors(text, unit) +=
            encoded[static_cast<std::size_t>(piece * units_ + unit)] / static_cast<float>(end - begin);
      }
    }
  }
}

std::unique_ptr<ItemComparison> Seq2Seq::item_comparison(Context& context, const TrainingInput& input) const {
  const std::vector<std::string> titles = item_titles(input);
  const auto items = static_cast<int64_t>(titles.size());
  Buffer<float> vectors(items * units_);
  constexpr int64_t kTitlesAtOnce = 1024;
  for (int64_t begin = 0; begin < items; begin += kTitlesAtOnce) {
    const int64_t count = std::min(kTitlesAtOnce, items - begin);
    encode(context, std::span(titles).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(count)),
           {vectors.data() + begin * units_, count, units_, units_});
  }
  return std::make_unique<VectorComparison>(context, std::move(vectors), items, units_);
}

int64_t Seq2Seq::comparison_bytes(const DataShape& shape) const {
  return VectorComparison::bytes(shape.items, units_);
}

std::vector<DecodedText> Seq2Seq::sample_texts(Context& context, const Corpus& corpus, uint64_t seed) const {
  const PrecisionScope precision(context, precision_);
  const auto held_out = held_out_documents(corpus, options_.validation_share, seed);
  const Seq2SeqRoom room = {kBeam, options_.most_tokens, false};
  Seq2SeqNetwork network(context, shape(coder_.size(), dimensions_), room);
  network.set_parameters(context, parameters_);
  Seq2SeqBatch batch(context, room, coder_.size());
  std::vector<DecodedText> samples;
  for (const bool wanted : {false, true}) {
    const TokenTexts texts = coded_documents(corpus, coder_, held_out, wanted, options_.most_tokens);
    for (const int64_t number : drawn_numbers(texts.size(), kSamples, seed)) {
      const auto piece = texts.piece(number);
      DecodedText& sample = samples.emplace_back();
      sample.held_out = wanted;
      sample.text = coder_.decode(piece);
      sample.greedy = coder_.decode(decode_greedily(context, network, batch, piece, options_.most_tokens));
      sample.beam = coder_.decode(decode_by_beam(context, network, batch, piece, options_.most_tokens, kBeam));
    }
  }
  return samples;
}

}  // namespace matinee::engine
