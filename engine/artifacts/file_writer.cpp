#include "engine/artifacts/file_writer.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

constexpr std::size_t kBufferBytes = 1 << 18;

std::string_view remedy(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return ". Free some space, or set output.directory to another file system, and run the same command again";
    case EFBIG:
      return ". Raise the limit on the size of files (ulimit -f) and run the same command again";
    default:
      return "";
  }
}

}  // namespace

FileWriter::FileWriter(std::filesystem::path path) : path_(std::move(path)) {
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) give_up("cannot be created");
  buffer_.reserve(kBufferBytes);
}

FileWriter::~FileWriter() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(path_.c_str());
}

void FileWriter::give_up(std::string_view action) const {
  const int error = errno;
  fail(ErrorKind::kArtifact, "{}: {}: {}{}", path_.string(), action, std::strerror(error), remedy(error));
}

void FileWriter::flush() {
  const char* data = buffer_.data();
  std::size_t left = buffer_.size();
  while (left > 0) {
    const ssize_t count = ::write(descriptor_, data, left);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) give_up("cannot be written");
    data += count;
    left -= static_cast<std::size_t>(count);
  }
  buffer_.clear();
}

void FileWriter::write(const void* data, uint64_t bytes) {
  const char* next = static_cast<const char*>(data);
  while (bytes > 0) {
    const auto part = std::min<uint64_t>(bytes, kBufferBytes - buffer_.size());
    buffer_.insert(buffer_.end(), next, next + part);
    next += part;
    bytes -= part;
    if (buffer_.size() == kBufferBytes) flush();
  }
}

void FileWriter::close() {
  flush();
  if (::fsync(descriptor_) != 0) give_up("cannot be synced");
  const int descriptor = descriptor_;
  descriptor_ = -1;
  if (::close(descriptor) != 0) give_up("cannot be closed");
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  FileWriter file(path);
  file.write(text);
  file.close();
}

std::string read_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    fail(ErrorKind::kArtifact, "{}: is a folder where a file belongs: move it away", path.string());
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(ErrorKind::kArtifact, "{}: cannot be opened: {}", path.string(), std::strerror(errno));
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) fail(ErrorKind::kArtifact, "{}: cannot be read", path.string());
  return text;
}

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace matinee::engine
