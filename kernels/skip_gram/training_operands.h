#pragma once

#include <cstdint>
#include <memory>

#include "kernels/skip_gram/corpus_view.h"
#include "kernels/skip_gram/draws.h"
#include "kernels/skip_gram/settings.h"
#include "kernels/skip_gram/vectors_view.h"
#include "kernels/support/context.h"

namespace matinee::skip_gram {

struct DeviceTraining;  // training_operands.cuh: copies in the memory of a CUDA device

// On CUDA, about how many words have their windows on the device at a time.
inline constexpr int64_t kWordsOnDevice = 1 << 21, kSoftmaxWordsOnDevice = 1 << 12;

// What a training works on, where the context computes: on the CPU the caller's corpus and vectors themselves, on CUDA
// copies of the vectors that stay on the device from call to call. Corpus and vectors must outlive it, and the context.
class TrainingOperands {
 public:
  // Throws Error(kConfig) where settings are out of range or a shape does not fit, Error(kMemory) where copies do not.
  TrainingOperands(Context& context, const CorpusView& corpus, const Settings& settings,
                   const VectorsView<float>& vectors);

  // Bytes of device memory on CUDA, at most, for a corpus of so many words.
  static int64_t device_bytes(const Settings& settings, int64_t words, int64_t vocabulary, int64_t dimensions);

  const CorpusView& corpus() const { return corpus_; }
  const Settings& settings() const { return settings_; }
  const Draws& draws() const { return *draws_; }
  // The caller's vectors; on CUDA as they were at the start or the last fetch().
  const VectorsView<float>& vectors() const { return vectors_; }
  DeviceTraining& on_device() const { return *device_; }  // only on CUDA

  // Words of a round, whose steps are all taken from the vectors at its start; of a deterministic training.
  int64_t round_words() const { return round_words_; }
  // An epoch is trained in ranges of words that start at multiples of this: whole rounds, some ten thousand words; with
  // softmax some ten.
  int64_t granule() const { return granule_; }

  // Brings the caller's vectors up to date. Nothing to do on the CPU.
  void fetch(Context& context) const;

 private:
  CorpusView corpus_;
  Settings settings_;
  VectorsView<float> vectors_;
  std::shared_ptr<const Draws> draws_;
  int64_t round_words_, granule_;
  std::shared_ptr<DeviceTraining> device_;
};

}  // namespace matinee::skip_gram
