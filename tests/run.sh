#!/bin/sh
# Builds everything and runs every test: sh tests/run.sh [CTEST_ARGUMENT...]
# With WARNINGS_AS_ERRORS=ON a warning of the compiler ends the build.
set -eu
cd "$(dirname "$0")/.."
. tests/setup.sh

need make catch2 bats mandoc hdf5-tools clang-format dpkg-dev file
build -DPUSHFORWARD_TESTS=ON -DCMAKE_COMPILE_WARNING_AS_ERROR="${WARNINGS_AS_ERRORS:-OFF}"
exec ctest --test-dir build --output-on-failure -j2 "$@"
