#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/artifacts/mapped_file.h"

namespace matinee::engine {

// Files of named tensors in the safetensors format (https://huggingface.co/docs/safetensors): 8 bytes of header length,
// a JSON header, then the numbers, little-endian, row-major. Readable by the Python package `safetensors`.
// T is one of float, double, int32_t, int64_t, uint8_t, uint64_t.

// Collects tensors by reference and writes them in one go, in order of name: same tensors, same bytes.
class TensorWriter {
 public:
  // `values` must live until write(); their number is the product of `shape`.
  template <typename T>
  void add(std::string_view name, std::span<const T> values, std::vector<int64_t> shape);
  template <typename T>
  void add(std::string_view name, const std::vector<T>& values) {
    add<T>(name, std::span<const T>(values), {static_cast<int64_t>(values.size())});
  }
  // Free text in the header: key -> value.
  void note(std::string_view key, std::string_view value);

  // Writes, syncs and closes. Throws Error(kArtifact) with path and reason (a full disk); a partial file is removed.
  void write(const std::filesystem::path& path) const;

 private:
  struct Entry {
    std::string type;
    std::vector<int64_t> shape;
    const void* data;
    uint64_t bytes;
  };
  std::map<std::string, Entry, std::less<>> tensors_;
  std::map<std::string, std::string, std::less<>> notes_;
};

// A file whose header was read and checked: in bounds, no overlap, known types; its numbers are mapped, not copied: the
// file must not be changed in place while this lives (it may be removed or replaced). Errors are Error(kArtifact) with
// the path and what is wrong.
class TensorFile {
 public:
  static TensorFile read(const std::filesystem::path& path);

  bool has(std::string_view name) const { return tensors_.contains(name); }
  const std::vector<int64_t>& shape(std::string_view name) const;
  // A view of the numbers, which must have been written as T and be `shape` in shape (-1: any extent).
  template <typename T>
  std::span<const T> get(std::string_view name, std::initializer_list<int64_t> shape = {-1}) const;
  // The same of floats that are all finite: a NaN would reach every score.
  std::span<const float> finite(std::string_view name, std::initializer_list<int64_t> shape) const;
  template <typename T>
  std::vector<T> vector(std::string_view name) const {
    const auto values = get<T>(name);
    return {values.begin(), values.end()};
  }
  // The note's text; throws where it is missing.
  const std::string& note(std::string_view key) const;
  const std::filesystem::path& path() const { return path_; }

 private:
  struct Entry {
    std::string type;
    std::vector<int64_t> shape;
    uint64_t begin, bytes;
  };
  const Entry& find(std::string_view name) const;

  std::filesystem::path path_;
  MappedFile file_;
  std::shared_ptr<std::vector<uint64_t>> copy_;  // of the data section, where the file does not have it aligned to 8
  const char* numbers_ = nullptr;                // the data section
  std::map<std::string, Entry, std::less<>> tensors_;
  std::map<std::string, std::string, std::less<>> notes_;
};

}  // namespace matinee::engine
