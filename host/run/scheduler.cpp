#include "host/run/scheduler.h"

#include <chrono>
#include <new>

#include <spdlog/spdlog.h>

#include "host/run/memory.h"
#include "host/run/signals.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

StageRecord run_stage(const Stage& stage, const StageStore& store, double checkpoint_seconds) {
  const auto start = std::chrono::steady_clock::now();
  reset_peak();
  stage.context->reset_peak_device_bytes();
  const auto folder = store.begin(stage.fingerprint);
  StageMonitor monitor(stage.name, folder, checkpoint_seconds);
  try {
    stage.run(folder, monitor);
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
  monitor.finish();
  StageRecord record;
  record.name = stage.name;
  record.fingerprint = stage.fingerprint;
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  record.peak_host_bytes = peak_host_bytes();
  record.device = to_string(stage.context->device());
  record.peak_device_bytes = stage.context->peak_device_bytes();
  store.finish(record);
  const std::string on_device =
      stage.context->on_cuda() ? fmt::format(", on {} peak {}", record.device, bytes_text(record.peak_device_bytes))
                               : "";
  spdlog::info("{}: done in {}, peak {}{}", stage.name, duration_text(record.seconds),
               bytes_text(record.peak_host_bytes), on_device);
  return record;
}

}  // namespace

std::vector<StageRecord> run_stages(const std::vector<Stage>& stages, const StageStore& store,
                                    double checkpoint_seconds) {
  std::vector<StageRecord> records;
  for (const Stage& stage : stages) {
    if (stop_signal() != 0) throw engine::Stopped{};
    if (auto earlier = store.find(stage.fingerprint)) {
      earlier->reused = true;
      spdlog::info("{}: reused", stage.name);
      records.push_back(std::move(*earlier));
    } else {
      records.push_back(run_stage(stage, store, checkpoint_seconds));
    }
  }
  if (stop_signal() != 0) throw engine::Stopped{};
  return records;
}

}  // namespace matinee::host
