#!/bin/sh
# Line and branch coverage of lib/ and tools/ under the tests, a line for each room, and the files
# below 90% of lines or 80% of branches: sh tests/coverage.sh [CTEST_ARGUMENT...]
# Builds in build-coverage; wants gcovr. Branches that only exceptions take are not counted.
set -eu
cd "$(dirname "$0")/.."
cmake --preset coverage -G Ninja
cmake --build build-coverage --parallel "$(nproc)"
find build-coverage -name '*.gcda' -delete
ctest --test-dir build-coverage -j "$(nproc)" "$@" || echo 'some tests failed' >&2
# Counters of kernels that several threads run may be torn, and come out below 0.
gcovr -j "$(nproc)" --gcov-ignore-parse-errors --root . --filter 'lib/' --filter 'tools/' --exclude-throw-branches \
  --exclude-unreachable-branches --csv -o build-coverage/coverage.csv \
  build-coverage/lib build-coverage/tools
awk -F, '
  NR > 1 {
    split($1, part, "/")
    room = part[1] == "tools" ? "tools" : part[2]
    lines[room] += $2; run[room] += $3; branches[room] += $5; taken[room] += $6
    if ($2 > 0 && $3 < 0.9 * $2 || $5 > 0 && $6 < 0.8 * $5)
      low = low sprintf("%-44s %5.1f %8s\n", $1, 100 * $3 / $2,
                        ($5 ? sprintf("%.1f", 100 * $6 / $5) : "-"))
  }
  END {
    printf "%-44s %5s %8s\n", "room", "lines", "branches"
    for (room in lines)
      printf "%-44s %5.1f %8.1f\n", room, 100 * run[room] / lines[room],
             (branches[room] ? 100 * taken[room] / branches[room] : 100)
    printf "\nbelow 90%% of lines or 80%% of branches\n%s", low
  }' build-coverage/coverage.csv
