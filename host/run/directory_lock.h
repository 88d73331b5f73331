#pragma once

#include <filesystem>

namespace matinee::host {

// Holds the output directory for one process at a time (flock on DIR/.lock, so a killed holder leaves nothing behind).
class DirectoryLock {
 public:
  // Throws Error(kLocked) naming the holder, Error(kArtifact) where the directory cannot be written.
  explicit DirectoryLock(const std::filesystem::path& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace matinee::host
