# Containers through files and pipes, whole or not at all.

bats_require_minimum_version 1.5.0
load common

@test "a file, a redirection and a pipe hold the same bytes" {
  export SOURCE_DATE_EPOCH=0
  tensor-gen moons -n 100000 --no-history -o file.h5
  tensor-gen moons -n 100000 --no-history >redirected.h5
  tensor-gen moons -n 100000 --no-history | cat >piped.h5
  cmp file.h5 redirected.h5
  cmp file.h5 piped.h5
  h5dump -d /x -c 1,2 file.h5 >/dev/null
}

@test "a container is read from a pipe, a redirection, a named pipe" {
  tensor-gen moons -n 1000 -o f.h5
  tensor-export --summary f.h5 >expected
  tensor-export --summary <f.h5 | cmp - expected
  # shellcheck disable=SC2002
  cat f.h5 | tensor-export --summary | cmp - expected
  mkfifo pipe
  cat f.h5 >pipe &
  tensor-export --summary pipe | cmp - expected
  wait
}

@test "damage is told with its place" {
  tensor-gen moons -n 100000 -o f.h5
  cp f.h5 damaged.h5
  printf '\377' | dd of=damaged.h5 bs=1 seek=400000 conv=notrunc status=none
  outcome tensor-export damaged.h5 -o f.csv
  [ "$status" -eq 1 ]
  grep -qE '^tensor-export: damaged.h5: /x: is damaged: rows [0-9]+ to [0-9]+: its checksum does not match$' err
  [ ! -e f.csv ]
}

# A run of zero bytes that become ones is nothing to the checksum that HDF5 has.
@test "zeros that become ones are told, in every kind of number" {
  tensor-gen shapes -n 40 -o f.h5
  at=$(grep -obUaP '\x00{64}' f.h5 | cut -d : -f 1 | head -n 40 | tail -n 1)
  printf '\377%.0s' $(seq 64) >ones
  dd if=ones of=f.h5 bs=1 seek=$((at + at % 2)) count=32 conv=notrunc status=none
  outcome tensor-export --summary f.h5
  [ "$status" -eq 1 ]
  [ ! -s out ]
}

@test "HDF5's own tools read and repack a container" {
  command -v h5repack >/dev/null || skip "needs hdf5-tools"
  tensor-gen 8gaussians -n 20000 --label -o f.h5
  tensor-export f.h5 >expected
  h5dump -d /x -c 1,2 f.h5 >/dev/null
  h5repack -f GZIP=6 f.h5 same-chunks.h5
  h5repack -l /x:CHUNK=1000x2 -f /x:FLET f.h5 other-chunks.h5
  h5repack -l CONTI f.h5 contiguous.h5
  h5copy -i f.h5 -o copied.h5 -s /x -d /x
  h5copy -i f.h5 -o copied.h5 -s /label -d /label
  for file in same-chunks other-chunks contiguous copied; do
    tensor-export "$file.h5" | cmp - expected
  done
}

@test "truncated in a pipe" {
  tensor-gen moons -n 1000 -o f.h5
  for size in 0 1 7 8 100 1000 5000; do
    status=0
    head -c "$size" f.h5 | tensor-export >out 2>err || status=$?
    [ "$status" -eq 1 ] || complain "$size: status $status"
    [ "$(wc -l <err)" -eq 1 ] || complain "$size: $(cat err)"
    [ ! -s out ] || complain "$size: output"
  done
  no_complaints
}

@test "a full disk leaves the old file" {
  outcome tensor-gen moons -n 1000 -o /dev/full
  [ "$status" -eq 1 ]
  grep -q '/dev/full: cannot be written: No space left on device' err
  status=0
  tensor-gen moons -n 1000 >/dev/full 2>err || status=$?
  [ "$status" -eq 1 ]
  [ -c /dev/full ]
  mkdir small
  mount -t tmpfs -o size=200k tmpfs small 2>/dev/null || skip "no file system may be mounted here"
  echo old >small/f.h5
  outcome tensor-gen moons -n 100000 -o small/f.h5
  left=$(ls -A small)
  content=$(cat small/f.h5)
  umount small
  [ "$status" -eq 1 ]
  grep -q 'small/f.h5: cannot be written: No space left on device' err
  [ "$content" = old ]
  [ "$left" = f.h5 ]
}

@test "a limit on file sizes" {
  outcome sh -c 'ulimit -f 100; tensor-gen moons -n 100000 -o f.h5'
  [ "$status" -eq 1 ]
  grep -q 'f.h5: cannot be written: File too large' err
  [ ! -e f.h5 ]
}

@test "an ended program leaves the old file and nothing else" {
  echo old >f.h5
  remember_files
  for signal in TERM INT KILL; do
    outcome timeout -s "$signal" 0.3 tensor-import - -o f.h5 < <(seq inf 2>/dev/null)
    [ "$status" -eq 124 ] || [ "$status" -eq 137 ]
    [ ! -s err ]
    ls -A | cmp - before
    [ "$(cat f.h5)" = old ]
  done
}

@test "rows stream: memory does not grow with their number" {
  tensor-gen gaussian -n 4000000 -o f.h5
  command -v /usr/bin/time >/dev/null || skip "needs time(1)"
  /usr/bin/time -f %M tensor-export --summary f.h5 >out 2>memory
  cat memory
  [ "$(tail -n 1 memory)" -lt 60000 ]
  /usr/bin/time -f %M tensor-export f.h5 2>memory >/dev/null
  [ "$(tail -n 1 memory)" -lt 60000 ]
}
