"""What bounds the CUDA kernels of an operation: bytes, registers, occupancy and the least time on A100 and H100.

Usage: cuda_bounds.py [FILTER]      from the project's folder, after ./dev build simulated-gpu and ./dev ptxas

Runs the cases of `matinee bench --device cuda` whose names contain FILTER (default sgd_epoch) on the simulated GPU,
which counts what each kernel moves, and joins registers from build/ptxas.txt. No time is measured: the bound is that of
the roofline (DRAM, L2, instructions, shared memory, chains of atomics) with every launch cold, its distinct bytes from
DRAM; latency, the cost of launches and idle multiprocessors are not in it. "Needed" is what the operation reads and
writes at least without any reuse, and the bound that DRAM sets on that.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

PROGRAM = "build/simulated-gpu/matinee"
# Registers and shared memory of a multiprocessor, warps it holds, blocks it holds.
DEVICES = {"A100": ("sm_80", 65536, 164 * 1024, 64, 32), "H100": ("sm_90", 65536, 228 * 1024, 64, 32)}
DRAM = {"A100": 2.04e12, "H100": 3.35e12}  # bytes a second


def plain(kernel):
    return re.sub(r"^void |matinee::|\(anonymous namespace\)::", "", kernel).strip()


def registers():
    """{(architecture, kernel): registers}"""
    rows = open("build/ptxas.txt").read().splitlines()[1:]
    return {(row.split()[0], plain(row.split(None, 5)[5])): int(row.split()[1]) for row in rows}


def bench(case):
    """The result of one case and the simulated GPU's counters for each kernel, of all its runs."""
    with tempfile.NamedTemporaryFile("r") as report:
        environment = {**os.environ, "SIMULATED_GPU_REPORT": report.name}
        command = ["./dev", "simulate", PROGRAM, "bench", case, "--device", "cuda", "--runs", "1", "--seconds", "0"]
        done = subprocess.run([*command, "--format", "json"], env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        lines = report.read().splitlines()
    kernels = {}
    for line in lines[1:-1]:
        cells = line.split(None, 19)
        kernels[plain(cells[19])] = {
            "launches": int(cells[0]), "threads": int(cells[1]), "shared": int(cells[2]), "moved": int(cells[7]),
            "least": int(cells[9]), "A100": float(cells[15]), "H100": float(cells[16]), "by": cells[18],
        }  # fmt: skip
    return json.loads(done.stdout)["benchmarks"][0], kernels


def occupancy(device, registers_used, threads, shared):
    """Share of the warps of a multiprocessor that blocks of this kernel can fill."""
    _, all_registers, all_shared, all_warps, all_blocks = DEVICES[device]
    warps = -(-threads // 32)
    of_a_warp = -(-registers_used * 32 // 256) * 256
    blocks = min(all_warps // warps, all_blocks, all_registers // (of_a_warp * warps))
    if shared:
        blocks = min(blocks, all_shared // (shared + 1024))
    return blocks * warps / all_warps


def cases(filter_):
    command = [PROGRAM, "bench", filter_, "--runs", "1", "--seconds", "0", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return [result["name"] for result in json.loads(done.stdout)["benchmarks"]]


def print_case(case, used):
    result, kernels = bench(case)
    unit = next(key for key in result if key.endswith("_per_second") and key != "gigabytes_per_second")
    runs = 1 + result["runs"]  # the first warms up
    units = runs * result[unit] * result["median_seconds"]
    needed = runs * result["gigabytes_per_second"] * 1e9 * result["median_seconds"] / units
    own = {name: counts for name, counts in kernels.items() if "::" in name}  # others measure the device
    moved = sum(counts["moved"] for counts in own.values()) / units
    name = unit.removesuffix("_per_second")
    print(f"\n{case}: {needed:.0f} bytes needed and {moved:.0f} moved for each of {units / runs:.0f} {name}")
    for device, rate in DRAM.items():
        seconds = sum(counts[device] for counts in own.values()) * 1e-6
        print(f"  {device}: at most {units / seconds / 1e6:.0f} M {name}/s (roofline), {rate / needed / 1e6:.0f} by bytes needed")
    print(f"  {'launches':>8} {'threads':>7} {'shared':>7} {'bytes':>8}   {'A100: registers, warps, bound by':34} H100  kernel")
    for kernel, counts in sorted(own.items(), key=lambda pair: -pair[1]["moved"]):
        cells = []
        for device, (architecture, *_) in DEVICES.items():
            count = used.get((architecture, kernel))
            share = f"{100 * occupancy(device, count, counts['threads'], counts['shared']):.0f} %" if count else "?"
            cells.append(f"{count or '?':>4} {share:>6}")
        print(
            f"  {counts['launches'] / runs:8.0f} {counts['threads']:7} {counts['shared']:7} {counts['moved'] / units:8.1f}"
            f"   {cells[0]:>18} {counts['by']:>15} {cells[1]}  {kernel}"
        )


def main():
    if len(sys.argv) > 2 or sys.argv[1:2] in (["-h"], ["--help"]):
        raise SystemExit(__doc__)
    used = registers()
    for case in cases(sys.argv[1] if len(sys.argv) == 2 else "sgd_epoch"):
        print_case(case, used)


if __name__ == "__main__":
    main()
