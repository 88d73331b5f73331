#include <fmt/core.h>

#include "engine/models/registry.h"
#include "engine/version.h"
#include "host/commands/commands.h"
#include "host/run/library_versions.h"
#include "host/run/memory.h"
#include "host/run/train_job.h"
#include "host/run/usable_cores.h"
#include "host/terminal/progress.h"
#include "kernels/support/device.h"

namespace matinee::host {
namespace {

std::string instruction_sets() {
#if defined(__x86_64__)
  std::string sets;
  if (__builtin_cpu_supports("avx2")) sets += " AVX2";
  if (__builtin_cpu_supports("fma")) sets += " FMA";
  if (__builtin_cpu_supports("avx512f")) sets += " AVX-512F";
  return sets.empty() ? " SSE2" : sets;
#else
  return " portable";
#endif
}

void print_library_versions() {
  std::string text;
  for (const auto& [name, version] : library_versions())
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, version);
  fmt::print("using    {}\n", text);
}

// What has a CUDA side, by type of model.
void print_cuda_sides() {
  std::string both, scoring, training, none;
  const auto add = [](std::string& list, std::string_view name) {
    list += (list.empty() ? "" : ", ") + std::string(name);
  };
  for (const engine::ModelType& type : engine::model_types()) {
    const auto model = type.make();
    const bool trains = model->trains_on_cuda(), scores = model->scores_on_cuda();
    add(trains && scores ? both : trains ? training : scores ? scoring : none, type.name);
  }
  const auto print = [](std::string_view what, const std::string& list) {
    if (!list.empty()) fmt::print("         {}: {}\n", what, list);
  };
  print("trains and scores on CUDA", both);
  print("trains on CUDA, scores on the CPU", training);
  print("scores on CUDA, trains on the CPU", scoring);
  print("on the CPU only", none);
}

void print_doctor() {
  fmt::print("matinee  {} ({}, {} build, {})\n", engine::kVersion, engine::kCommit, engine::kBuildType,
             engine::kCompiler);
  fmt::print("cpu      {} core(s) usable,{}\n", usable_cores(), instruction_sets());
  fmt::print("memory   {} available to this process\n", bytes_text(available_host_bytes()));
  print_library_versions();
  const CudaStatus cuda = cuda_status();
  fmt::print("cuda     backend {}{}\n", cuda.built ? "built in, " : "not built in", cuda.versions);
  for (std::size_t ordinal = 0; ordinal < cuda.devices.size(); ++ordinal) {
    const CudaDeviceStatus& device = cuda.devices[ordinal];
    fmt::print("         cuda:{} {}: {}\n", ordinal, device.description,
               device.reason.empty() ? "usable" : "not used: " + device.reason);
  }
  if (!cuda.reason.empty()) fmt::print("         not used: {}\n", cuda.reason);
  print_cuda_sides();
  const Device best = choose_device("auto", true);
  fmt::print("--device auto chooses {}{}\n", to_string(best),
             best.kind == DeviceKind::kCuda ? " where all of a job runs there, else cpu" : "");
}

}  // namespace

void add_doctor(CLI::App& app) {
  app.add_subcommand("doctor", "show devices, driver and libraries, and why CUDA is or is not used")
      ->callback(print_doctor);
}

}  // namespace matinee::host
