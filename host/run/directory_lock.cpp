#include "host/run/directory_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <unistd.h>

#include "kernels/support/error.h"

namespace matinee::host {

DirectoryLock::DirectoryLock(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / ".lock";
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    fail(ErrorKind::kArtifact, "{}: cannot be created: {}. Choose a writable folder with --output", path.string(),
         std::strerror(errno));
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    std::string holder(256, '\0');
    const ssize_t length = ::read(descriptor_, holder.data(), holder.size());
    holder.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    ::close(descriptor_);
    fail(ErrorKind::kLocked,
         "{}: another run holds the lock ({}). Wait for it to end, or choose another folder with --output",
         directory.string(), holder.empty() ? "unknown process" : holder);
  }
  char host[128] = "unknown host";
  ::gethostname(host, sizeof host - 1);
  const std::string holder = fmt::format("process {} on {}", ::getpid(), host);
  if (::ftruncate(descriptor_, 0) != 0 || ::pwrite(descriptor_, holder.data(), holder.size(), 0) < 0) {
    // The lock is held all the same: the text only helps whoever meets it.
    errno = 0;
  }
}

DirectoryLock::~DirectoryLock() {
  ::close(descriptor_);
}

}  // namespace matinee::host
