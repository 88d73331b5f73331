#include "host/readers/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <zlib.h>

#include "engine/artifacts/sha256.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

constexpr std::size_t kCompressedBytes = std::size_t{1} << 18;
constexpr unsigned char kGzipMagic[2] = {0x1f, 0x8b};

}  // namespace

struct ByteSource::State {
  std::string path;
  int descriptor = -1;
  int64_t file_bytes = 0, consumed = 0;
  engine::Sha256 hash;
  bool gzip = false, member_open = false;
  z_stream inflater{};
  std::vector<unsigned char> raw;  // read from disk, not yet handed on
  std::size_t raw_begin = 0, raw_end = 0;

  ~State() {
    if (gzip) inflateEnd(&inflater);
    if (descriptor >= 0) close(descriptor);
  }

  std::size_t read_disk(void* to, std::size_t bytes) {
    std::size_t got = 0;
    while (got < bytes) {
      const ssize_t part = ::read(descriptor, static_cast<char*>(to) + got, bytes - got);
      if (part < 0 && errno == EINTR) continue;
      if (part < 0) fail(ErrorKind::kInput, "{}: cannot be read: {}", path, std::strerror(errno));
      if (part == 0) break;
      got += static_cast<std::size_t>(part);
    }
    hash.update(to, got);
    consumed += static_cast<int64_t>(got);
    return got;
  }

  bool refill() {
    raw_begin = 0;
    raw_end = read_disk(raw.data(), raw.size());
    return raw_end > 0;
  }

  std::size_t read_plain(char* to, std::size_t bytes) {
    const std::size_t buffered = std::min(bytes, raw_end - raw_begin);
    std::memcpy(to, raw.data() + raw_begin, buffered);
    raw_begin += buffered;
    return buffered + read_disk(to + buffered, bytes - buffered);
  }

  // Another member begins at raw_begin, or only zero padding is left (false).
  bool next_member() {
    while (raw_begin < raw_end || refill()) {
      if (raw[raw_begin] != 0) {
        if (inflateReset(&inflater) != Z_OK) fail(ErrorKind::kInput, "{}: zlib cannot start", path);
        return member_open = true;
      }
      ++raw_begin;
    }
    return false;
  }

  std::size_t read_gzip(char* to, std::size_t bytes) {
    std::size_t got = 0;
    while (got < bytes) {
      if (!member_open && !next_member()) break;
      if (raw_begin == raw_end && !refill()) {
        fail(ErrorKind::kInput, "{}: the gzip data ends early, after {} bytes: the file is truncated; copy it again",
             path, file_bytes);
      }
      inflater.next_in = raw.data() + raw_begin;
      inflater.avail_in = static_cast<uInt>(raw_end - raw_begin);
      inflater.next_out = reinterpret_cast<Bytef*>(to + got);
      inflater.avail_out = static_cast<uInt>(std::min(bytes - got, std::size_t{1} << 30));
      const std::size_t room = inflater.avail_out;
      const int status = inflate(&inflater, Z_NO_FLUSH);
      raw_begin = raw_end - inflater.avail_in;
      got += room - inflater.avail_out;
      if (status == Z_STREAM_END) {
        member_open = false;
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        fail(ErrorKind::kInput, "{}: the gzip data is corrupt near byte {} ({}): copy the file again", path,
             consumed - static_cast<int64_t>(raw_end - raw_begin),
             inflater.msg != nullptr ? inflater.msg : "no reason given");
      }
    }
    return got;
  }
};

ByteSource::ByteSource(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.path = path.string();
  state.descriptor = open(state.path.c_str(), O_RDONLY | O_CLOEXEC);
  if (state.descriptor < 0) fail(ErrorKind::kInput, "{}: cannot be opened: {}", state.path, std::strerror(errno));
  struct stat status {};
  if (fstat(state.descriptor, &status) != 0 || S_ISDIR(status.st_mode)) {
    fail(ErrorKind::kInput, "{}: is a folder, not a file", state.path);
  }
  state.file_bytes = status.st_size;
  state.raw.resize(kCompressedBytes);
  state.refill();
  const bool magic = state.raw_end >= 2 && std::equal(kGzipMagic, kGzipMagic + 2, state.raw.begin());
  if (!magic && path.extension() == ".gz") {
    fail(ErrorKind::kInput, "{}: is not gzip data: rename it without .gz if it is plain text", state.path);
  }
  if (!magic) return;
  constexpr int kGzipOnly = 15 + 16;  // the largest window, gzip header
  if (inflateInit2(&state.inflater, kGzipOnly) != Z_OK) fail(ErrorKind::kInput, "{}: zlib cannot start", state.path);
  state.gzip = state.member_open = true;
}

ByteSource::~ByteSource() = default;

std::size_t ByteSource::read(char* to, std::size_t bytes) {
  return state_->gzip ? state_->read_gzip(to, bytes) : state_->read_plain(to, bytes);
}

int64_t ByteSource::file_bytes() const {
  return state_->file_bytes;
}

int64_t ByteSource::bytes_consumed() const {
  return state_->consumed - static_cast<int64_t>(state_->raw_end - state_->raw_begin);
}

engine::InputFile ByteSource::input() {
  return {state_->path, state_->hash.hex(), state_->consumed};
}

}  // namespace matinee::host
