#include "host/run/scheduler.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

#include <spdlog/spdlog.h>

#include "host/run/memory.h"
#include "host/run/signals.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

// The stage's own work; what it throws names the stage.
void work(const Stage& stage, Context& context, const std::filesystem::path& folder, StageMonitor& monitor) {
  try {
    stage.run(context, folder, monitor);
  } catch (const Error& error) {
    // Problems of the data begin with the file and line that they are in.
    const bool named = std::string_view(error.what()).find(stage.name) != std::string_view::npos;
    if (named || stage.name == "data") throw;
    throw Error(error.kind(), fmt::format("{}: {}", stage.name, error.what()));
  } catch (const std::bad_alloc&) {
    fail(ErrorKind::kMemory,
         "{}: out of memory at {} (planned: {}). Free memory or make the job smaller (fewer factors, neighbours or "
         "ratings)",
         stage.name, bytes_text(peak_host_bytes()), bytes_text(stage.host_bytes));
  }
}

StageRecord run_stage(const Stage& stage, Context& context, const StageStore& store, double checkpoint_seconds,
                      const std::function<bool()>& stop_wanted) {
  const auto start = std::chrono::steady_clock::now();
  context.reset_peak_device_bytes();
  const auto folder = store.begin(stage.fingerprint);
  StageMonitor monitor(stage.name, folder, checkpoint_seconds, stop_wanted);
  work(stage, context, folder, monitor);
  monitor.finish();
  StageRecord record;
  record.name = stage.name;
  record.fingerprint = stage.fingerprint;
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  record.peak_host_bytes = peak_host_bytes();
  record.device = to_string(context.device());
  record.peak_device_bytes = context.peak_device_bytes();
  store.finish(record);
  const std::string on_device =
      context.on_cuda() ? fmt::format(", on {} peak {}", record.device, bytes_text(record.peak_device_bytes)) : "";
  spdlog::info("{}: done in {}, peak {}{}", stage.name, duration_text(record.seconds),
               bytes_text(record.peak_host_bytes), on_device);
  return record;
}

class StageRun {
 public:
  StageRun(const std::vector<Stage>& stages, const StageStore& store, const StageLanes& lanes,
           double checkpoint_seconds)
      : stages_(stages),
        store_(store),
        lanes_(lanes),
        checkpoint_seconds_(checkpoint_seconds),
        states_(stages.size()),
        records_(stages.size()),
        cuda_users_(lanes.cuda->size()) {}

  std::vector<StageRecord> run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      start_what_can(lock);
      if (running_ == 0) break;
      changed_.wait(lock);
    }
    lock.unlock();
    threads_.clear();
    if (signalled()) throw engine::Stopped{};
    if (failure_) std::rethrow_exception(failure_);
    return std::move(records_);
  }

 private:
  enum class State { kWaiting, kRunning, kDone };

  bool on_cuda(const Stage& stage) const { return stage.device.kind == DeviceKind::kCuda; }
  int64_t share() const { return lanes_.device_budget / static_cast<int64_t>(cuda_users_.size()); }
  bool wants_all_of_device(const Stage& stage) const { return stage.device_bytes > share(); }

  void start_what_can(std::unique_lock<std::mutex>& lock) {
    for (std::size_t number = 0; number < stages_.size() && !stopping_ && !signalled(); ++number) {
      if (states_[number] != State::kWaiting || !inputs_are_there(stages_[number])) continue;
      if (auto earlier = store_.find(stages_[number].fingerprint)) {
        earlier->reused = true;
        spdlog::info("{}: reused", stages_[number].name);
        finish(number, std::move(*earlier));
      } else if (Context* context = free_context(stages_[number])) {
        start(number, *context, lock);
      }
    }
  }

  bool inputs_are_there(const Stage& stage) const {
    for (const std::size_t input : stage.after) {
      if (states_[input] != State::kDone) return false;
    }
    return true;
  }

  // Null where the stage has to wait for others to end.
  Context* free_context(const Stage& stage) {
    if (running_ > 0 && host_bytes_ + stage.host_bytes > lanes_.host_budget) return nullptr;
    if (!on_cuda(stage)) return cpu_user_ ? nullptr : lanes_.cpu;
    for (std::size_t lane = 0; lane < cuda_users_.size(); ++lane) {
      if (cuda_users_[lane] != nullptr && (wants_all_of_device(stage) || wants_all_of_device(*cuda_users_[lane])))
        return nullptr;
    }
    for (std::size_t lane = 0; lane < cuda_users_.size(); ++lane) {
      if (cuda_users_[lane] == nullptr) return (*lanes_.cuda)[lane].get();
    }
    return nullptr;
  }

  const Stage*& user_of(const Context& context) {
    for (std::size_t lane = 0; lane < cuda_users_.size(); ++lane) {
      if ((*lanes_.cuda)[lane].get() == &context) return cuda_users_[lane];
    }
    return cpu_user_;
  }

  void start(std::size_t number, Context& context, std::unique_lock<std::mutex>& lock) {
    const Stage& stage = stages_[number];
    states_[number] = State::kRunning;
    user_of(context) = &stage;
    if (running_++ == 0) reset_peak();  // the peak is the process's: of all stages that ran beside this one
    host_bytes_ += stage.host_bytes;
    if (on_cuda(stage)) context.limit_device_bytes(wants_all_of_device(stage) ? lanes_.device_budget : share());
    const auto run = [this, number, &context] { run_and_finish(number, context); };
    if (!cuda_users_.empty()) {
      threads_.emplace_back(run);
      return;
    }
    lock.unlock();  // only the CPU: nothing runs beside it
    run();
    lock.lock();
  }

  void run_and_finish(std::size_t number, Context& context) {
    std::optional<StageRecord> record;
    std::exception_ptr failure;
    try {
      record =
          run_stage(stages_[number], context, store_, checkpoint_seconds_, [this] { return signalled() || stopping_; });
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    user_of(context) = nullptr;
    --running_;
    host_bytes_ -= stages_[number].host_bytes;
    if (failure) {
      stop(failure);
    } else {
      finish(number, std::move(*record));
    }
    changed_.notify_all();
  }

  void finish(std::size_t number, StageRecord record) {
    states_[number] = State::kDone;
    records_[number] = std::move(record);
  }

  // The first failure is the one that is told.
  void stop(const std::exception_ptr& failure) {
    if (!failure_) failure_ = failure;
    stopping_ = true;
  }

  const std::vector<Stage>& stages_;
  const StageStore& store_;
  const StageLanes& lanes_;
  const double checkpoint_seconds_;

  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::vector<State> states_;
  std::vector<StageRecord> records_;
  const Stage* cpu_user_ = nullptr;
  std::vector<const Stage*> cuda_users_;  // of each context of the device
  int running_ = 0;
  int64_t host_bytes_ = 0;  // of the running stages
  std::atomic<bool> stopping_ = false;
  std::exception_ptr failure_;
  std::vector<std::jthread> threads_;
};

}  // namespace

std::vector<StageRecord> run_stages(const std::vector<Stage>& stages, const StageStore& store, const StageLanes& lanes,
                                    double checkpoint_seconds) {
  return StageRun(stages, store, lanes, checkpoint_seconds).run();
}

}  // namespace matinee::host
