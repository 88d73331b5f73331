#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace matinee::engine {

// SHA-256 as 64 lower-case hexadecimal digits (OpenSSL).
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void update(const void* data, std::size_t bytes);
  void update(std::string_view text) { update(text.data(), text.size()); }
  std::string hex();  // ends the hash

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_of(std::string_view text);
// Throws Error(kArtifact) where the file cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace matinee::engine
