#include "ptx/device_calls.h"

#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "ptx/lanes.h"

namespace simulated_gpu::ptx {
namespace {

template <class T>
T argument(const Warp& warp, const Instruction& i, u32 lane, size_t k) {
  T value;
  const unsigned char* parameters = warp.call_parameters + lane * warp.call_parameter_bytes;
  std::memcpy(&value, parameters + i.call->arguments[k].offset, sizeof value);
  return value;
}

// Walks through the packed arguments of printf: 4 bytes for int, 8 for all else, each at a multiple of its size.
class PackedArguments {
 public:
  explicit PackedArguments(const unsigned char* bytes) : bytes_(bytes) {}
  template <class T>
  T next() {
    offset_ = (offset_ + sizeof(T) - 1) / sizeof(T) * sizeof(T);
    T value;
    std::memcpy(&value, bytes_ + offset_, sizeof value);
    offset_ += sizeof value;
    ++count_;
    return value;
  }
  u32 count() const { return count_; }

 private:
  const unsigned char* bytes_;
  size_t offset_ = 0;
  u32 count_ = 0;
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
void print_one(const std::string& conversion, PackedArguments& arguments) {
  const char type = conversion.back();
  const bool wide = conversion.find('l') != std::string::npos || conversion.find('z') != std::string::npos;
  if (conversion.find('*') != std::string::npos) stop("unsupported", "printf with a width taken from an argument");
  if (type == 's')
    std::printf(conversion.c_str(), arguments.next<const char*>());
  else if (type == 'p')
    std::printf(conversion.c_str(), arguments.next<void*>());
  else if (std::string_view("eEfFgGaA").find(type) != std::string_view::npos)
    std::printf(conversion.c_str(), arguments.next<f64>());
  else if (wide)
    std::printf(conversion.c_str(), arguments.next<u64>());
  else
    std::printf(conversion.c_str(), arguments.next<u32>());
}
#pragma GCC diagnostic pop

u32 print(std::string_view format, const unsigned char* packed) {
  PackedArguments arguments(packed);
  while (!format.empty()) {
    const size_t text = std::min(format.find('%'), format.size());
    std::fwrite(format.data(), 1, text, stdout);
    format.remove_prefix(text);
    if (format.empty()) break;
    if (format.starts_with("%%")) {
      std::putchar('%');
      format.remove_prefix(2);
      continue;
    }
    const size_t end = format.find_first_of("diouxXeEfFgGaAcsp");
    if (end == std::string_view::npos) stop("unsupported", "printf format " + std::string(format));
    print_one(std::string(format.substr(0, end + 1)), arguments);
    format.remove_prefix(end + 1);
  }
  return arguments.count();
}

}  // namespace

void device_printf(Warp& warp, const Instruction& i) {
  for_each_lane(warp.mask, [&](u32 lane) {
    const u32 count = print(argument<const char*>(warp, i, lane, 0), argument<const unsigned char*>(warp, i, lane, 1));
    unsigned char* parameters = warp.call_parameters + lane * warp.call_parameter_bytes;
    if (!i.call->results.empty()) std::memcpy(parameters + i.call->results[0].offset, &count, sizeof count);
  });
}

void device_assert(Warp& warp, const Instruction& i) {
  const u32 lane = first_lane(warp.mask);
  const std::string message = argument<const char*>(warp, i, lane, 0), file = argument<const char*>(warp, i, lane, 1);
  stop("assert", file + ":" + std::to_string(argument<u32>(warp, i, lane, 2)) + ": " + thread_at(warp, lane) +
                     ": assertion `" + message + "` failed");
}

void device_trap(Warp& warp, const Instruction&) {
  stop("trap", thread_at(warp, first_lane(warp.mask)));
}

}  // namespace simulated_gpu::ptx
