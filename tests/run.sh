#!/bin/sh
# Builds everything and runs every test: sh tests/run.sh [CTEST_ARGUMENT...]
set -eu
cd "$(dirname "$0")/.."
. tests/setup.sh

need make catch2 bats mandoc hdf5-tools clang-format
build -DPUSHFORWARD_TESTS=ON
exec ctest --test-dir build --output-on-failure -j2 "$@"
