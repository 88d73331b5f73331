#include "testing/operands.h"

#include <bit>
#include <cmath>
#include <random>

namespace simulated_gpu::test {
namespace {

constexpr uint64_t kExtremes[] = {0,
                                  1,
                                  ~uint64_t{0},
                                  0x80,
                                  0x7f,
                                  0x8000,
                                  0x7fff,
                                  0x80000000,
                                  0x7fffffff,
                                  uint64_t{1} << 63,
                                  (uint64_t{1} << 63) - 1,
                                  0x3f800000,          // fp32: 1
                                  0x7f800000,          // infinity
                                  0xff800000,          // its negative
                                  0x7fc00000,          // NaN
                                  0x00000001,          // least subnormal
                                  0x007fffff,          // most subnormal
                                  0x00800000,          // least normal
                                  0x7f7fffff,          // most
                                  0x3ff0000000000000,  // fp64: 1
                                  0x7ff0000000000000,  // infinity
                                  0x7ff8000000000000,  // NaN
                                  0x000fffffffffffff,  // most subnormal
                                  0x3c003c00,          // fp16: 1 and 1
                                  0x7c00,              // infinity
                                  0xfc00,              // its negative
                                  0x7e00,              // NaN
                                  0x03ff,              // most subnormal
                                  0x7bff,              // most
                                  0x3f803f80,          // bfloat16: 1 and 1
                                  0x7f80};             // infinity

uint64_t random_pattern(std::mt19937_64& random) {
  const auto moderate = [&] { return double(int64_t(random() % 2'000'001) - 1'000'000); };
  switch (random() % 9) {
    case 0:
      return kExtremes[random() % std::size(kExtremes)];
    case 1:
      return random() % 100;
    case 2:
      return uint64_t{0} - random() % 100;
    case 3:
      return std::bit_cast<uint32_t>(float(std::ldexp(moderate(), int(random() % 40) - 30)));
    case 4:
      return std::bit_cast<uint64_t>(std::ldexp(moderate(), int(random() % 90) - 50));
    case 5:
      return std::bit_cast<uint32_t>(float(moderate() / 777)) | random() << 32;
    case 6:
      return (0x3c00 + random() % 0x800) | (0xb800 + random() % 0x800) << 16;  // halves of moderate size
    default:
      return random();
  }
}

}  // namespace

std::vector<Operands> random_operands(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Operands> operands(count);
  for (Operands& one : operands) {
    one = {random_pattern(random), random_pattern(random), random_pattern(random)};
    if (random() % 8 == 0) one.b = one.a;
    if (random() % 8 == 0) one.c = one.a ^ (uint64_t{1} << 63 | uint64_t{1} << 31 | 0x8000);  // of opposite sign
  }
  return operands;
}

}  // namespace simulated_gpu::test
