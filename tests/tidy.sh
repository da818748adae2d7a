#!/bin/sh
# Holds sources to .clang-tidy: sh tests/tidy.sh [FILE...], all of lib/ and tools/ by default.
# Headers are judged where a source includes them.
set -eu
cd "$(dirname "$0")/.."
. tests/setup.sh

need clang-tidy
[ -f build/compile_commands.json ] || cmake -S . -B build -DCMAKE_BUILD_TYPE=Release
[ $# -gt 0 ] || set -- "$PWD/(lib|tools)/"
exec run-clang-tidy -quiet -j"$(nproc)" -p build "$@"
