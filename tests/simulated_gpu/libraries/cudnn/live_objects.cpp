#include "libraries/cudnn/live_objects.h"

#include <map>
#include <mutex>
#include <string>

#include "runtime/library_support.h"

namespace simulated_gpu::cudnn {
namespace {

std::mutex lock;
std::map<const void*, std::string>& objects() {
  static auto* all = new std::map<const void*, std::string>;
  return *all;
}

// The runtime's own check comes after this one: it is loaded before.
__attribute__((destructor)) void find_leaks() {
  if (!simulated_gpu_checks_leaks()) return;
  std::map<std::string, int> left;
  for (const auto& [object, kind] : objects()) ++left[kind];
  for (const auto& [kind, count] : left) {
    simulated_gpu_add_finding("leak", (std::to_string(count) + " " + kind + "(s) left at exit").c_str());
  }
}

}  // namespace

void add_live(const void* object, const char* kind) {
  const std::lock_guard guard(lock);
  objects()[object] = kind;
}

bool remove_live(const void* object, const char* kind) {
  const std::lock_guard guard(lock);
  const auto found = objects().find(object);
  if (found == objects().end() || found->second != kind) return false;
  objects().erase(found);
  return true;
}

bool is_live(const void* object, const char* kind) {
  const std::lock_guard guard(lock);
  const auto found = objects().find(object);
  return found != objects().end() && found->second == kind;
}

}  // namespace simulated_gpu::cudnn
