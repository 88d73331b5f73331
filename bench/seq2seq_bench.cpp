// Times steps of training of the Seq2Seq network. seq2seq.py drives it and times PyTorch in between: usage
// `seq2seq_bench PROBLEM THREADS`; the file holds int64 vocabulary, dimensions, layers, units, texts of a batch and
// batches, then of each text its int64 length and int32 tokens, batch after batch, the longest text of a batch first,
// then the float32 parameters in host form (engine/models/seq2seq_parameters.h). Each line on stdin is "steps clip_norm
// learning_rate PATH": so many steps over the batches in turn, from the parameters of the file. The answer on stdout is
// the seconds and the mean loss of a token in the last step; the parameters go to PATH unless it is "-".
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "bench/read_numbers.h"
#include "engine/models/seq2seq_batch.h"
#include "engine/models/seq2seq_network.h"
#include "kernels/support/error.h"

namespace {

using namespace matinee;

struct Problem {
  engine::Seq2SeqShape shape;
  engine::Seq2SeqRoom room;
  std::vector<std::vector<std::vector<int32_t>>> batches;
  std::vector<float> parameters;
};

Problem read_problem(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const auto head = read_numbers<int64_t>(file, 6);
  Problem problem;
  problem.shape = {.vocabulary = head[0], .dimensions = head[1], .layers = head[2], .units = head[3]};
  problem.room = {.texts = head[4], .tokens = 0, .training = true};
  for (int64_t batch = 0; batch < head[5]; ++batch) {
    auto& texts = problem.batches.emplace_back();
    for (int64_t text = 0; text < head[4]; ++text) {
      texts.push_back(read_numbers<int32_t>(file, read_numbers<int64_t>(file, 1)[0]));
      problem.room.tokens = std::max(problem.room.tokens, static_cast<int64_t>(texts.back().size()));
    }
  }
  problem.parameters = read_numbers<float>(file, engine::seq2seq_parameters(problem.shape));
  return problem;
}

struct Job {
  int64_t steps = 0;
  dense::AdamSettings settings;
  std::string path;
};

Job read_job(const std::string& line) {
  Job job;
  std::istringstream(line) >> job.steps >> job.settings.clip_norm >> job.settings.learning_rate >> job.path;
  return job;
}

void train(Context& context, const Problem& problem, engine::Seq2SeqNetwork& network, const Job& job) {
  engine::Seq2SeqBatch batch(context, problem.room, problem.shape.vocabulary);
  const std::vector<float> zeros(problem.parameters.size());
  network.set_parameters(context, problem.parameters);
  network.set_moments(context, zeros, zeros);
  const auto start = std::chrono::steady_clock::now();
  for (int64_t step = 0; step < job.steps; ++step) {
    const auto& texts = problem.batches[static_cast<std::size_t>(step) % problem.batches.size()];
    const std::vector<std::span<const int32_t>> views(texts.begin(), texts.end());
    batch.assign(context, views);
    network.set_sums(context, {});
    network.differentiate(context, batch, {});
    network.descend(context, job.settings, step + 1);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (job.path != "-") {
    const std::vector<float> parameters = network.parameters(context);
    std::ofstream file(job.path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(parameters.data()),
               static_cast<std::streamsize>(parameters.size() * sizeof(float)));
    if (!file.flush()) fail(ErrorKind::kArtifact, "{} cannot be written", job.path);
  }
  std::cout << seconds << ' ' << network.sums(context).loss / static_cast<double>(batch.target_tokens()) << std::endl;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) fail(ErrorKind::kConfig, "usage: seq2seq_bench PROBLEM THREADS");
  const Problem problem = read_problem(argv[1]);
  Context context(Device{}, std::atoi(argv[2]));
  engine::Seq2SeqNetwork network(context, problem.shape, problem.room);
  for (std::string line; std::getline(std::cin, line);) train(context, problem, network, read_job(line));
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
