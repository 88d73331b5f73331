#pragma once

#include <cstdint>
#include <string_view>

namespace matinee::engine {

// CRC-32C (Castagnoli, RFC 3720, appendix B.4): of "123456789" it is 0xE3069283.
uint32_t crc32c(std::string_view bytes);

}  // namespace matinee::engine
