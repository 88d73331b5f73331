#include <fmt/core.h>

#include "engine/version.h"
#include "host/commands/commands.h"
#include "host/run/library_versions.h"
#include "host/run/memory.h"
#include "host/run/train_job.h"
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

void print_doctor() {
  fmt::print("matinee  {} ({}, {} build, {})\n", engine::kVersion, engine::kCommit, engine::kBuildType,
             engine::kCompiler);
  fmt::print("cpu      {} core(s) usable,{}\n", usable_cores(), instruction_sets());
  fmt::print("memory   {} available to this process\n", bytes_text(available_host_bytes()));
  print_library_versions();
  const CudaStatus cuda = cuda_status();
  fmt::print("cuda     backend {}\n", cuda.built ? "built in" : "not built in");
  for (std::size_t ordinal = 0; ordinal < cuda.devices.size(); ++ordinal)
    fmt::print("         cuda:{} {}\n", ordinal, cuda.devices[ordinal]);
  if (!cuda.reason.empty())
    fmt::print("         not used: {}\n", cuda.reason);
  else
    fmt::print("         not used: no model of this version trains on CUDA\n");
  fmt::print("--device auto chooses {}\n", to_string(choose_device("auto")));
}

}  // namespace

void add_doctor(CLI::App& app) {
  app.add_subcommand("doctor", "show devices, driver and libraries, and why CUDA is or is not used")
      ->callback(print_doctor);
}

}  // namespace matinee::host
