# Shared by the command-line tests: the programs on PATH, and an empty folder to work in.

setup() {
  PATH=$PUSHFORWARD_BIN:$PATH
  cd "$BATS_TEST_TMPDIR" || return 1
}

# The names of all programs.
programs() {
  local file
  for file in "$PUSHFORWARD_BIN"/*; do
    [ -x "$file" ] && [ -f "$file" ] && basename "$file"
  done
}

# complain TEXT...: notes a failure, so that a test can go on and report all of them at once.
complain() {
  printf '%s\n' "$*"
  complaints=$((${complaints:-0} + 1))
}

# no_complaints: the last line of a test that complains.
no_complaints() {
  [ "${complaints:-0}" -eq 0 ]
}

# outcome COMMAND...: runs it with standard output to ./out and standard error to ./err, sets
# $status, and never fails.
outcome() {
  status=0
  "$@" >out 2>err || status=$?
}

# expect_failure STATUS PROGRAM WHAT: judges the last outcome: the status, one line on standard
# error that begins with the program's name, nothing on standard output, no file left behind beside
# those that were there (listed in ./before by remember_files).
expect_failure() {
  local lines
  lines=$(wc -l <err)
  [ "$status" -eq "$1" ] || complain "$3: status $status instead of $1: $(head -c 300 err)"
  [ "$lines" -eq 1 ] || complain "$3: $lines lines on standard error: $(head -c 600 err)"
  case $(head -n 1 err) in "$2: "*) ;; *) complain "$3: message is: $(head -n 1 err)" ;; esac
  [ ! -s out ] || complain "$3: $(wc -c <out) bytes on standard output"
  ls -A >after
  cmp -s before after || complain "$3: files changed: $(diff before after | grep '^[<>]' | tr '\n' ' ')"
}

remember_files() {
  : >out
  : >err
  : >before
  : >after
  ls -A >before
}

# refused STATUS MESSAGE PROGRAM ARGUMENTS...: it fails with the status, says the message and writes
# nothing.
refused() {
  local want=$1 message=$2
  shift 2
  remember_files
  outcome "$@" -o result
  expect_failure "$want" "$1" "$*"
  grep -qF -- "$message" err || complain "$*: said: $(cat err)"
}

# numbers FILE DATASETS: them as text, a row a line.
numbers() {
  tensor-export --format csv --columns "$2" "$1" | tail -n +2
}

# numbers_close FILE OTHER TOLERANCE LINES: whether two texts have that many lines, of finite numbers
# that differ by no more than the tolerance.
numbers_close() {
  paste -d, "$1" "$2" | awk -F, -v most="$3" -v lines="$4" '
    { for (i = 1; i <= NF / 2; ++i) { d = $i - $(i + NF / 2); if (!(d <= most && -d <= most)) bad = 1 } }
    /nan|inf/ { bad = 1 }
    END { exit bad || NR != lines }'
}

# stopped SECONDS COMMAND...: runs it, sends it SIGTERM then and sets $status.
stopped() {
  local seconds=$1 pid
  shift
  "$@" &
  pid=$!
  sleep "$seconds"
  kill -TERM $pid
  status=0
  wait $pid || status=$?
}
