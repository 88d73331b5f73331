#include <gtest/gtest.h>

#include "engine/models/skip_gram.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/cuda_device.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_corpus.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

std::unique_ptr<Model> with_output(const char* output) {
  return test::chosen<SkipGram>(
      {{"dimensions", 33.0}, {"epochs", 2.0}, {"window", 3.0}, {"output", std::string(output)}});
}

class SkipGramCuda : public testing::TestWithParam<const char*> {};

TrainingInput input_of(const Corpus& corpus) {
  TrainingInput input;
  input.corpus = &corpus;
  input.seed = 11;
  return input;
}

TEST_P(SkipGramCuda, DeterministicTrainingGivesTheBytesOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  const Corpus corpus = test::random_corpus(80, 9, 61, test::random_seed());
  std::string bytes[2];
  for (const bool on_cuda : {false, true}) {
    const auto model = with_output(GetParam());
    Context context(on_cuda ? test::cuda_device() : Device{}, 2);
    SilentMonitor monitor;
    model->train(context, input_of(corpus), monitor);
    bytes[on_cuda ? 1 : 0] = test::saved_bytes(*model);
  }
  EXPECT_TRUE(bytes[0] == bytes[1]);
}

TEST_P(SkipGramCuda, AStoppedTrainingGoesOnOnTheOtherDevice) {
  MATINEE_NEEDS_CUDA();
  const Corpus corpus = test::random_corpus(80, 9, 61, test::random_seed());
  const auto undisturbed = with_output(GetParam()), resumed = with_output(GetParam());
  test::train(*undisturbed, input_of(corpus));
  Context cuda(test::cuda_device(), 2);
  test::StoppingMonitor first(1);
  ASSERT_FALSE(test::train(*with_output(GetParam()), input_of(corpus), cuda, first));
  test::StoppingMonitor last(0, &first);
  ASSERT_TRUE(test::train(*resumed, input_of(corpus), 1, last));
  EXPECT_TRUE(test::saved_bytes(*resumed) == test::saved_bytes(*undisturbed));
}

TEST_P(SkipGramCuda, FitsInTheBytesThatItPredicts) {
  MATINEE_NEEDS_CUDA();
  const Corpus corpus = test::random_corpus(80, 9, 61, test::random_seed());
  const auto model = with_output(GetParam());
  Context context(test::cuda_device(), 2);
  context.reset_peak_device_bytes();
  SilentMonitor monitor;
  model->train(context, input_of(corpus), monitor);
  DataShape shape;
  shape.documents = corpus.documents();
  shape.words = corpus.words();
  shape.vocabulary = corpus.vocabulary.word_count();
  EXPECT_GT(context.peak_device_bytes(), 0);
  EXPECT_LE(context.peak_device_bytes(), model->device_bytes(shape));
}

INSTANTIATE_TEST_SUITE_P(Outputs, SkipGramCuda, testing::Values("negative_sampling", "softmax"),
                         [](const auto& output) { return std::string(output.param); });

}  // namespace
}  // namespace matinee::engine
