#include "engine/artifacts/crc32c.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

// A bit at a time.
uint32_t naive_crc32c(std::string_view bytes) {
  uint32_t crc = 0xFFFFFFFF;
  for (const char byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      const bool differs = ((crc ^ static_cast<uint8_t>(byte) >> bit) & 1) != 0;
      crc = crc >> 1 ^ (differs ? 0x82F63B78 : 0);
    }
  }
  return crc ^ 0xFFFFFFFF;
}

TEST(Crc32c, HasThePublishedValues) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283);
  EXPECT_EQ(crc32c(""), 0U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AA) << "RFC 3720, B.4";
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43) << "RFC 3720, B.4";
}

TEST(Crc32c, IsThatOfABitwiseLoop) {
  std::mt19937_64 random(test::random_seed());
  for (const std::size_t length : {1, 31, 33, 131}) {
    std::string bytes;
    for (std::size_t n = 0; n < length; ++n) bytes += static_cast<char>(random());
    EXPECT_EQ(crc32c(bytes), naive_crc32c(bytes)) << length;
  }
}

}  // namespace
}  // namespace matinee::engine
