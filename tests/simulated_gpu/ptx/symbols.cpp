#include "ptx/symbols.h"

#include <algorithm>
#include <cstring>

#include "ptx/special_registers.h"

namespace simulated_gpu::ptx {
namespace {

u32 rounded_up(u32 value, u32 multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

}  // namespace

Symbols::Symbols(const Module& module, Frame frame) : module_(module), frame_(std::move(frame)) {
  scopes_.emplace_back();
  if (frame_.rows.empty()) frame_.rows.resize(512);  // offset 0 means "none": nothing else lies there
}

const Symbol* Symbols::find(const std::string& name) const {
  for (size_t i = scopes_.size(); i--;) {
    const auto found = scopes_[i].find(name);
    if (found != scopes_[i].end()) return &found->second;
  }
  return nullptr;
}

u32 Symbols::new_row(u8 lane_bytes) {
  const u32 bytes = lane_bytes ? lane_bytes * kWarpSize : 32;
  const u32 offset = rounded_up(static_cast<u32>(frame_.rows.size()), bytes);
  frame_.rows.resize(offset + bytes);
  return offset;
}

void Symbols::declare_register(const std::string& name, u8 lane_bytes) {
  const size_t bracket = name.find('<');
  if (bracket == std::string::npos) {
    declare(name, {Symbol::Kind::kRegister, new_row(lane_bytes), lane_bytes, 0});
    frame_.registers += lane_bytes / 4;
    return;
  }
  const std::string stem = name.substr(0, bracket);
  const int count = std::stoi(name.substr(bracket + 1));
  for (int i = 0; i < count; ++i) declare_register(stem + std::to_string(i), lane_bytes);
}

void Symbols::declare_local(const std::string& name, u32 bytes, u32 alignment) {
  const u32 offset = rounded_up(frame_.local_bytes, std::max(alignment, 16u));
  declare(name, {Symbol::Kind::kLocal, offset, 8, bytes});
  frame_.local_bytes = rounded_up(offset + bytes, 16);
}

u32 Symbols::reserve_call_parameter(u32 bytes) {
  const u32 offset = rounded_up(frame_.call_parameter_bytes, 16);
  frame_.call_parameter_bytes = rounded_up(offset + bytes, 16);
  return offset;
}

void Symbols::declare_call_parameter(const std::string& name, u32 bytes) {
  declare(name, {Symbol::Kind::kCallParameter, reserve_call_parameter(bytes), 8, bytes});
}

u32 Symbols::declare_shared(const std::string& name, u32 bytes, u32 alignment) {
  u32 offset = bytes ? kStaticShared : kDynamicShared;
  for (const SharedVariable& variable : frame_.shared) {
    if (variable.name == name) return variable.offset;
    if (bytes && variable.bytes) offset = std::max(offset, variable.offset + variable.bytes + kSharedGap);
  }
  offset = rounded_up(offset, std::max(alignment, 128u));
  if (bytes && offset + bytes > kDynamicShared) throw std::runtime_error("PTX: too much static shared memory");
  frame_.static_shared = bytes ? rounded_up(frame_.static_shared, alignment) + bytes : frame_.static_shared;
  frame_.shared.push_back({name, offset, bytes});
  return offset;
}

u32 Symbols::constant(u8 lane_bytes, u64 value) {
  if (lane_bytes == 4) value = static_cast<u32>(value);
  u32& known = constants_[lane_bytes / 4][value];
  if (known) return known;
  known = new_row(lane_bytes);
  unsigned char* row = &frame_.rows[known];
  if (lane_bytes == 0) std::memset(row, value ? 0xff : 0, sizeof(u32));
  for (u32 lane = 0; lane_bytes && lane < kWarpSize; ++lane) std::memcpy(row + lane * lane_bytes, &value, lane_bytes);
  return known;
}

u32 Symbols::special(const std::string& name) {
  const SpecialRegister special = special_register(name);
  if (special == SpecialRegister::kNone) return 0;
  for (const SpecialRow& known : frame_.special)
    if (known.special == special) return known.row;
  const u32 row = new_row(4);
  frame_.special.push_back({special, row});
  return row;
}

std::optional<Address> Symbols::address_of(const std::string& name) {
  if (const Symbol* symbol = find(name)) switch (symbol->kind) {
      case Symbol::Kind::kRegister:
        return std::nullopt;
      case Symbol::Kind::kKernelParameter:
        return Address{symbol->offset, Space::kKernelParameter};
      case Symbol::Kind::kCallParameter:
        return Address{symbol->offset, Space::kCallParameter};
      case Symbol::Kind::kLocal:
        return Address{symbol->offset, Space::kLocal};
    }
  const auto variable = module_.variables.find(name);
  if (variable != module_.variables.end())
    return Address{reinterpret_cast<u64>(variable->second.memory), Space::kGlobal};
  const auto declared = module_.shared.find(name);
  if (declared != module_.shared.end())
    return Address{declare_shared(name, declared->second.bytes, declared->second.alignment), Space::kShared};
  for (const SharedVariable& shared : frame_.shared)
    if (shared.name == name) return Address{shared.offset, Space::kShared};
  return std::nullopt;
}

}  // namespace simulated_gpu::ptx
