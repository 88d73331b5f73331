#include "libraries/cudnn/temp_space.h"

#include <cstring>
#include <string>

#include "libraries/cudnn/weight_space.h"
#include "runtime/library_support.h"

namespace simulated_gpu::cudnn {
namespace {

constexpr size_t kPlanes = 6;  // floats of a layer for each hidden unit and row: 4 gates, cell, output

struct Header {
  Stage stage;
  uint64_t contents;  // hash of everything behind the header
  Fingerprint fingerprint;
};
constexpr size_t kHeaderBytes = 256;

size_t rounded_up(size_t bytes) {
  return (bytes + 255) / 256 * 256;
}

size_t plane_of(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x) {
  return size_t(x.steps) * size_t(x.batch) * size_t(rnn.hidden);
}

Header& header(unsigned char* memory) {
  return *reinterpret_cast<Header*>(memory);
}

}  // namespace

size_t workspace_bytes(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x, cudnnForwardMode_t mode) {
  const size_t planes = mode == CUDNN_FWD_MODE_TRAINING ? kPlanes : kGates;
  return rounded_up(plane_of(rnn, x) * planes * sizeof(float)) + 1024;
}

size_t reserve_bytes(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x) {
  const size_t layer = plane_of(rnn, x) * (kPlanes * sizeof(float) + 1);
  return kHeaderBytes + rounded_up(size_t(rnn.layers) * layer);
}

void spoil_workspace(void* workspace, size_t bytes) {
  simulated_gpu_writes(workspace, bytes, "cuDNN workspace");
  std::memset(workspace, 0xff, bytes);
}

// Order and place of every word count.
uint64_t hash(const void* data, size_t bytes, uint64_t start) {
  constexpr uint64_t kFactor = 0x9e3779b97f4a7c15;
  uint64_t sum = (start + bytes + 1) * kFactor;
  for (size_t at = 0; at < bytes; at += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, static_cast<const unsigned char*>(data) + at, std::min(sizeof word, bytes - at));
    sum = (sum ^ word) * kFactor;
    sum ^= sum >> 29;
  }
  return sum;
}

uint64_t hash_shape(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x) {
  const int shape[] = {rnn.algorithm, rnn.bias,   rnn.type, rnn.math, rnn.input,
                       rnn.hidden,    rnn.layers, x.steps,  x.batch,  x.layout};
  return hash(x.lengths.data(), x.lengths.size() * sizeof(int), hash(shape, sizeof shape));
}

ReserveSpace::ReserveSpace(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x, void* memory)
    : layers_(rnn.layers),
      plane_(plane_of(rnn, x)),
      bytes_(reserve_bytes(rnn, x)),
      memory_(static_cast<unsigned char*>(memory)) {}

void ReserveSpace::begin() {
  simulated_gpu_writes(memory_, bytes_, "reserve space");
  std::memset(memory_, 0, bytes_);
}

void ReserveSpace::check(Stage stage, const Fingerprint& now, const char* function) const {
  simulated_gpu_reads(memory_, bytes_, "reserve space");
  const Header& was = header(memory_);
  const auto stop_unless = [&](bool good, const char* reason) {
    if (!good) simulated_gpu_stop_work("library-state", (std::string(function) + ": " + reason).c_str());
  };
  stop_unless(was.stage == stage, stage == Stage::kForward
                                      ? "the reserve space is not from a forward call in training mode, or was used"
                                      : "the reserve space is not from cudnnRNNBackwardData_v8, or was used");
  stop_unless(was.contents == hash(memory_ + kHeaderBytes, bytes_ - kHeaderBytes), "the reserve space was changed");
  const auto same = [](uint64_t mine, uint64_t theirs) { return mine == 0 || mine == theirs; };
  const Fingerprint& then = was.fingerprint;
  stop_unless(same(now.shape, then.shape), "another network, or other sequences, than in the forward call");
  stop_unless(same(now.weights, then.weights), "the weights are not those of the forward call");
  stop_unless(same(now.x, then.x), "x is not that of the forward call");
  stop_unless(same(now.y, then.y), "y is not that of the forward call");
  stop_unless(same(now.hx, then.hx), "hx is not that of the forward call");
  stop_unless(same(now.cx, then.cx), "cx is not that of the forward call");
}

void ReserveSpace::leave(Stage stage) {
  simulated_gpu_writes(memory_, bytes_, "reserve space");
  header(memory_).stage = stage;
  header(memory_).contents = hash(memory_ + kHeaderBytes, bytes_ - kHeaderBytes);
}

Fingerprint& ReserveSpace::fingerprint() const {
  return header(memory_).fingerprint;
}

float* ReserveSpace::floats(int layer, int skipped) const {
  return reinterpret_cast<float*>(memory_ + kHeaderBytes) + (size_t(layer) * kPlanes + size_t(skipped)) * plane_;
}

uint8_t* ReserveSpace::mask(int layer) const {
  return reinterpret_cast<uint8_t*>(floats(layers_, 0)) + size_t(layer) * plane_;
}

}  // namespace simulated_gpu::cudnn
