#include "ptx/number_types.h"

#include <unordered_map>

namespace simulated_gpu::ptx {

int type_bytes(std::string_view name) {
  static const std::unordered_map<std::string_view, int> bytes = {
      {"pred", 0},  {"b8", 1},     {"u8", 1},  {"s8", 1},  {"b16", 2}, {"u16", 2}, {"s16", 2},
      {"f16", 2},   {"bf16", 2},   {"b32", 4}, {"u32", 4}, {"s32", 4}, {"f32", 4}, {"tf32", 4},
      {"f16x2", 4}, {"bf16x2", 4}, {"b64", 8}, {"u64", 8}, {"s64", 8}, {"f64", 8}};
  const auto found = bytes.find(name);
  return found == bytes.end() ? -1 : found->second;
}

std::string_view computed_as(std::string_view name) {
  if (name == "b8") return "u8";
  if (name == "b16") return "u16";
  if (name == "b32") return "u32";
  if (name == "b64") return "u64";
  return name;
}

}  // namespace simulated_gpu::ptx
