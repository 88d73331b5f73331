#include "ptx/decoder.h"

#include <algorithm>

#include "ptx/text.h"

namespace simulated_gpu::ptx {

Decoder::Decoder(const std::string& text, const Module& module, Symbols& symbols)
    : text_(text), module_(module), symbols_(symbols) {
  instruction.text = &text_;
  const size_t end = text.find_first_of(" \t\n");
  const std::vector<std::string> words = split(text.substr(0, end), '.');
  name_ = words[0];
  for (size_t i = 1; i < words.size(); ++i) words_.push_back({words[i], false});
  if (end != std::string::npos) operands_ = split(std::string_view(text).substr(end), ',');
  used_.resize(operands_.size());
}

void Decoder::fail(const std::string& what) const {
  throw Unsupported(what + " in \"" + text_ + "\"");
}

bool Decoder::take(std::string_view modifier) {
  for (Word& word : words_)
    if (!word.taken && word.text == modifier) return word.taken = true;
  return false;
}

int Decoder::take_any(std::initializer_list<std::string_view> modifiers) {
  for (Word& word : words_) {
    const auto found = std::find(modifiers.begin(), modifiers.end(), word.text);
    if (word.taken || found == modifiers.end()) continue;
    word.taken = true;
    return static_cast<int>(found - modifiers.begin());
  }
  return -1;
}

int Decoder::require_any(std::initializer_list<std::string_view> modifiers) {
  const int found = take_any(modifiers);
  if (found >= 0) return found;
  std::string names;
  for (const std::string_view modifier : modifiers) names += " ." + std::string(modifier);
  fail("none of the known variants" + names);
}

void Decoder::ignore(std::initializer_list<std::string_view> modifiers) {
  for (const std::string_view modifier : modifiers) take(modifier);
}

std::optional<std::string> Decoder::take_optional_type() {
  for (Word& word : words_)
    if (!word.taken && type_bytes(word.text) >= 0) {
      word.taken = true;
      return word.text;
    }
  return std::nullopt;
}

std::string Decoder::take_type() {
  const auto type = take_optional_type();
  if (!type) fail("no type");
  return *type;
}

void Decoder::finish() const {
  for (const Word& word : words_)
    if (!word.taken) fail("unknown modifier ." + word.text);
  for (size_t i = 0; i < operands_.size(); ++i)
    if (!used_[i]) fail("unknown operand " + operands_[i]);
}

const std::string& Decoder::operand(size_t i) const {
  if (i >= operands_.size()) fail("too few operands");
  used_[i] = true;
  return operands_[i];
}

std::vector<std::string> Decoder::operand_list(size_t i) const {
  const std::string& text = operand(i);
  return text[0] == '{' ? split_list(text) : std::vector<std::string>{text};
}

u32 Decoder::result_row(const std::string& operand, u8* found_lane_bytes) const {
  if (operand == "_") return 0;
  const Symbol* symbol = symbols_.find(operand);
  if (!symbol || symbol->kind != Symbol::Kind::kRegister) fail("unknown result " + operand);
  if (found_lane_bytes) *found_lane_bytes = symbol->lane_bytes;
  return symbol->offset;
}

u32 Decoder::result(size_t i) const {
  return result_row(operand(i));
}

u32 Decoder::row_of(const std::string& operand, u8 lane_bytes, u8* found_lane_bytes) {
  if (operand == "_") return 0;
  if (found_lane_bytes) *found_lane_bytes = lane_bytes;
  const Symbol* symbol = symbols_.find(operand);
  if (symbol && symbol->kind == Symbol::Kind::kRegister) {
    if (found_lane_bytes)
      *found_lane_bytes = symbol->lane_bytes;
    else if (symbol->lane_bytes != lane_bytes)
      fail("unexpected width of " + operand);
    return symbol->offset;
  }
  if (operand == "WARP_SZ") return symbols_.constant(lane_bytes, kWarpSize);
  if (u64 number; parse_number(operand, number)) return symbols_.constant(lane_bytes, number);
  if (operand[0] == '%') {
    const u32 row = symbols_.special(operand);
    if (!row) fail("unknown register " + operand);
    if (found_lane_bytes)
      *found_lane_bytes = 4;
    else if (lane_bytes != 4)
      fail("unexpected width of " + operand);
    return row;
  }
  if (const auto address = symbols_.address_of(operand)) return symbols_.constant(lane_bytes, address->value);
  fail("unknown operand " + operand);
}

u32 Decoder::source(size_t i, u8 lane_bytes) {
  return row_of(operand(i), lane_bytes);
}

u32 Decoder::predicate_source(size_t i) {
  const std::string& text = operand(i);
  instruction.negated = text[0] == '!';
  return row_of(instruction.negated ? text.substr(1) : text, 0);
}

u64 Decoder::literal(size_t i) const {
  u64 value = 0;
  if (!parse_number(operand(i), value)) fail("not a literal: " + operand(i));
  return value;
}

void Decoder::result_pair(size_t i) {
  const std::string& text = operand(i);
  const size_t bar = text.find('|');
  instruction.result = result_row(trimmed(text.substr(0, bar)));
  if (bar != std::string::npos) instruction.second_result = result_row(trimmed(text.substr(bar + 1)));
}

void Decoder::memory(size_t i) {
  const std::string& text = operand(i);
  if (text[0] != '[') fail("no address: " + text);
  const std::string inside = trimmed(std::string_view(text).substr(1, text.size() - 2));
  const size_t sign = inside.find_first_of("+-", 1);
  const std::string base = trimmed(inside.substr(0, sign));
  instruction.immediate = 0;
  if (sign != std::string::npos) {
    u64 offset = 0;
    const std::string digits = trimmed(inside.substr(inside[sign] == '+' ? sign + 1 : sign));
    if (!parse_number(digits, offset)) fail("unknown offset " + digits);
    instruction.immediate = static_cast<s64>(offset);
  }
  const Symbol* symbol = symbols_.find(base);
  if (symbol && symbol->kind == Symbol::Kind::kRegister) {
    instruction.a = symbol->offset;
    instruction.address_lane_bytes = symbol->lane_bytes;
    return;
  }
  instruction.a = symbols_.constant(8, 0);
  instruction.address_lane_bytes = 8;
  if (const auto address = symbols_.address_of(base)) {
    instruction.immediate += static_cast<s64>(address->value);
    const bool parameter = address->space == Space::kKernelParameter || address->space == Space::kCallParameter;
    if (instruction.space == Space::kGeneric || parameter) instruction.space = address->space;
  } else if (u64 number; parse_number(base, number))
    instruction.immediate += static_cast<s64>(number);
  else
    fail("unknown address " + base);
}

void Decoder::vector(size_t i, u8 lane_bytes) {
  const std::vector<std::string> elements = operand_list(i);
  if (elements.size() > std::size(instruction.parts)) fail("vector too long");
  instruction.elements = static_cast<u8>(elements.size());
  for (size_t k = 0; k < elements.size(); ++k) {
    u8 found = lane_bytes;
    instruction.parts[k] = row_of(elements[k], lane_bytes, &found);
    if (elements[k] != "_") instruction.lane_bytes = found;
  }
}

void Decoder::handler(Handler chosen) {
  if (!chosen) fail("no such variant");
  instruction.handler = chosen;
}

}  // namespace simulated_gpu::ptx
