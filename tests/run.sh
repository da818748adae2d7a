#!/bin/sh
# Builds everything and runs every test: sh tests/run.sh [CTEST_ARGUMENT...]
set -eu
cd "$(dirname "$0")/.."
. tests/setup.sh

need catch2 bats mandoc
build -DPUSHFORWARD_TESTS=ON
exec ctest --test-dir build --output-on-failure -j2 "$@"
