#include "libraries/cudnn/sequences.h"

#include <algorithm>
#include <numeric>

#include "libraries/cudnn/numbers.h"
#include "runtime/library_support.h"

namespace simulated_gpu::cudnn {
namespace {

// Which vector in memory is each row.
std::vector<int64_t> places(const cudnnRNNDataStruct& data, const Sequences& sequences) {
  std::vector<int64_t> places(size_t(sequences.rows()), 0);
  for (int step = 0; step < sequences.steps(); ++step) {
    for (int place = 0; place < sequences.running(step); ++place) {
      const int64_t row = sequences.start[step] + place, sequence = sequences.order[place];
      switch (data.layout) {
        case CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED:
          places[row] = int64_t{step} * data.batch + sequence;
          break;
        case CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED:
          places[row] = sequence * data.steps + step;
          break;
        default:
          places[row] = row;
      }
    }
  }
  return places;
}

// Calls use(first row, first vector in memory, vectors) for every run of neighbours.
template <typename Use>
void each_run(const std::vector<int64_t>& places, Use use) {
  for (size_t row = 0; row < places.size();) {
    size_t end = row + 1;
    while (end < places.size() && places[end] == places[end - 1] + 1) ++end;
    use(row, places[row], end - row);
    row = end;
  }
}

}  // namespace

Sequences::Sequences(const std::vector<int>& lengths) : order(lengths.size()), start{0} {
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return lengths[a] > lengths[b]; });
  for (int step = 0; step < lengths[order[0]]; ++step) {
    const auto runs = std::count_if(lengths.begin(), lengths.end(), [&](int length) { return length > step; });
    start.push_back(start.back() + runs);
  }
}

int64_t vectors_of(const cudnnRNNDataStruct& data) {
  if (data.layout != CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED) return int64_t{data.steps} * data.batch;
  return std::accumulate(data.lengths.begin(), data.lengths.end(), int64_t{0});
}

std::vector<float> read_rows(const cudnnRNNDataStruct& data, const Sequences& sequences, const void* memory,
                             const char* name) {
  const size_t width = size_t(data.width), bytes = width * bytes_of(data.type);
  std::vector<float> rows(size_t(sequences.rows()) * width);
  each_run(places(data, sequences), [&](size_t row, int64_t vector, size_t count) {
    const auto* from = static_cast<const unsigned char*>(memory) + size_t(vector) * bytes;
    simulated_gpu_reads(from, count * bytes, name);
    load(from, data.type, count * width, rows.data() + row * width);
  });
  return rows;
}

void write_rows(const cudnnRNNDataStruct& data, const Sequences& sequences, const std::vector<float>& rows, float fill,
                void* memory, const char* name) {
  const size_t width = size_t(data.width), bytes = width * bytes_of(data.type);
  const auto all = size_t(vectors_of(data));
  simulated_gpu_writes(memory, all * bytes, name);
  if (int64_t(all) != sequences.rows()) {
    store(memory, data.type, all * width, std::vector<float>(all * width, fill).data());
  }
  each_run(places(data, sequences), [&](size_t row, int64_t vector, size_t count) {
    auto* to = static_cast<unsigned char*>(memory) + size_t(vector) * bytes;
    store(to, data.type, count * width, rows.data() + row * width);
  });
}

}  // namespace simulated_gpu::cudnn
