#include "engine/artifacts/sha256.h"

#include <fstream>
#include <vector>

#include <openssl/evp.h>

#include "kernels/support/error.h"

namespace matinee::engine {

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr);
}

Sha256::~Sha256() = default;

void Sha256::update(const void* data, std::size_t bytes) {
  EVP_DigestUpdate(state_->context.get(), data, bytes);
}

std::string Sha256::hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  EVP_DigestFinal_ex(state_->context.get(), digest, &length);
  std::string text;
  for (unsigned int byte = 0; byte < length; ++byte) text += fmt::format("{:02x}", digest[byte]);
  return text;
}

std::string sha256_of(std::string_view text) {
  Sha256 hash;
  hash.update(text);
  return hash.hex();
}

std::string sha256_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(ErrorKind::kArtifact, "{}: cannot be read", path.string());
  Sha256 hash;
  std::vector<char> block(1 << 17);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    hash.update(block.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) fail(ErrorKind::kArtifact, "{}: reading failed", path.string());
  return hash.hex();
}

}  // namespace matinee::engine
