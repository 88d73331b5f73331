#include "engine/artifacts/mapped_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (number_ < 0) fail(ErrorKind::kArtifact, "{}: cannot be opened: {}", path.string(), std::strerror(errno));
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }

 private:
  int number_;
};

std::shared_ptr<const void> read_whole(const Descriptor& file, std::size_t size, const std::filesystem::path& path) {
  const std::shared_ptr<char[]> bytes(new char[size]);
  for (std::size_t done = 0; done < size;) {
    const ssize_t count = ::read(file.number(), bytes.get() + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(ErrorKind::kArtifact, "{}: cannot be read: {}", path.string(), std::strerror(errno));
    if (count == 0) fail(ErrorKind::kArtifact, "{}: became shorter while it was read", path.string());
    done += static_cast<std::size_t>(count);
  }
  return {bytes, bytes.get()};
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  const Descriptor file(path);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0)
    fail(ErrorKind::kArtifact, "{}: cannot be read: {}", path.string(), std::strerror(errno));
  if (S_ISDIR(status.st_mode)) fail(ErrorKind::kArtifact, "{}: cannot be read: it is a folder", path.string());
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ == 0) return;
  // All pages at once: whoever opens an artifact reads, or at least hashes, all of it.
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file.number(), 0);
  if (address == MAP_FAILED) {
    storage_ = read_whole(file, size_, path);
    return;
  }
  storage_ = std::shared_ptr<const void>(
      address, [size = size_](const void* mapped) { ::munmap(const_cast<void*>(mapped), size); });
}

}  // namespace matinee::engine
