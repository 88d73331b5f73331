#include "runtime/fat_binary.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace simulated_gpu {
namespace {

constexpr uint32_t kMagic = 0xba55ed50;
constexpr uint16_t kKindPtx = 1;

// The parts of the container that matter here, at their offsets.
struct Header {
  uint32_t magic;
  uint16_t version, header_bytes;
  uint64_t content_bytes;
};

struct Entry {
  uint16_t kind, version;
  uint32_t header_bytes;
  uint64_t payload_bytes;
  uint32_t unused_a, unused_b, unused_c;
  uint32_t architecture;
  uint32_t unused_d[6];
  uint64_t uncompressed_bytes;  // 0: not compressed
};
static_assert(offsetof(Entry, architecture) == 28 && offsetof(Entry, uncompressed_bytes) == 56);

template <typename T>
T read_at(const char* place) {
  T value;
  std::memcpy(&value, place, sizeof value);
  return value;
}

}  // namespace

PtxImage find_ptx(const void* fat_binary, int architecture) {
  PtxImage best;
  const char* start = static_cast<const char*>(fat_binary);
  const auto header = read_at<Header>(start);
  if (header.magic != kMagic) {
    best.problem = "not a fat binary";
    return best;
  }
  bool newer = false, compressed = false;
  const char* end = start + header.header_bytes + header.content_bytes;
  for (const char* place = start + header.header_bytes; place < end;) {
    const auto entry = read_at<Entry>(place);
    const char* payload = place + entry.header_bytes;
    place = payload + entry.payload_bytes;
    if (entry.kind != kKindPtx) continue;
    if (int(entry.architecture) > architecture) {
      newer = true;
    } else if (entry.uncompressed_bytes != 0) {
      compressed = true;
    } else if (int(entry.architecture) >= best.architecture) {
      best.architecture = int(entry.architecture);
      best.text.assign(payload, strnlen(payload, entry.payload_bytes));
    }
  }
  if (best.text.empty()) {
    best.problem = compressed ? "its PTX is compressed: compile with --no-compress"
                   : newer    ? "its PTX is for newer devices only: compile with code=compute_80 or less"
                              : "it has no PTX: compile with -gencode arch=compute_80,code=compute_80";
  }
  return best;
}

}  // namespace simulated_gpu
