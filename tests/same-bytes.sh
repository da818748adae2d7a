#!/bin/sh
# A line for every file and every text that the programs make of some 800 small commands, over every
# program, flow, process, method, metric, format and picture: SHA-256, name, command.
#   sh tests/same-bytes.sh BIN OUT
# A change of the code's structure alone leaves every line as it was: run it with the programs of
# before and after, and compare the two OUT with diff. A command that fails has its status and the
# first line of its message in place of a sum, and the status of this script is 1 then.
# The last digits of numbers depend on the processor's instructions, the compiler and the libraries,
# so only lines made on one machine can be compared, and no OUT is kept with the code.
# It takes a minute and a quarter of one core and 200 MB in TMPDIR.
# THREADS (2 unless set) goes to all programs as --threads; it must not change a line.
# shellcheck disable=SC2086  # options are words of a line
set -u

if [ $# -ne 2 ] || [ ! -x "$1/tensor-gen" ]; then
  echo 'usage: sh tests/same-bytes.sh BIN OUT, with the folder of the programs and a new file' >&2
  exit 2
fi
LC_ALL=C
SOURCE_DATE_EPOCH=0
export LC_ALL SOURCE_DATE_EPOCH
unset PUSHFORWARD_INSTRUCTION_SET PUSHFORWARD_BF16
common="--threads ${THREADS:-2} --no-history"
tests=$(cd "$(dirname "$0")" && pwd)
PATH=$(cd "$1" && pwd):$PATH
exec 3>"$2" || exit 1
lines=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' HUP INT TERM
mkdir "$folder/work" && cd "$folder/work" || exit 1
number=0

# sum FILE: a training log (.log) without its column of seconds.
sum() {
  case $1 in *.log) cut -f 1,3- "$1" ;; *) cat "$1" ;; esac | sha256sum | cut -d ' ' -f 1
}

# record COMMAND...: runs it and prints the lines of all that is new: standard output, files.
record() {
  printf '%s\n' * >../before
  status=0
  "$@" $common >../out 2>../err || status=$?
  printf '%s\n' * | comm -13 ../before - >../new
  if [ "$status" -ne 0 ]; then
    printf '%s\n' "status $status  $(head -n 1 ../err)  $*" >&3
    return
  fi
  [ -s ../out ] || [ -s ../new ] || echo "status 0  nothing new was made  $*" >&3
  [ ! -s ../out ] || echo "$(sum ../out)  -  $*" >&3
  while read -r file; do
    echo "$(sum "$file")  $file  $*" >&3
  done <../new
}

# each SUFFIX COMMAND...: the command with the words of each line of standard input, and a numbered
# file of that suffix as its output; - is no file.
each() {
  suffix=$1
  shift
  while read -r words; do
    number=$((number + 1))
    case $suffix in
      -) record "$@" $words </dev/null ;;
      *) record "$@" $words -o $number.$suffix </dev/null ;;
    esac
  done
}

for part in rows flows scores samples particles metrics pictures instructions; do
  # shellcheck source=/dev/null
  . "$tests/same-bytes/$part.sh"
done

count=$(grep -c '^status' "$lines")
[ "$count" -eq 0 ] || echo "$count of $(wc -l <"$lines") lines are failures" >&2
[ "$count" -eq 0 ]
