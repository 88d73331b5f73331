#include "tests/support/tensor_surgery.h"

#include <cstring>

#include <nlohmann/json.hpp>

namespace matinee::test {

TensorParts TensorParts::of(const std::string& bytes) {
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  const auto header = nlohmann::ordered_json::parse(bytes.substr(sizeof length, length));
  const std::string data = bytes.substr(sizeof length + length);
  TensorParts parts;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      parts.notes = entry.dump();
      continue;
    }
    const auto begin = entry["data_offsets"][0].get<std::size_t>(), end = entry["data_offsets"][1].get<std::size_t>();
    parts.tensors.push_back({name, entry["dtype"].get<std::string>(), entry["shape"].get<std::vector<int64_t>>(),
                             data.substr(begin, end - begin)});
  }
  return parts;
}

std::string TensorParts::bytes() const {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!notes.empty()) header["__metadata__"] = nlohmann::ordered_json::parse(notes);
  std::string data;
  for (const Tensor& tensor : tensors) {
    header[tensor.name] = {{"dtype", tensor.type},
                           {"shape", tensor.shape},
                           {"data_offsets", {data.size(), data.size() + tensor.data.size()}}};
    data += tensor.data;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const uint64_t length = text.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes + text + data;
}

std::size_t element_bytes(const TensorParts::Tensor& tensor) {
  if (tensor.type == "F64" || tensor.type == "I64" || tensor.type == "U64") return 8;
  return tensor.type == "U8" ? 1 : 4;
}

}  // namespace matinee::test
