#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace matinee::engine {

// A file's bytes in memory as the system holds them, read-only: nothing is copied. They stay while this or a copy of it
// lives, though the file be removed or replaced by another; it must not be cut or changed in place.
class MappedFile {
 public:
  MappedFile() = default;
  // Throws Error(kArtifact) with the path and the system's reason. Where a file system cannot map, the file is read.
  explicit MappedFile(const std::filesystem::path& path);

  std::string_view bytes() const { return {static_cast<const char*>(storage_.get()), size_}; }

 private:
  std::shared_ptr<const void> storage_;  // aligned to a page, or to 16 bytes where the file was read
  std::size_t size_ = 0;
};

}  // namespace matinee::engine
