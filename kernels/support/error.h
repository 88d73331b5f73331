#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#ifndef __CUDACC__
#include <fmt/format.h>
#endif

namespace matinee {

// Why a run cannot go on. The value is the exit code of the program.
enum class ErrorKind {
  kConfig = 2,    // the command line or the job file
  kInput = 3,     // the data that was read
  kDevice = 4,    // no usable device
  kMemory = 5,    // does not fit, planned or met
  kDiverged = 6,  // NaN or infinite loss
  kGate = 7,      // the quality gate refused to publish
  kArtifact = 8,  // a run's files, or the file system
  kLocked = 9,    // another run holds the lock
};

// The one exception of Matinee. The text says what is wrong, where (file:line, JSON pointer, row) and what to do.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

#ifdef __CUDACC__  // nvcc cannot compile fmt 9: the text is put together where it is needed
[[noreturn]] inline void fail(ErrorKind kind, const std::string& message) {
  throw Error(kind, message);
}
#else
template <typename... Args>
[[noreturn]] void fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(kind, fmt::format(format, std::forward<Args>(args)...));
}
#endif

}  // namespace matinee
