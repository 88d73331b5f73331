#include "engine/models/seq2seq_decoding.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/text/vocabulary.h"

namespace matinee::engine {
namespace {

struct Beginning {
  std::vector<int32_t> tokens;
  double log_probability = 0;

  double score() const { return log_probability / static_cast<double>(tokens.size() + 1); }
};

struct Candidate {
  double log_probability;
  std::size_t origin;
  int32_t token;
};

// Logits of one beginning become logarithms of probabilities.
std::vector<double> log_probabilities(std::span<const float> logits, seq2seq::TokenLoss loss) {
  std::vector<double> values(logits.begin(), logits.end());
  if (loss == seq2seq::TokenLoss::kSigmoid) {
    for (double& value : values) value = std::min(value, 0.0) - std::log1p(std::exp(-std::abs(value)));
    return values;
  }
  const double largest = *std::ranges::max_element(values);
  double sum = 0;
  for (const double value : values) sum += std::exp(value - largest);
  for (double& value : values) value -= largest + std::log(sum);
  return values;
}

// The `count` best, best first.
void keep_best(std::vector<Candidate>& candidates, std::size_t count) {
  const auto better = [](const Candidate& a, const Candidate& b) {
    if (a.log_probability != b.log_probability) return a.log_probability > b.log_probability;
    return a.origin != b.origin ? a.origin < b.origin : a.token < b.token;
  };
  count = std::min(count, candidates.size());
  std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(count), candidates.end(),
                    better);
  candidates.resize(count);
}

class BeamSearch {
 public:
  BeamSearch(Context& context, Seq2SeqNetwork& network, Seq2SeqBatch& batch, int64_t width)
      : context_(context), network_(network), batch_(batch), width_(static_cast<std::size_t>(width)) {}

  std::vector<int32_t> best(std::span<const int32_t> text, int64_t most_tokens) {
    const std::vector<std::span<const int32_t>> copies(width_, text);
    batch_.assign(context_, copies);
    network_.encode(context_, batch_);
    beam_.assign(width_, {});
    for (std::size_t n = 1; n < width_; ++n) beam_[n].log_probability = -std::numeric_limits<double>::infinity();
    std::vector<int32_t> inputs(width_, Vocabulary::kBegin);
    for (int64_t step = 0; step <= most_tokens && !beam_.empty(); ++step) {
      network_.decode_step(context_, batch_, inputs, &logits_);
      advance(inputs);
    }
    for (const Beginning& beginning : beam_) finish(beginning);
    return whole_.tokens;
  }

 private:
  // Takes the best that follow; `inputs` becomes what is read next.
  void advance(std::vector<int32_t>& inputs) {
    std::vector<Candidate> candidates;
    const auto vocabulary = static_cast<std::size_t>(network_.shape().vocabulary);
    for (std::size_t n = 0; n < beam_.size(); ++n) {
      const auto values =
          log_probabilities(std::span(logits_).subspan(n * vocabulary, vocabulary), network_.shape().loss);
      std::vector<Candidate> next;
      for (std::size_t token = 0; token < vocabulary; ++token) {
        next.push_back({beam_[n].log_probability + values[token], n, static_cast<int32_t>(token)});
      }
      keep_best(next, 2 * width_);
      candidates.insert(candidates.end(), next.begin(), next.end());
    }
    keep_best(candidates, 2 * width_);
    std::vector<Beginning> grown;
    std::vector<int32_t> origins;
    for (const Candidate& candidate : candidates) {
      if (!std::isfinite(candidate.log_probability)) continue;
      Beginning beginning = beam_[candidate.origin];
      beginning.log_probability = candidate.log_probability;
      if (candidate.token == Vocabulary::kEnd) {
        finish(beginning);
      } else if (grown.size() < width_) {
        beginning.tokens.push_back(candidate.token);
        inputs[grown.size()] = candidate.token;
        origins.push_back(static_cast<int32_t>(candidate.origin));
        grown.push_back(std::move(beginning));
      }
    }
    beam_ = std::move(grown);
    if (has_whole_ && std::ranges::all_of(beam_, [&](const Beginning& beginning) { return hopeless(beginning); })) {
      beam_.clear();
    }
    if (beam_.empty()) return;
    origins.resize(width_, 0);
    network_.reorder_states(context_, origins);
  }

  // Whether it can no longer become the best whole text: each token adds a logarithm below 0.
  bool hopeless(const Beginning& beginning) const {
    return beginning.log_probability / static_cast<double>(network_.room().target_steps()) < whole_.score();
  }

  void finish(const Beginning& beginning) {
    if (has_whole_ && beginning.score() <= whole_.score()) return;
    whole_ = beginning;
    has_whole_ = true;
  }

  Context& context_;
  Seq2SeqNetwork& network_;
  Seq2SeqBatch& batch_;
  std::size_t width_;
  std::vector<Beginning> beam_;
  std::vector<float> logits_;
  Beginning whole_;  // the best one
  bool has_whole_ = false;
};

}  // namespace

std::vector<std::vector<int32_t>> greedy_steps(Context& context, Seq2SeqNetwork& network, const Seq2SeqBatch& batch,
                                               int64_t steps) {
  network.encode(context, batch);
  std::vector<std::vector<int32_t>> produced;
  std::vector<int32_t> inputs(static_cast<std::size_t>(batch.texts()), Vocabulary::kBegin);
  for (int64_t step = 0; step < steps; ++step) {
    network.decode_step(context, batch, inputs, nullptr);
    inputs = network.predictions(context, batch.texts());
    produced.push_back(inputs);
  }
  return produced;
}

std::vector<int32_t> decode_greedily(Context& context, Seq2SeqNetwork& network, Seq2SeqBatch& batch,
                                     std::span<const int32_t> text, int64_t most_tokens) {
  batch.assign(context, {&text, 1});
  std::vector<int32_t> tokens;
  for (const std::vector<int32_t>& step : greedy_steps(context, network, batch, most_tokens)) {
    if (step.front() == Vocabulary::kEnd) break;
    tokens.push_back(step.front());
  }
  return tokens;
}

std::vector<int32_t> decode_by_beam(Context& context, Seq2SeqNetwork& network, Seq2SeqBatch& batch,
                                    std::span<const int32_t> text, int64_t most_tokens, int64_t width) {
  return BeamSearch(context, network, batch, width).best(text, most_tokens);
}

}  // namespace matinee::engine
