#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "engine/data/dataset.h"

namespace matinee::host {

// The text bytes of a file, decompressed where it is gzip (by its first bytes; a name that ends in .gz must be gzip).
// Several gzip members one after the other are one text. Throws Error(kInput): missing, a folder, unreadable, truncated
// or corrupt gzip.
class ByteSource {
 public:
  explicit ByteSource(const std::filesystem::path& path);
  ~ByteSource();

  // Fills `to` with up to `bytes` bytes of text; fewer only at the end.
  std::size_t read(char* to, std::size_t bytes);

  int64_t file_bytes() const;      // on disk
  int64_t bytes_consumed() const;  // of those
  // What was read, with its hash. Only after read() met the end.
  engine::InputFile input();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace matinee::host
