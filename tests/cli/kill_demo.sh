#!/usr/bin/env bash
# kill_demo.sh [N] [SEED]: kills the demo with SIGKILL at N random moments; after each the same command must end with a
# whole run whose files have the hashes of one that nobody disturbed. MATINEE names the program.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
count=${1:-30} seed=${2:-$RANDOM}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
runs=$work/runs
train=("${MATINEE:-build/release/matinee}" train configs/demo.json --output "$runs")
verify=("${train[0]}" verify "$runs")
RANDOM=$seed
echo "seed $seed"

die() { cat "$work/log" >&2; echo "kill_demo: $*" >&2; exit 1; }
# Every file of the published run but those that hold times.
hashes() {
  (cd "$runs/current/" && find . -type f ! -name manifest.json ! -name metrics.jsonl | sort | xargs -d '\n' sha256sum)
}

started=$(date +%s%N)
"${train[@]}" >"$work/log" 2>&1 || die "the demo does not train"
window=$((($(date +%s%N) - started) / 1000))  # microseconds
hashes >"$work/expected"
echo "undisturbed: $(wc -l <"$work/expected") files; the kills fall into its $((window / 1000)) ms"

late=0 published=0
for ((kill = 1; kill <= count; ++kill)); do
  rm -rf "$runs"
  moment=$(((RANDOM * 32768 + RANDOM) % window))
  "${train[@]}" >"$work/log" 2>&1 &
  sleep "$(printf '%d.%06d' $((moment / 1000000)) $((moment % 1000000)))"
  kill -KILL $! 2>/dev/null || late=$((late + 1))
  wait $! 2>/dev/null || true
  if [[ -L $runs/current ]]; then
    published=$((published + 1))
    "${verify[@]}" >"$work/log" 2>&1 || die "kill $kill at $moment us: current is not a whole run"
  fi
  "${train[@]}" >"$work/log" 2>&1 || die "kill $kill at $moment us: the same command fails"
  reused=$(grep -c -e reused -e 'goes on from' "$work/log" || true)
  "${verify[@]}" >"$work/log" 2>&1 || die "kill $kill at $moment us: the run is not whole"
  hashes | diff - "$work/expected" >"$work/log" || die "kill $kill at $moment us: other hashes"
  echo "kill $kill at $((moment / 1000)) ms: $reused stages taken up, the same hashes"
done
echo "$count kills ($late after the end, $published with a published run): every run whole, with the same hashes"
