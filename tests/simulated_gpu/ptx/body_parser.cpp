#include "ptx/body_parser.h"

#include <cstdio>
#include <stdexcept>

#include "ptx/declaration.h"
#include "ptx/decoder.h"
#include "ptx/warp.h"

namespace simulated_gpu::ptx {
namespace {

// Stands for an instruction that cannot be decoded: a kernel that never gets there runs.
void unsupported(Warp& warp, const Instruction& i) {
  stop("unsupported", *i.text + " at " + source_of(warp, warp.pc));
}

DecodeFunction decode_function(const Decoder& decoder, const std::string& text) {
  const std::string opcode = text.substr(0, text.find_first_of(" \t\n"));
  const bool carries = opcode.find(".cc.") != std::string::npos;
  const DecodeTable& table = decode_table();
  auto found = carries ? table.find(decoder.name() + ".cc") : table.end();
  if (found == table.end()) found = table.find(decoder.name());
  if (found == table.end()) throw Unsupported("unknown opcode " + decoder.name() + " in \"" + text + "\"");
  return found->second;
}

}  // namespace

void BodyParser::open_scope() {
  scopes_.emplace_back();
  symbols_.enter_scope();
}

void BodyParser::close_scope() {
  symbols_.leave_scope();
  const Scope closed = std::move(scopes_.back());
  scopes_.pop_back();
  for (const Reference& reference : closed.references) {
    if (resolve(closed, reference)) continue;
    if (scopes_.empty()) throw std::runtime_error("PTX: unknown label " + reference.label);
    scopes_.back().references.push_back(reference);
  }
}

bool BodyParser::resolve(const Scope& scope, const Reference& reference) {
  Instruction& i = program_.code[reference.instruction];
  if (i.control != Control::kBranchTable) {
    const auto target = scope.labels.find(reference.label);
    if (target == scope.labels.end()) return false;
    i.target = target->second;
    return true;
  }
  const auto table = scope.tables.find(reference.label);
  if (table == scope.tables.end()) return false;
  std::vector<u32>& targets = module_.row_lists.emplace_back();
  for (const std::string& label : table->second) {
    const auto target = scope.labels.find(label);
    if (target == scope.labels.end()) return false;
    targets.push_back(target->second);
  }
  i.rows = &targets;
  return true;
}

void BodyParser::location(const std::string& line) {
  Location found;
  if (std::sscanf(line.c_str(), ".loc %u %u", &found.file, &found.line) != 2) return;
  const size_t inlined = line.find("inlined_at");
  if (inlined != std::string::npos)
    std::sscanf(line.c_str() + inlined, "inlined_at %u %u", &found.caller_file, &found.caller_line);
  location_ = static_cast<u32>(program_.locations.size());
  program_.locations.push_back(found);
}

void BodyParser::label(const std::string& name, Cursor& cursor) {
  cursor.skip_space();
  if (!cursor.starts_with(".branchtargets")) {
    scopes_.back().labels[name] = static_cast<u32>(program_.code.size());
    return;
  }
  cursor.word();
  scopes_.back().tables[name] = split(cursor.until(";"), ',');
  cursor.skip(1);
}

// ".b32 %r<5>, %x"
void BodyParser::registers(std::string_view declarations) {
  const std::string text = trimmed(declarations);
  const size_t space = text.find_first_of(" \t");
  const std::string type = text.substr(1, space - 1);
  if (type_bytes(type) < 0) throw std::runtime_error("PTX: registers of unknown type " + type);
  for (const std::string& name : split(std::string_view(text).substr(space), ','))
    symbols_.declare_register(name, lane_bytes_of(type));
}

void BodyParser::directive(const std::string& text) {
  const size_t end = std::min(text.find_first_of(" \t.", 1), text.size());  // ".reg .b32 r" or ".reg.b32 r"
  const std::string kind = text.substr(0, end);
  const std::string_view rest = std::string_view(text).substr(end);
  if (kind == ".pragma" || kind == ".callprototype" || kind == ".calltargets") return;  // calls through pointers stop
  if (kind == ".reg") return registers(rest);
  const Declaration declared = parse_declaration(rest);
  if (kind == ".shared")
    symbols_.declare_shared(declared.name, declared.bytes, declared.alignment);
  else if (kind == ".local")
    symbols_.declare_local(declared.name, declared.bytes, declared.alignment);
  else if (kind == ".param")
    symbols_.declare_call_parameter(declared.name, declared.bytes);
  else
    throw std::runtime_error("PTX: unknown directive " + text);
}

void BodyParser::instruction(const std::string& text) {
  const bool guarded = text[0] == '@';
  const size_t guard_end = guarded ? text.find_first_of(" \t") : 0;
  const std::string& kept = module_.texts.emplace_back(trimmed(std::string_view(text).substr(guard_end)));
  Decoder decoder(kept, module_, symbols_);
  Instruction& i = decoder.instruction;
  try {
    decode_function(decoder, kept)(decoder);
    decoder.finish();
  } catch (const Unsupported& reason) {
    i = Instruction{};
    i.handler = &unsupported;
    i.text = &module_.texts.emplace_back(reason.what());
    decoder.label.clear();
  }
  if (guarded) {
    i.guard_negated = text[1] == '!';
    i.guard = decoder.result_row(text.substr(i.guard_negated ? 2 : 1, guard_end - (i.guard_negated ? 2 : 1)));
  }
  i.location = location_;
  if (!decoder.label.empty()) scopes_.back().references.push_back({program_.code.size(), decoder.label});
  program_.code.push_back(i);
}

void BodyParser::parse(size_t position) {
  Cursor cursor(module_.text, position);
  open_scope();
  while (!scopes_.empty()) {
    cursor.skip_space();
    if (cursor.at_end()) throw std::runtime_error("PTX: a function without end");
    if (cursor.peek() == '{' || cursor.peek() == '}') {
      cursor.peek() == '{' ? open_scope() : close_scope();
      cursor.skip(1);
      continue;
    }
    if (cursor.starts_with(".loc\t") || cursor.starts_with(".loc ")) {
      location(cursor.line());
      continue;
    }
    Cursor ahead = cursor;
    const std::string name = ahead.identifier();
    if (!name.empty() && ahead.peek() == ':' && ahead.peek(1) != ':') {
      ahead.skip(1);
      cursor = ahead;
      label(name, cursor);
      continue;
    }
    const std::string statement = trimmed(cursor.until(";"));
    cursor.skip(1);
    if (statement.empty()) continue;
    statement[0] == '.' ? directive(statement) : instruction(statement);
  }
}

}  // namespace simulated_gpu::ptx
