// Whether interest vectors say who directed: the titles of each director with four or more are dealt into two halves,
// and the nearest second half of each first half is looked for among those of all these directors.
//   interest_halves RUN
// By the vectors of the run's model of type seq2seq, by bags of words (counts, and counts weighed by rarity) and by the
// mean of the word vectors of each model that has them. A tie counts against the right half.
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "engine/text/interest_texts.h"
#include "engine/text/split_words.h"
#include "engine/text/stop_words.h"
#include "host/run/open_run.h"
#include "kernels/support/error.h"

namespace {

using namespace matinee;

using Vectors = std::vector<std::vector<double>>;  // by director

struct Halves {
  std::vector<std::string> first, second;  // texts, by director
};

Halves halves_of(const engine::InterestTexts& texts) {
  constexpr std::size_t kLeastTitles = 4;
  Halves halves;
  for (const std::string& text : texts.director_texts) {
    std::vector<std::string> titles(1);
    for (const char letter : text) {
      if (letter == '\n') {
        titles.emplace_back();
      } else {
        titles.back() += letter;
      }
    }
    if (titles.size() < kLeastTitles) continue;
    std::string parts[2];
    for (std::size_t n = 0; n < titles.size(); ++n) parts[n % 2] += titles[n] + "\n";
    halves.first.push_back(parts[0]);
    halves.second.push_back(parts[1]);
  }
  return halves;
}

std::vector<std::string> content_words(const std::string& text) {
  std::vector<std::string> words = engine::words_of(text);
  std::erase_if(words, [](const std::string& word) { return engine::is_english_stop_word(word); });
  return words;
}

double cosine(const std::vector<double>& a, const std::vector<double>& b) {
  double dot = 0, aa = 0, bb = 0;
  for (std::size_t n = 0; n < a.size(); ++n) {
    dot += a[n] * b[n];
    aa += a[n] * a[n];
    bb += b[n] * b[n];
  }
  return aa > 0 && bb > 0 ? dot / std::sqrt(aa * bb) : 0;
}

void print(const std::string& name, const Vectors& first, const Vectors& second) {
  double hits = 0, ten = 0, reciprocal = 0;
  for (std::size_t director = 0; director < first.size(); ++director) {
    const double own = cosine(first[director], second[director]);
    std::size_t rank = 1;
    for (std::size_t other = 0; other < second.size(); ++other) {
      if (other != director && cosine(first[director], second[other]) >= own) ++rank;
    }
    hits += rank == 1 ? 1 : 0;
    ten += rank <= 10 ? 1 : 0;
    reciprocal += 1 / static_cast<double>(rank);
  }
  const auto count = static_cast<double>(first.size());
  fmt::print("{:<40} {:>8.4f} {:>8.4f} {:>8.4f}\n", name, hits / count, ten / count, reciprocal / count);
}

// Centred: what all vectors have in common says nothing of any of them.
void centre(Vectors& first, Vectors& second) {
  for (Vectors* vectors : {&first, &second}) {
    std::vector<double> mean(vectors->front().size());
    for (const auto& row : *vectors) {
      for (std::size_t n = 0; n < row.size(); ++n) mean[n] += row[n] / static_cast<double>(vectors->size());
    }
    for (auto& row : *vectors) {
      for (std::size_t n = 0; n < row.size(); ++n) row[n] -= mean[n];
    }
  }
}

Vectors encoded(Context& context, const engine::TextEncoder& encoder, const std::vector<std::string>& texts) {
  const auto rows = static_cast<int64_t>(texts.size());
  const int64_t columns = encoder.vector_dimensions();
  std::vector<float> numbers(static_cast<std::size_t>(rows * columns));
  encoder.encode(context, texts, {numbers.data(), rows, columns, columns});
  Vectors vectors;
  for (auto row = numbers.begin(); row != numbers.end(); row += columns) vectors.emplace_back(row, row + columns);
  return vectors;
}

Vectors mean_vectors(const engine::WordVectors& words, const std::vector<std::string>& texts) {
  Vectors vectors;
  for (const std::string& text : texts) {
    std::vector<double>& sum = vectors.emplace_back(static_cast<std::size_t>(words.vectors.columns));
    for (const std::string& word : content_words(text)) {
      const auto id = words.vocabulary->find(word);
      if (!id) continue;
      for (std::size_t n = 0; n < sum.size(); ++n) sum[n] += words.vectors(*id, static_cast<int64_t>(n));
    }
  }
  return vectors;
}

// Counts of words, each times its weight.
Vectors bags(const std::vector<std::string>& texts,
             const std::map<std::string, std::pair<std::size_t, double>>& words) {
  Vectors vectors;
  for (const std::string& text : texts) {
    std::vector<double>& bag = vectors.emplace_back(words.size());
    for (const std::string& word : content_words(text)) {
      const auto& [place, weight] = words.at(word);
      bag[place] += weight;
    }
  }
  return vectors;
}

void print_bags(const Halves& halves, bool weighed) {
  std::map<std::string, std::pair<std::size_t, double>> words;  // place, texts that have the word
  for (const auto* texts : {&halves.first, &halves.second}) {
    for (const std::string& text : *texts) {
      std::map<std::string, int> once;
      for (const std::string& word : content_words(text)) once[word] = 1;
      for (const auto& [word, one] : once) ++words.try_emplace(word, words.size(), 0.0).first->second.second;
    }
  }
  const auto count = static_cast<double>(2 * halves.first.size());
  for (auto& [word, entry] : words) entry.second = weighed ? std::log(count / entry.second) : 1;
  print(weighed ? "bag of words, by rarity" : "bag of words", bags(halves.first, words), bags(halves.second, words));
}

void run(const std::string& path) {
  const host::OpenRun run = host::open_run(path);
  const Halves halves = halves_of(engine::interest_texts(run.data.catalogue, {}, run.data.grid, std::nullopt));
  fmt::print("{} directors with four or more titles\n{:<40} {:>8} {:>8} {:>8}\n", halves.first.size(),
             "nearest half by", "first", "in ten", "1/rank");
  print_bags(halves, false);
  print_bags(halves, true);
  Context context({}, 2);
  for (const host::ModelSpec& spec : run.job.models) {
    const auto model = run.model(spec.name);
    if (const auto words = model->word_vectors()) {
      print("mean of the words of " + spec.name, mean_vectors(*words, halves.first),
            mean_vectors(*words, halves.second));
    }
    if (const engine::TextEncoder* encoder = model->text_encoder(); encoder != nullptr) {
      Vectors first = encoded(context, *encoder, halves.first), second = encoded(context, *encoder, halves.second);
      print("interest vectors of " + spec.name, first, second);
      centre(first, second);
      print("the same, less their mean", first, second);
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    fmt::print(stderr, "interest_halves RUN\n");
    return 2;
  }
  try {
    run(arguments[1]);
  } catch (const Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return static_cast<int>(error.kind());
  }
  return 0;
}
