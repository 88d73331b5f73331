#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace matinee {

// A fixed number of threads that share the tasks of one call at a time. Results must not depend on which thread runs a
// task: `worker` (0 .. threads-1) only picks scratch space.
class ThreadPool {
 public:
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  // Calls body(task, worker) once for each task in 0 .. tasks-1, tasks handed out in rising order, and returns when all
  // are done. The calling thread works too. The exception of the lowest failing task is thrown again here.
  void run(int64_t tasks, const std::function<void(int64_t task, int worker)>& body);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace matinee
