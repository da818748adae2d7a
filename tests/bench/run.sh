#!/bin/sh
# Prints a table of ratios: the peers' time over ours, for one thread, and one thread's time over
# two threads'. Ours and theirs take turns, three rounds, and the medians are compared, so that a
# machine whose speed drifts does not favour one. Then how near our products come to what one thread
# of the processor can do at best.
# Usage: run.sh BENCH_PROGRAM
set -eu
bench=$1
here=$(dirname "$0")
work=$(mktemp -d)
trap 'sort -u "$work/notes" >&2; rm -rf "$work"' EXIT

python=
for candidate in /usr/bin/python3 python3; do
  if "$candidate" -c 'import torch' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || echo 'bench: no python3-torch here: the peers are left out' >&2

for round in 1 2 3; do
  "$bench" 1 >>"$work/one" 2>>"$work/notes"
  "$bench" 2 >>"$work/two" 2>>"$work/notes"
  [ -z "$python" ] || OPENBLAS_NUM_THREADS=1 "$python" "$here/peers.py" 1 >>"$work/torch" 2>>"$work/notes"
done
touch "$work/torch"

# Medians per workload, then the table.
for file in one two torch; do
  sort -k1,1 -k2,2g "$work/$file" | awk -v what="$file" '
    { if ($1 != name) { flush(); name = $1; n = 0 } value[n++] = $2 }
    function flush() { if (n) print name "\t" what "\t" value[int(n / 2)] }
    END { flush() }'
done | awk -F '\t' '
  { time[$1, $2] = $3; if (!($1 in seen)) { seen[$1] = 1; order[++count] = $1 } }
  function peer(w) { sub(/_bf16$/, "", w); return w }  # the peer in float32
  function ms(t) { return t == "" ? "-" : sprintf("%.3f", 1000 * t) }
  function ratio(a, b) { return a == "" || b == "" ? "-" : sprintf("%.2f", a / b) }
  END {
    print "workload\tms_1_thread\tms_2_threads\tpeer_ms_1_thread\ttimes_peer\tspeedup_2_threads"
    for (i = 1; i <= count; ++i) {
      w = order[i]
      one = time[w, "one"]; two = time[w, "two"]; torch = time[peer(w), "torch"]
      print w "\t" ms(one) "\t" ms(two) "\t" ms(torch) "\t" ratio(torch, one) "\t" ratio(one, two)
    }
  }'

echo
"$bench" floor
