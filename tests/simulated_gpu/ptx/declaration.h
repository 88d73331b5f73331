#pragma once

#include <string>
#include <string_view>

#include "ptx/number_types.h"

namespace simulated_gpu::ptx {

// A variable or parameter as PTX declares it: ".align 4 .b8 name[16]", ".u64 .ptr .align 1 name".
struct Declaration {
  std::string name;
  u32 bytes = 0;  // 0: an array without size
  u32 alignment = 1;
  u32 element_bytes = 1;
};
Declaration parse_declaration(std::string_view text);

}  // namespace simulated_gpu::ptx
