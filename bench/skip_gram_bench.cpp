// Times the training of word vectors on a corpus in memory. skip_gram.py drives it and times other libraries in
// between: usage `skip_gram_bench CORPUS THREADS [LEVEL]`; the file holds int64 documents, int64 offsets (documents +
// 1) and int32 words, whose numbers are dense from 0. Each line on stdin is "dimensions window negatives subsample
// learning_rate epochs deterministic seed PATH"; the answer on stdout is the seconds of the epochs, those that all
// threads together were on a processor, and the mean loss of the last. The vectors go to PATH as float32 (vocabulary,
// dimensions), unless it is "-".
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "bench/level.h"
#include "kernels/skip_gram/train_words.h"
#include "kernels/support/buffer.h"
#include "kernels/support/error.h"

namespace {

using namespace matinee;

struct Corpus {
  std::vector<int64_t> offsets, counts;
  std::vector<int32_t> words;

  skip_gram::CorpusView view() const {
    return {static_cast<int64_t>(offsets.size()) - 1, offsets.data(), words.data(), static_cast<int32_t>(counts.size()),
            counts.data()};
  }
};

template <typename T>
void read_numbers(std::ifstream& file, std::vector<T>& numbers) {
  file.read(reinterpret_cast<char*>(numbers.data()), static_cast<std::streamsize>(numbers.size() * sizeof(T)));
}

Corpus read_corpus(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<int64_t> documents(1);
  Corpus corpus;
  read_numbers(file, documents);
  corpus.offsets.resize(static_cast<std::size_t>(documents[0] + 1));
  read_numbers(file, corpus.offsets);
  corpus.words.resize(static_cast<std::size_t>(corpus.offsets.back()));
  read_numbers(file, corpus.words);
  if (!file || corpus.words.empty()) fail(ErrorKind::kInput, "{}: no corpus", path);
  corpus.counts.resize(static_cast<std::size_t>(*std::max_element(corpus.words.begin(), corpus.words.end()) + 1));
  for (const int32_t word : corpus.words) ++corpus.counts[static_cast<std::size_t>(word)];
  return corpus;
}

struct Job {
  int64_t dimensions = 0;
  skip_gram::Settings settings;
  std::string path;
};

Job read_job(const std::string& line) {
  Job job;
  skip_gram::Settings& settings = job.settings;
  std::istringstream(line) >> job.dimensions >> settings.window >> settings.negatives >> settings.subsample >>
      settings.learning_rate >> settings.epochs >> settings.deterministic >> settings.seed >> job.path;
  return job;
}

void write_vectors(const std::string& path, int64_t dimensions, const MatrixView<float>& vectors) {
  std::ofstream file(path, std::ios::binary);
  for (int64_t word = 0; word < vectors.rows; ++word) {
    file.write(reinterpret_cast<const char*>(vectors.row(word)),
               dimensions * static_cast<std::streamsize>(sizeof(float)));
  }
  if (!file.flush()) fail(ErrorKind::kArtifact, "{} cannot be written", path);
}

void train(Context& context, const Corpus& corpus, const Job& job) {
  const skip_gram::CorpusView view = corpus.view();
  const int64_t stride = skip_gram::padded(job.dimensions);
  Buffer<float> input(view.vocabulary * stride), output(view.vocabulary * stride);
  const skip_gram::VectorsView<float> vectors = {{input.data(), view.vocabulary, stride, stride},
                                                 {output.data(), view.vocabulary, stride, stride}};
  skip_gram::start_vectors(job.settings.seed, job.dimensions, vectors);
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t start_on_processors = std::clock();
  const skip_gram::TrainingOperands operands(context, view, job.settings, vectors);
  skip_gram::Trained trained;
  for (int64_t epoch = 0; epoch < job.settings.epochs; ++epoch) {
    trained = skip_gram::train_words(context, operands, {epoch, 0, view.size()});
  }
  operands.fetch(context);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double on_processors = static_cast<double>(std::clock() - start_on_processors) / CLOCKS_PER_SEC;
  if (job.path != "-") write_vectors(job.path, job.dimensions, vectors.input);
  std::cout << seconds << ' ' << on_processors << ' ' << trained.loss / static_cast<double>(trained.pairs) << std::endl;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3 && argc != 4) fail(ErrorKind::kConfig, "usage: skip_gram_bench CORPUS THREADS [LEVEL]");
  if (argc == 4) bench::limit_level(argv[3]);
  const Corpus corpus = read_corpus(argv[1]);
  Context context(Device{}, std::atoi(argv[2]));
  for (std::string line; std::getline(std::cin, line);) train(context, corpus, read_job(line));
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
