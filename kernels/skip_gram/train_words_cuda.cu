#include <algorithm>

#include "kernels/skip_gram/collect_windows.h"
#include "kernels/skip_gram/train_rounds_cuda.cuh"
#include "kernels/skip_gram/train_softmax_cuda.h"
#include "kernels/skip_gram/train_words_cuda.h"

namespace matinee::skip_gram {

Trained train_words_cuda(Context& context, const TrainingOperands& operands, const WordRange& range) {
  if (operands.settings().output == Output::kSoftmax) return train_softmax_cuda(context, operands, range);
  CudaResources& cuda = context.cuda();
  DeviceTraining& training = operands.on_device();
  const DeviceModel model = training.model(operands);
  training.loss.clear();
  Trained trained;
  const int64_t at_once = rounded_up(kWordsOnDevice, operands.round_words());
  for (int64_t begin = range.begin; begin < range.end; begin += at_once) {
    const int64_t end = std::min(begin + at_once, range.end);
    const Windows windows = collect_windows(context, operands, range.epoch, begin, end);
    const DeviceWindows there(cuda, windows);
    if (operands.settings().deterministic || !train_lock_free(cuda, model, there.lists, range.epoch)) {
      const std::vector<int64_t> starts = round_starts(operands, windows);
      train_rounds(cuda, model, there.lists, starts, range.epoch, training.rounds);
    }
    trained.pairs += windows.pairs();
  }
  unsigned long long sums[2] = {};
  download(cuda, std::span<unsigned long long>(sums), training.loss);
  LossSum loss;
  loss.steps = static_cast<int64_t>(sums[0]);
  loss.diverged = sums[1] > 0;
  trained.loss = loss.value();
  trained.words = range.end - range.begin;
  return trained;
}

}  // namespace matinee::skip_gram
