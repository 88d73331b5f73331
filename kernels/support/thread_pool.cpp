#include "kernels/support/thread_pool.h"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace matinee {
namespace {

// Steps of training are hundreds of short calls: to fall asleep and be woken costs as much as some of them. A thread
// that waits looks so many times first, and lets others have its processor each time.
constexpr int kLooks = 200;

template <typename Come>
void look_for(const Come& come) {
  for (int look = 0; look < kLooks && !come(); ++look) std::this_thread::yield();
}

}  // namespace

struct ThreadPool::State {
  std::mutex mutex;
  std::condition_variable wake, idle;
  std::vector<std::thread> threads;
  const std::function<void(int64_t, int)>* body = nullptr;
  int64_t next = 0, tasks = 0;  // of the call in progress
  int64_t failed_task = 0;
  std::exception_ptr failure;
  // Changed under the mutex, looked at without it.
  std::atomic<uint64_t> call = 0;  // counts calls, so that a worker joins each once
  std::atomic<int> busy = 0;       // workers inside the call
  std::atomic<bool> stopping = false;

  // Takes tasks until none is left; `lock` is held on entry and on exit.
  void work(std::unique_lock<std::mutex>& lock, int worker) {
    while (next < tasks) {
      const int64_t task = next++;
      const auto* current = body;
      lock.unlock();
      std::exception_ptr thrown;
      try {
        (*current)(task, worker);
      } catch (...) {
        thrown = std::current_exception();
      }
      lock.lock();
      if (thrown && (!failure || task < failed_task)) {
        failure = thrown;
        failed_task = task;
        next = tasks;  // tasks are handed out in order, so every lower one has been taken already
      }
    }
  }

  void loop(int worker) {
    uint64_t seen = 0;
    const auto called = [&] { return stopping || call != seen; };
    for (;;) {
      look_for(called);
      std::unique_lock lock(mutex);
      wake.wait(lock, called);
      if (stopping) return;
      seen = call;
      ++busy;
      work(lock, worker);
      if (--busy == 0) idle.notify_all();
    }
  }
};

ThreadPool::ThreadPool(int threads) : state_(std::make_unique<State>()) {
  for (int worker = 1; worker < threads; ++worker) {
    state_->threads.emplace_back([state = state_.get(), worker] { state->loop(worker); });
  }
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_all();
  for (auto& thread : state_->threads) thread.join();
}

int ThreadPool::threads() const {
  return static_cast<int>(state_->threads.size()) + 1;
}

void ThreadPool::run(int64_t tasks, const std::function<void(int64_t, int)>& body) {
  if (tasks <= 0) return;
  if (tasks == 1) return body(0, 0);
  std::unique_lock lock(state_->mutex);
  state_->body = &body;
  state_->next = 0;
  state_->tasks = tasks;
  state_->failure = nullptr;
  ++state_->call;
  state_->wake.notify_all();
  state_->work(lock, 0);
  const auto done = [&] { return state_->busy == 0; };
  if (!done()) {
    lock.unlock();
    look_for(done);
    lock.lock();
  }
  state_->idle.wait(lock, done);
  state_->body = nullptr;
  if (state_->failure) std::rethrow_exception(std::exchange(state_->failure, nullptr));
}

}  // namespace matinee
