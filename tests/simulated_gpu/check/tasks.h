#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "check/record.h"
#include "execution/identity.h"

namespace simulated_gpu {

// The operations in streams whose accesses are remembered: kernels, copies, sets, calls of libraries.
class Tasks {
 public:
  // The operation that runs now has begun to access memory; `launch`: its kernel, null for others.
  void enter(const Launch* launch);

  uint32_t current() const { return uint32_t(tasks_.size() - 1); }  // goes into Record::task
  // Whether stream order, an event, a graph or a wait of the host puts an earlier task before the current one.
  bool is_before_current(uint32_t task) { return known_before_[task] == current() || find_before_current(task); }

  // "thread (3,0,0) of block (1,0,0) at file.cu:12", "cudaMemcpyAsync".
  std::string describe(const Record& record) const;
  const std::string& name(uint32_t task) const { return tasks_[task].name; }

 private:
  bool find_before_current(uint32_t task);

  struct Task {
    uint64_t operation = 0;  // its number
    size_t lane = 0;         // its time
    uint64_t position = 0;
    std::string name;
    bool is_kernel = false;
    Geometry geometry;
    std::function<std::string(uint32_t pc)> source;
  };
  std::vector<Task> tasks_{1};             // 0: none
  std::vector<uint32_t> known_before_{0};  // by task: the latest one that it is known to be before
};

}  // namespace simulated_gpu
