#pragma once

#include <cstddef>
#include <cstdint>

#include "libraries/cudnn/descriptors.h"

namespace simulated_gpu::cudnn {

// Bytes for every batch of xDesc's longest sequence and number of sequences, whatever their lengths.
size_t workspace_bytes(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x, cudnnForwardMode_t mode);
size_t reserve_bytes(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x);

// Inside work: whoever keeps something else in the workspace finds it spoilt.
void spoil_workspace(void* workspace, size_t bytes);

// Which call wrote the reserve space last. Each takes what the one before it left.
enum class Stage : uint64_t { kForward = 0x666f7277617264, kBackwardData, kBackwardWeights };

// What must be the same in the backward calls as it was in the forward call: hashes.
struct Fingerprint {
  uint64_t shape = 0, weights = 0, x = 0, y = 0, hx = 0, cx = 0;
};
uint64_t hash(const void* data, size_t bytes, uint64_t start = 0);
uint64_t hash_shape(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x);

// The reserve space of a training step: what forward leaves for the backward calls, row by row of the sequences.
class ReserveSpace {
 public:
  ReserveSpace(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x, void* memory);

  // Inside work. `begin` for forward; `check` stops the work where the space was changed since `stage` left it, or
  // anything of `now` that is not 0 is not as it was in forward; `leave` remembers the contents.
  void begin();
  void check(Stage stage, const Fingerprint& now, const char* function) const;
  void leave(Stage stage);
  Fingerprint& fingerprint() const;

  float* gates(int layer) const { return floats(layer, 0); }  // rows x 4 hidden; gradients after backward data
  float* cells(int layer) const { return floats(layer, 4); }  // rows x hidden
  float* outputs(int layer) const { return floats(layer, 5); }
  uint8_t* mask(int layer) const;  // rows x hidden: dropout behind the layer

 private:
  float* floats(int layer, int skipped) const;

  int layers_;
  size_t plane_;  // values of most rows x hidden
  size_t bytes_;
  unsigned char* memory_;
};

}  // namespace simulated_gpu::cudnn
