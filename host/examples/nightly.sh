#!/bin/sh
# One nightly run. Tries again what another try may mend, and ends with the exit code of the last try.
#   nightly.sh [CONFIG]
set -u
config=${1:-/etc/matinee/nightly.json}
textfile=${MATINEE_TEXTFILE:-/var/lib/prometheus/node-exporter/matinee.prom}
tries=${MATINEE_TRIES:-3}
pause=${MATINEE_PAUSE:-600} # seconds

try=1
while :; do
  matinee train "$config" --log-format json --metrics-textfile "$textfile"
  code=$?
  case $code in
    8 | 9 | 137) [ "$try" -lt "$tries" ] || exit "$code" ;; # the disk, the lock, a kill: later
    *) exit "$code" ;;                                      # done, or nothing that a retry mends
  esac
  try=$((try + 1))
  sleep "$pause"
done
