#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace matinee::engine {

// Writes one file so that it is whole on disk or not there: buffered, synced by close(), removed where close() was not
// reached. Every failure (a full disk, a read-only folder) is Error(kArtifact) with the path and the system's reason.
class FileWriter {
 public:
  explicit FileWriter(std::filesystem::path path);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void write(const void* data, uint64_t bytes);
  void write(std::string_view text) { write(text.data(), text.size()); }
  void close();

 private:
  void flush();
  [[noreturn]] void give_up(std::string_view action) const;

  std::filesystem::path path_;
  std::vector<char> buffer_;
  int descriptor_ = -1;
};

// The whole of `text` as one file.
void write_file(const std::filesystem::path& path, std::string_view text);
// The whole file; Error(kArtifact) where it cannot be read.
std::string read_file(const std::filesystem::path& path);
// Makes a rename or a new entry in `folder` durable.
void sync_folder(const std::filesystem::path& folder);

}  // namespace matinee::engine
