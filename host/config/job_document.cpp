#include "host/config/job_document.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "host/text/encoding.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

constexpr std::size_t kLargestFile = 1 << 20;  // bytes

std::string read_text(const std::string& path) {
  std::error_code status;
  if (std::filesystem::is_directory(path, status)) {
    fail(ErrorKind::kConfig, "{}: is a folder; name the job file inside it", path);
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    fail(ErrorKind::kConfig, "{}: cannot be read: {}", path, std::strerror(errno == 0 ? ENOENT : errno));
  }
  std::string text(kLargestFile + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) fail(ErrorKind::kConfig, "{}: cannot be read: {}", path, std::strerror(errno));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kLargestFile) {
    fail(ErrorKind::kConfig, "{}: is larger than {} bytes; job files are not: is it the right file?", path,
         kLargestFile);
  }
  return text;
}

}  // namespace

const Setting* JobDocument::setting_of(std::string_view pointer) const {
  const auto last = std::find_if(settings.rbegin(), settings.rend(),
                                 [&](const Setting& setting) { return lies_within(pointer, setting.pointer); });
  return last == settings.rend() ? nullptr : &*last;
}

JobDocument read_job_document(const std::string& path) {
  const std::string text = read_text(path);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    fail(ErrorKind::kConfig, "{}: is empty; a job file holds at least \"dataset\" and \"models\"", path);
  }
  if (!is_utf8(text)) fail(ErrorKind::kConfig, "{}: is not UTF-8 text; save it as UTF-8", path);
  StrictJson json = parse_strict_json(text);
  if (!json.problem.empty()) fail(ErrorKind::kConfig, "{}:{}", path, json.problem);
  if (!json.root.is_object()) {
    fail(ErrorKind::kConfig, "{}: a job file is one JSON object {{…}}, this is {}", path, shown(json.root));
  }
  return {path,
          std::filesystem::absolute(path).parent_path(),
          std::move(json.root),
          std::move(json.offsets),
          std::move(json.duplicates),
          {}};
}

}  // namespace matinee::host
