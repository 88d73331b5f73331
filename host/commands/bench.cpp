#include <fmt/core.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "engine/bench/bench_case.h"
#include "host/commands/commands.h"
#include "host/run/usable_cores.h"
#include "kernels/support/error.h"
#include "kernels/support/machine_rates.h"

namespace matinee::host {
namespace {

struct BenchOptions {
  std::string filter;  // cases whose names contain it
  std::string device = "cpu";
  std::string format = "table";
  int threads = 0;
  engine::BenchEffort least;
};

// Without a filter, all that run on the device; the others are named.
std::vector<engine::BenchCase> chosen_cases(const std::string& filter, Device device) {
  std::vector<engine::BenchCase> chosen;
  std::vector<std::string> names, on_cpu_only;
  for (const engine::BenchCase& bench : engine::bench_cases()) {
    names.push_back(bench.name);
    if (bench.name.find(filter) == std::string::npos) continue;
    const bool runs_there = device.kind == DeviceKind::kCpu || bench.has_cuda_side;
    if (runs_there) chosen.push_back(bench);
    if (!runs_there) on_cpu_only.push_back(bench.name);
  }
  if (chosen.empty() && on_cpu_only.empty()) {
    fail(ErrorKind::kConfig, "no benchmark has \"{}\" in its name; there are {}", filter, fmt::join(names, ", "));
  }
  if (chosen.empty()) {
    fail(ErrorKind::kDevice, "{} has no CUDA side: give --device cpu", fmt::join(on_cpu_only, ", "));
  }
  if (!on_cpu_only.empty()) spdlog::info("left out, without a CUDA side: {}", fmt::join(on_cpu_only, ", "));
  return chosen;
}

void print_table_row(const engine::BenchResult& result, const MachineRates& machine) {
  fmt::print("{:<32} {:>10.3f} {:>8.2f} {:>7.0f} {:>9.2f} {:>6.1f} {:>10.3g} {}/s\n", result.name, result.seconds * 1e3,
             result.bytes_per_second / 1e9, 100 * result.bytes_per_second / machine.copy_bytes_per_second,
             result.flops_per_second / 1e9, 100 * result.flops_per_second / machine.flops_per_second,
             result.units_per_second, result.unit);
  std::fflush(stdout);
}

nlohmann::ordered_json to_json(const engine::BenchResult& result, const MachineRates& machine) {
  return {{"name", result.name},
          {"runs", result.runs},
          {"median_seconds", result.seconds},
          {"gigabytes_per_second", result.bytes_per_second / 1e9},
          {"share_of_copy_bandwidth", result.bytes_per_second / machine.copy_bytes_per_second},
          {"gigaflops", result.flops_per_second / 1e9},
          {"share_of_fma_rate", result.flops_per_second / machine.flops_per_second},
          {result.unit + "_per_second", result.units_per_second}};
}

void bench(const BenchOptions& options) {
  const Device device = choose_device(options.device, true);
  const auto cases = chosen_cases(options.filter, device);
  Context context(device, options.threads > 0 ? options.threads : usable_cores());
  const MachineRates machine = measure_machine(context);
  nlohmann::ordered_json json = {{"device", to_string(context.device())},
                                 {"threads", context.threads()},
                                 {"copy_gigabytes_per_second", machine.copy_bytes_per_second / 1e9},
                                 {"fma_gigaflops", machine.flops_per_second / 1e9},
                                 {"benchmarks", nlohmann::ordered_json::array()}};
  const bool table = options.format == "table";
  if (table) {
    fmt::print("{}, {} thread(s): copies {:.2f} GB/s, {:.1f} GFLOP/s of fp32 multiply-adds\n",
               to_string(context.device()), context.threads(), machine.copy_bytes_per_second / 1e9,
               machine.flops_per_second / 1e9);
    fmt::print("GB/s as if no operand stayed in a cache: more than 100 % of copies is what caches save\n\n");
    fmt::print("{:<32} {:>10} {:>8} {:>7} {:>9} {:>6} {:>10}\n", "operation", "median ms", "GB/s", "% copy", "GFLOP/s",
               "% FMA", "rate");
  }
  for (const engine::BenchCase& bench : cases) {
    const engine::BenchResult result = engine::run_bench(context, bench, options.least);
    if (table) print_table_row(result, machine);
    json["benchmarks"].push_back(to_json(result, machine));
  }
  if (!table) fmt::print("{}\n", json.dump(2));
}

}  // namespace

void add_bench(CLI::App& app) {
  CLI::App* command = app.add_subcommand("bench", "time each operation against what this machine copies and computes");
  const auto options = std::make_shared<BenchOptions>();
  command->add_option("filter", options->filter, "only operations whose names contain this");
  command->add_option("--device", options->device, "cpu, cuda or cuda:N")->capture_default_str();
  command->add_option("--threads", options->threads, "0: all cores that the process may use")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  command->add_option("--runs", options->least.runs, "least number of runs of each operation")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--seconds", options->least.seconds, "least time to measure each operation for")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  command->add_option("--format", options->format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command->callback([options] { bench(*options); });
}

}  // namespace matinee::host
