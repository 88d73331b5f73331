#include "host/run/control_group.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

struct FileNames {
  const char *limit, *use, *droppable;  // the last a key of memory.stat
};

constexpr FileNames kVersion1 = {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"};
constexpr FileNames kVersion2 = {"memory.max", "memory.current", "inactive_file"};

// A number in a file; -1 where there is none ("max" is none).
int64_t number_in(const fs::path& file) {
  std::ifstream stream(file);
  int64_t value = -1;
  return stream >> value ? value : -1;
}

int64_t value_of(const fs::path& file, const std::string& key) {
  std::ifstream stream(file);
  std::string name;
  for (int64_t value = 0; stream >> name >> value;) {
    if (name == key) return value;
  }
  return 0;
}

int64_t free_in(const fs::path& group, const FileNames& names) {
  const int64_t limit = number_in(group / names.limit), use = number_in(group / names.use);
  if (limit < 0 || use < 0) return std::numeric_limits<int64_t>::max();
  return std::max<int64_t>(limit - use + value_of(group / "memory.stat", names.droppable), 0);
}

// Inside a container the path may be that of the host, with only the root mounted: then the root's files are the
// group's.
int64_t least_free(const fs::path& root, const std::string& path, const FileNames& names) {
  int64_t least = free_in(root, names);
  fs::path group = root;
  for (const fs::path& part : fs::path(path).relative_path()) {
    group /= part;
    least = std::min(least, free_in(group, names));
  }
  return least;
}

bool lists_memory(const std::string& controllers) {
  return ("," + controllers + ",").find(",memory,") != std::string::npos;
}

}  // namespace

int64_t control_group_bytes(const fs::path& membership, const fs::path& root) {
  int64_t least = std::numeric_limits<int64_t>::max();
  std::ifstream stream(membership);
  for (std::string line; std::getline(stream, line);) {  // NUMBER:CONTROLLERS:PATH
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1), path = line.substr(second + 1);
    if (controllers.empty()) least = std::min(least, least_free(root, path, kVersion2));
    if (lists_memory(controllers)) least = std::min(least, least_free(root / "memory", path, kVersion1));
  }
  return least;
}

}  // namespace matinee::host
