#include "tests/support/words_problem.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ostream>

#include <gtest/gtest.h>

#include "kernels/skip_gram/draws.h"
#include "kernels/support/philox.h"

namespace matinee::test {

using namespace skip_gram;

WordsProblem::WordsProblem(int32_t vocabulary, int64_t documents, int64_t most_words, int64_t width, uint64_t seed)
    : dimensions(width),
      stride(padded(width)),
      offsets{0},
      counts(static_cast<std::size_t>(vocabulary)),
      input(vocabulary * stride),
      output(vocabulary * stride) {
  const Philox draws(seed, stream_id(RandomStream::kSynthetic));
  uint64_t next = 0;
  for (int64_t document = 0; document < documents; ++document) {
    const uint64_t kind = draws.below(next++, 6);
    const auto size = kind < 2 ? kind : 1 + draws.below(next++, static_cast<uint64_t>(most_words));
    for (uint64_t n = 0; n < size; ++n) {
      const double place = draws.uniform(next++);
      words.push_back(static_cast<int32_t>(place * place * vocabulary));
      ++counts[static_cast<std::size_t>(words.back())];
    }
    offsets.push_back(static_cast<int64_t>(words.size()));
  }
  start_vectors(seed, dimensions, vectors());
}

Settings WordsShape::settings(float learning_rate, bool deterministic, uint64_t seed) const {
  return {.window = window,
          .negatives = negatives,
          .subsample = subsample,
          .learning_rate = learning_rate,
          .epochs = 3,
          .seed = seed,
          .deterministic = deterministic};
}

std::ostream& operator<<(std::ostream& out, const WordsShape& shape) {
  return out << shape.vocabulary << " words, " << shape.documents << " texts of at most " << shape.most_words << ", "
             << shape.dimensions << " dimensions, window " << shape.window << ", " << shape.negatives
             << " negatives, subsample " << shape.subsample;
}

CorpusView WordsProblem::corpus() const {
  return {static_cast<int64_t>(offsets.size()) - 1, offsets.data(), words.data(), static_cast<int32_t>(counts.size()),
          counts.data()};
}

VectorsView<float> WordsProblem::vectors() {
  const auto rows = static_cast<int64_t>(counts.size());
  return {{input.data(), rows, stride, stride}, {output.data(), rows, stride, stride}};
}

WordsProblem WordsProblem::copy() const {
  WordsProblem other(static_cast<int32_t>(counts.size()), 0, 1, dimensions, 0);
  other.offsets = offsets;
  other.counts = counts;
  other.words = words;
  std::copy(input.span().begin(), input.span().end(), other.input.data());
  std::copy(output.span().begin(), output.span().end(), other.output.data());
  return other;
}

std::vector<float> WordsProblem::numbers() const {
  std::vector<float> all(input.span().begin(), input.span().end());
  all.insert(all.end(), output.span().begin(), output.span().end());
  return all;
}

void WordsProblem::draw_vectors(uint64_t seed, double size) {
  const Philox draws(seed, stream_id(RandomStream::kFactors));
  uint64_t next = 0;
  for (Buffer<float>* rows : {&input, &output}) {
    for (int64_t n = 0; n < rows->size(); ++n) {
      (*rows)[n] = n % stride < dimensions ? static_cast<float>((2 * draws.uniform(next++) - 1) * size) : 0.0f;
    }
  }
}

WordsProblem groups_of_words(int32_t groups, int32_t size, int64_t documents, uint64_t seed) {
  WordsProblem problem(groups * size, 0, 1, 20, seed);
  const Philox draws(seed, stream_id(RandomStream::kSynthetic));
  uint64_t next = 0;
  for (int64_t document = 0; document < documents; ++document) {
    const auto group = static_cast<int32_t>(draws.below(next++, static_cast<uint64_t>(groups)));
    for (int n = 0; n < 6; ++n) {
      problem.words.push_back(group * size + static_cast<int32_t>(draws.below(next++, static_cast<uint64_t>(size))));
      ++problem.counts[static_cast<std::size_t>(problem.words.back())];
    }
    problem.offsets.push_back(static_cast<int64_t>(problem.words.size()));
  }
  return problem;
}

double in_their_groups(WordsProblem& problem, int32_t size) {
  const auto rows = problem.vectors().input;
  const auto cosine = [&](int64_t a, int64_t b) {
    double ab = 0, aa = 0, bb = 0;
    for (int64_t k = 0; k < rows.columns; ++k) {
      const auto x = static_cast<double>(rows(a, k)), y = static_cast<double>(rows(b, k));
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
    return ab / std::sqrt(aa * bb);
  };
  int right = 0;
  for (int64_t word = 0; word < rows.rows; ++word) {
    int64_t best = word == 0 ? 1 : 0;
    for (int64_t other = 0; other < rows.rows; ++other) {
      if (other != word && cosine(word, other) > cosine(word, best)) best = other;
    }
    right += best / size == word / size;
  }
  return right / static_cast<double>(rows.rows);
}

std::vector<Trained> train_all(Context& context, WordsProblem& problem, const Settings& settings,
                               int64_t granules_at_once) {
  const TrainingOperands operands(context, problem.corpus(), settings, problem.vectors());
  std::vector<Trained> epochs;
  const int64_t size = problem.corpus().size(), step = granules_at_once * operands.granule();
  for (int64_t epoch = 0; epoch < settings.epochs; ++epoch) {
    Trained sum;
    for (int64_t begin = 0; begin < size; begin += step) {
      const Trained part = train_words(context, operands, {epoch, begin, std::min(begin + step, size)});
      sum.loss += part.loss;
      sum.pairs += part.pairs;
      sum.words += part.words;
    }
    epochs.push_back(sum);
  }
  operands.fetch(context);
  return epochs;
}

namespace {

struct Kept {
  int64_t place;
  int64_t window;
};

// The draws of a place, by number.
uint32_t draw_of(const Settings& settings, int64_t epoch, int64_t place, int64_t number) {
  const Philox draws(settings.seed, stream_id(RandomStream::kWords, static_cast<uint64_t>(epoch)));
  const int64_t blocks = (2 + settings.negatives + 3) / 4;
  return draws.block(static_cast<uint64_t>(place * blocks + number / 4))[static_cast<int>(number % 4)];
}

class Reference {
 public:
  Reference(WordsProblem& problem, const Settings& settings, int64_t epoch, int64_t round_words)
      : problem_(problem),
        settings_(settings),
        epoch_(epoch),
        round_words_(round_words),
        draws_(problem.corpus(), settings),
        input_(problem.input.span().begin(), problem.input.span().end()),
        output_(problem.output.span().begin(), problem.output.span().end()) {}

  Trained run() {
    Trained trained;
    for (std::size_t document = 0; document + 1 < problem_.offsets.size(); ++document) {
      std::vector<Kept> kept;
      for (int64_t place = problem_.offsets[document]; place < problem_.offsets[document + 1]; ++place) {
        if (draw_of(settings_, epoch_, place, 0) > draws_.keep()[word(place)]) continue;
        const auto draw = static_cast<double>(draw_of(settings_, epoch_, place, 1));
        kept.push_back({place, 1 + static_cast<int64_t>(draw / 0x1p32 * settings_.window)});
      }
      for (std::size_t t = 0; t < kept.size(); ++t) take_window(kept, t, trained);
    }
    trained.words = static_cast<int64_t>(problem_.words.size());
    std::transform(input_.begin(), input_.end(), problem_.input.data(), [](double x) { return static_cast<float>(x); });
    std::transform(output_.begin(), output_.end(), problem_.output.data(),
                   [](double x) { return static_cast<float>(x); });
    return trained;
  }

 private:
  std::size_t word(int64_t place) const {
    return static_cast<std::size_t>(problem_.words[static_cast<std::size_t>(place)]);
  }

  void take_window(const std::vector<Kept>& kept, std::size_t t, Trained& trained) {
    const std::size_t target = word(kept[t].place);
    std::vector<std::size_t> outputs = {target}, inputs;
    for (int64_t k = 0; k < settings_.negatives; ++k) {
      const auto negative =
          static_cast<std::size_t>(draws_.view().drawn_negative(draw_of(settings_, epoch_, kept[t].place, 2 + k)));
      if (negative != target) outputs.push_back(negative);
    }
    for (std::size_t n = 0; n < kept.size(); ++n) {
      const auto distance = std::abs(static_cast<int64_t>(n) - static_cast<int64_t>(t));
      if (distance > 0 && distance <= kept[t].window) inputs.push_back(word(kept[n].place));
    }
    if (round_words_ > 0 && kept[t].place / round_words_ != round_) {
      round_ = kept[t].place / round_words_;
      input_before_ = input_;
      output_before_ = output_;
    }
    const double words = static_cast<double>(problem_.words.size());
    const double done = (static_cast<double>(epoch_) * words + static_cast<double>(kept[t].place)) /
                        (static_cast<double>(settings_.epochs) * words);
    const double rate = static_cast<double>(settings_.learning_rate) * std::max(1 - done, 1e-4);
    if (settings_.output == Output::kSoftmax) {
      for (const std::size_t input : inputs) trained.loss += tell_from_all(input, target, rate);
    } else if (round_words_ == 0) {
      move_at_once(outputs, inputs, rate, trained);
    } else {
      const auto moved = outputs_moved(outputs, inputs, rate, trained);
      for (std::size_t j = 0; j < outputs.size(); ++j) {
        for (std::size_t k = 0; k < width(); ++k) output_[outputs[j] * width() + k] += moved[j * width() + k];
      }
    }
    trained.pairs += static_cast<int64_t>(inputs.size());
  }

  // The step of a pair with softmax; returns its loss.
  double tell_from_all(std::size_t input, std::size_t target, double rate) {
    double* row = input_.data() + input * width();
    std::vector<double> shares, step(width());
    double sum = 0, of_target = 0;
    for (std::size_t word = 0; word < problem_.counts.size(); ++word) {
      const double x = std::inner_product(row, row + width(), output_.data() + word * width(), 0.0);
      if (word == target) of_target = x;
      shares.push_back(std::exp(x));
      sum += shares.back();
    }
    for (std::size_t word = 0; word < problem_.counts.size(); ++word) {
      const double pull = rate * ((word == target ? 1 : 0) - shares[word] / sum);
      for (std::size_t k = 0; k < width(); ++k) {
        double& number = output_[word * width() + k];
        step[k] += pull * number;
        number += pull * row[k];
      }
    }
    for (std::size_t k = 0; k < width(); ++k) row[k] += step[k];
    return std::log(sum) - of_target;
  }

  // Rows are moved where they are, and so are those that stand in the window twice.
  void move_at_once(const std::vector<std::size_t>& outputs, const std::vector<std::size_t>& inputs, double rate,
                    Trained& trained) {
    for (std::size_t first = 0; first < inputs.size(); first += kInputsAtOnce) {
      const std::size_t last = std::min(first + kInputsAtOnce, inputs.size());
      const auto pulls = pulls_of(outputs, inputs, first, last, rate, input_, output_, {}, trained);
      std::vector<double> steps((last - first) * width());
      const std::vector<double> before = input_;
      for (std::size_t k = 0; k < width(); ++k) {
        for (std::size_t j = 0; j < outputs.size(); ++j) {
          double& output = output_[outputs[j] * width() + k];
          const double number = output;
          for (std::size_t i = first; i < last; ++i) {
            const double pull = pulls[(i - first) * outputs.size() + j];
            steps[(i - first) * width() + k] += pull * number;
            output += pull * before[inputs[i] * width() + k];
          }
        }
      }
      for (std::size_t i = first; i < last; ++i) {
        for (std::size_t k = 0; k < width(); ++k) input_[inputs[i] * width() + k] += steps[(i - first) * width() + k];
      }
    }
  }

  // rate × (label - σ) of each pair of inputs first .. last-1 and all outputs, these moved by `moved` where it is
  // given.
  std::vector<double> pulls_of(const std::vector<std::size_t>& outputs, const std::vector<std::size_t>& inputs,
                               std::size_t first, std::size_t last, double rate, const std::vector<double>& input_rows,
                               const std::vector<double>& output_rows, const std::vector<double>& moved,
                               Trained& trained) const {
    std::vector<double> pulls;
    for (std::size_t i = first; i < last; ++i) {
      for (std::size_t j = 0; j < outputs.size(); ++j) {
        double x = 0;
        for (std::size_t k = 0; k < width(); ++k) {
          const double by = moved.empty() ? 0 : moved[j * width() + k];
          x += input_rows[inputs[i] * width() + k] * (output_rows[outputs[j] * width() + k] + by);
        }
        trained.loss += std::log1p(std::exp(j == 0 ? -x : x));
        pulls.push_back(rate * ((j == 0 ? 1 : 0) - 1 / (1 + std::exp(-x))));
      }
    }
    return pulls;
  }

  // Moves the input rows, and returns by how much each output row is to move.
  std::vector<double> outputs_moved(const std::vector<std::size_t>& outputs, const std::vector<std::size_t>& inputs,
                                    double rate, Trained& trained) {
    std::vector<double> moved(outputs.size() * width()), steps(inputs.size() * width());
    for (std::size_t first = 0; first < inputs.size(); first += kInputsAtOnce) {
      const std::size_t last = std::min(first + kInputsAtOnce, inputs.size());
      const auto pulls = pulls_of(outputs, inputs, first, last, rate, input_before_, output_before_, moved, trained);
      const std::vector<double> before = moved;
      for (std::size_t i = first; i < last; ++i) {
        for (std::size_t j = 0; j < outputs.size(); ++j) {
          const double pull = pulls[(i - first) * outputs.size() + j];
          for (std::size_t k = 0; k < width(); ++k) {
            steps[i * width() + k] += pull * (output_before_[outputs[j] * width() + k] + before[j * width() + k]);
            moved[j * width() + k] += pull * input_before_[inputs[i] * width() + k];
          }
        }
      }
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      for (std::size_t k = 0; k < width(); ++k) input_[inputs[i] * width() + k] += steps[i * width() + k];
    }
    return moved;
  }

  std::size_t width() const { return static_cast<std::size_t>(problem_.stride); }

  WordsProblem& problem_;
  const Settings& settings_;
  int64_t epoch_, round_words_, round_ = -1;
  Draws draws_;
  std::vector<double> input_, output_, input_before_, output_before_;
};

}  // namespace

Trained reference_epoch(WordsProblem& problem, const Settings& settings, int64_t epoch, int64_t round_words) {
  return Reference(problem, settings, epoch, round_words).run();
}

void expect_step_of_loss(const WordsProblem& problem, skip_gram::Settings settings) {
  Context context({}, 1);
  settings.learning_rate = 1e-7f;  // the loss is that of both words at the vectors as they are
  const auto loss = [&](const WordsProblem& at) {
    WordsProblem copy = at.copy();
    return skip_gram::train_words(context, copy.corpus(), settings, {0, 0, 2}, copy.vectors()).loss;
  };
  constexpr float kStep = 0.02f;
  std::vector<double> slopes;
  WordsProblem moved = problem.copy();
  for (Buffer<float>* rows : {&moved.input, &moved.output}) {
    for (float& number : rows->span()) {
      const float before = number;
      number = before + kStep;
      const double above = loss(moved);
      number = before - kStep;
      slopes.push_back((above - loss(moved)) / (2 * static_cast<double>(kStep)));
      number = before;
    }
  }
  settings.learning_rate = 1e-3f;
  WordsProblem trained = problem.copy();
  skip_gram::train_words(context, trained.corpus(), settings, {0, 0, 2}, trained.vectors());
  const auto before = problem.numbers(), after = trained.numbers();
  for (std::size_t n = 0; n < before.size(); ++n) {
    if (static_cast<int64_t>(n) % problem.stride >= problem.dimensions) continue;  // padding
    EXPECT_NEAR((after[n] - before[n]) / -1e-3f, slopes[n], 5e-3) << "number " << n;
  }
}

}  // namespace matinee::test
