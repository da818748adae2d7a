#!/bin/sh
# The unit tests under sanitizers: sh tests/sanitize.sh asan|tsan [ROOM...], all rooms by default.
# asan: addresses and undefined behaviour. tsan: threads. What a guarded child (io/guarded.hpp)
# finds does not reach standard error, so reports are files, printed at the end.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || { echo 'usage: sanitize.sh asan|tsan [ROOM...]' >&2; exit 2; }
preset=$1
shift
if [ $# -eq 0 ]; then
  set -- $(printf '%s\n' tests/*/test_*.cpp | cut -d / -f 2 | uniq)
fi
cmake --preset "$preset" -DPUSHFORWARD_TESTS=ON
cmake --build --preset "$preset" --parallel "$(nproc)" --target $(printf 'test_%s ' "$@")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/reports"
# A guarded child has little memory: malloc returns null there, as it does without the sanitizer, whose
# report would find no room.
export ASAN_OPTIONS="detect_leaks=0:allocator_may_return_null=1:log_path=$work/reports/asan"
export UBSAN_OPTIONS="print_stacktrace=1:log_path=$work/reports/ubsan"
export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.txt:log_path=$work/reports/tsan"
status=0
for room; do
  echo "$room"
  "build-$preset/tests/test_$room" >"$work/out" 2>&1 || status=1
  tail -n 3 "$work/out"
done
cat "$work/reports"/* 2>/dev/null && status=1
exit $status
