# What the system does not give: memory, threads, processes. Programs work with less or say so in
# one line; none hangs, none ends by a signal.

load common

# within KIBIBYTES COMMAND...: the outcome under that limit of address space, in a few seconds.
within() {
  # shellcheck disable=SC2016
  outcome sh -c 'ulimit -v "$1"; shift; exec timeout -k 1 60 "$@"' - "$@"
}

# judge WHAT: done, or a line that says that there is no memory.
judge() {
  case $status in
    0) [ ! -s err ] || complain "$1: $(cat err)" ;;
    1) grep -qE '^[a-z-]+: .*not enough memory' err && [ "$(wc -l <err)" -eq 1 ] ||
      complain "$1: $(head -c 300 err)" ;;
    *) complain "$1: status $status: $(head -c 300 err)" ;;
  esac
}

make_files() {
  tensor-gen moons -n 2000 -o rows.h5
  tensor-gen 8gaussians -n 500 -o other.h5
  tensor-gen gaussian --dim 3 --model -o model.h5
}

@test "every program starts under 100 MB of address space" {
  for program in $(programs); do
    within 100000 "$program" --version
    [ "$status" -eq 0 ] || complain "$program: status $status: $(head -c 300 err)"
  done
  no_complaints
}

@test "under limits of memory, programs work or say that it is not enough" {
  make_files
  local commands=(
    'tensor-export --summary rows.h5'
    'flow-train -q --flow glow --layers 2 --hidden 8 --steps 4 --threads 4 rows.h5 -o result.h5'
    'langevin-sample -m model.h5 -n 5000 --steps 2 --threads 4 -o result.h5'
    'fid-eval -q rows.h5 other.h5 --threads 4'
    'tensor-plot rows.h5 other.h5 -o result.pdf'
  )
  for kibibytes in 100000 120000 140000 160000 180000 200000 220000 230000 240000 250000 280000 400000 1000000; do
    for command in "${commands[@]}"; do
      # shellcheck disable=SC2086
      within $kibibytes $command
      judge "$kibibytes: $command"
    done
  done
  # The largest limit is enough for all of them.
  [ "$status" -eq 0 ] || complain "$kibibytes: $command: $(cat err)"
  no_complaints
}

@test "threads that cannot be started change no result" {
  [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null && command -v prlimit >/dev/null ||
    skip 'needs root, setpriv and prlimit'
  chmod 755 . .. ../..
  make_files
  chmod 644 ./*.h5
  local -r as_nobody=(setpriv --reuid=65531 --regid=65531 --clear-groups)
  "${as_nobody[@]}" env "$(command -v langevin-sample)" --version && "${as_nobody[@]}" cat model.h5 \
    >/dev/null || skip 'the programs or the folder are for root alone'
  langevin-sample -m model.h5 -n 5000 --steps 2 --no-history >whole.h5
  for processes in 2 3 4; do
    outcome "${as_nobody[@]}" prlimit --nproc=$processes timeout -k 1 60 \
      "$(command -v langevin-sample)" -m model.h5 -n 5000 --steps 2 --no-history --threads 8
    case $status in
      0) cmp out whole.h5 || complain "$processes processes: other rows" ;;
      1) grep -q '^langevin-sample: .*no process can be started' err || complain "$(cat err)" ;;
      *) complain "$processes processes: status $status: $(head -c 300 err)" ;;
    esac
  done
  no_complaints
}

@test "a picture whose letters need a thread that cannot be started is an error in one line" {
  [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null && command -v prlimit >/dev/null ||
    skip 'needs root, setpriv and prlimit'
  chmod 755 . .. ../..
  make_files
  chmod 644 ./*.h5
  local -r plot=$(command -v tensor-plot)
  local -r as_nobody=(setpriv --reuid=65531 --regid=65531 --clear-groups)
  "${as_nobody[@]}" env "$plot" rows.h5 >usual.png 2>err || skip 'the programs are for root alone'
  for processes in 1 2 3 4 5; do
    outcome "${as_nobody[@]}" prlimit --nproc=$processes "$plot" rows.h5
    case $status in
      0) cmp out usual.png || complain "$processes: another picture" ;;
      1) [ "$(wc -l <err)" -eq 1 ] && [ ! -s out ] && grep -q '^tensor-plot: .*: Resource temp' err ||
        complain "$processes: $(cat err)" ;;
      *) complain "$processes: status $status: $(cat err)" ;;
    esac
  done
  no_complaints
}
