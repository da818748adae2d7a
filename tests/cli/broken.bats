# Broken input of every sort, for every program: a status and one line on standard error, never a
# signal, never a file that is there in part.

load common

# Everything that reads rows, and everything that reads a model. INPUT is the file in question;
# what the programs need besides is good.
row_readers=(
  'tensor-export --format csv INPUT'
  'tensor-export --summary INPUT'
  'tensor-plot --kind scatter -o result.png INPUT'
  'flow-train --steps 2 -o result INPUT'
  'score-train --steps 2 -o result INPUT'
  'ddgan-train --steps 2 -o result INPUT'
  'logdensity -m analytic.h5 -o result INPUT'
  'logdensity -m analytic.h5 --summary INPUT'
  'flow-sample -m flow.h5 --encode INPUT -o result'
  'flow-sample -m flow.h5 --latent INPUT -o result'
  'langevin-sample -m analytic.h5 --method ula --steps 2 -n 10 --init INPUT -o result'
  'sobolev-descent INPUT rows.h5 --steps 1 -o result'
  'sobolev-descent rows.h5 INPUT --steps 1 -o result'
  'fid-eval INPUT rows.h5'
  'fid-eval rows.h5 INPUT'
)
model_readers=(
  'flow-sample -m INPUT -n 10 -o result'
  'langevin-sample -m INPUT --steps 2 -n 10 -o result'
  'ddgan-train --latent-flow INPUT --steps 2 -o result rows.h5'
  'logdensity -m INPUT rows.h5 -o result'
  'tensor-plot -m INPUT --kind density -o result.png'
)

# Everything that writes a container, and everything that prints.
writers=(
  'tensor-gen moons -n 10'
  'tensor-import rows.csv'
  'flow-train --steps 2 rows.h5'
  'score-train --steps 2 rows.h5'
  'ddgan-train --steps 2 rows.h5'
  'logdensity -m flow.h5 rows.h5'
  'flow-sample -m flow.h5 -n 10'
  'langevin-sample -m analytic.h5 --method ula --steps 2 -n 10'
  'sobolev-descent --steps 1 rows.h5 rows.h5'
  'tensor-export --format csv rows.h5'
)
printers=(
  'logdensity -m flow.h5 --summary rows.h5'
  'tensor-export --summary rows.h5'
  'fid-eval rows.h5 rows.h5'
)

# 2 x 2 numbers, one of them not a number, by way of a safetensors file.
make_not_finite() {
  local header='{"rows":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}'
  {
    # shellcheck disable=SC2059
    printf "\\x$(printf %x ${#header})"
    printf '\x00\x00\x00\x00\x00\x00\x00%s' "$header"
    printf '\x00\x00\x80\x3f\x00\x00\xc0\x7f\x00\x00\x80\x3f\x00\x00\x80\x3f'
  } >not-finite.safetensors
  tensor-import not-finite.safetensors -o not-finite.h5
}

make_good_files() {
  printf 'a,b\n1,2\n3,4\n' >rows.csv
  tensor-gen 8gaussians -n 200 --seed 1 -o rows.h5
  tensor-gen 8gaussians --model -o analytic.h5
  flow-train --flow realnvp --layers 2 --hidden 8 --steps 5 -o flow.h5 rows.h5
  score-train --hidden 8 --steps 5 -o score.h5 rows.h5
}

# refuse STATUS FILE READER...: each reader must refuse the file so.
refuse() {
  local expected=$1 file=$2 reader
  shift 2
  for reader; do
    # shellcheck disable=SC2086
    outcome ${reader//INPUT/$file}
    expect_failure "$expected" "${reader%% *}" "${reader//INPUT/$file}"
  done
}

# Everything but flags in --help: "long-name VALUE", a line each.
options_with_values() {
  "$1" --help | sed -nE 's/^  (-[A-Za-z0-9], )?--([a-z0-9-]+) ([^ ]+).*/\2 \3/p'
}

@test "what is no container is refused as rows and as a model" {
  make_good_files
  : >empty
  printf 'a,b\n1,2\n' >text
  head -c 3000 /dev/urandom >noise
  printf '\211HDF\r\n\032\n' >signature
  mkdir folder
  remember_files
  for file in empty text noise signature folder missing.h5 missing/folder.h5; do
    refuse 1 "$file" "${row_readers[@]}" "${model_readers[@]}"
  done
  no_complaints
}

@test "a model is not rows, rows are no model, statistics are neither" {
  make_good_files
  fid-eval rows.h5 rows.h5 --save-stats stats.h5 >/dev/null
  remember_files
  for file in analytic.h5 flow.h5; do
    refuse 1 "$file" "${row_readers[@]:2}"
  done
  refuse 1 rows.h5 "${model_readers[@]}"
  refuse 1 stats.h5 "${model_readers[@]}" "${row_readers[@]:2:9}"
  refuse 1 analytic.h5 'flow-sample -m INPUT -n 10'
  refuse 1 score.h5 'flow-sample -m INPUT -n 10'
  no_complaints
}

@test "rows of the wrong width, of another rank, too few, or not finite" {
  make_good_files
  tensor-gen gaussian --dim 3 -n 50 -o wide.h5
  tensor-gen shapes --size 8 -n 50 -o images.h5
  make_not_finite
  remember_files
  for file in wide.h5 images.h5 rows.h5:/no-such-dataset; do
    refuse 1 "$file" "${row_readers[@]:6}" 'logdensity -m flow.h5 -o result INPUT'
  done
  refuse 1 not-finite.h5:/rows "${row_readers[@]:2}"
  no_complaints
}

@test "a file cut off anywhere is refused" {
  make_good_files
  size=$(wc -c <rows.h5)
  remember_files
  for ((i = 1; i < 24; ++i)); do
    head -c $((size * i / 24)) rows.h5 >cut
    head -c $((size - i)) rows.h5 >nearly
    ls -A >before
    refuse 1 cut 'logdensity -m analytic.h5 -o result INPUT' 'tensor-export --summary INPUT'
    refuse 1 nearly 'flow-train --steps 2 -o result INPUT'
  done
  no_complaints
}

@test "a bit that flips is noticed, or was of no consequence" {
  make_good_files
  noticed=0
  for subject in rows flow; do
    reader='tensor-export --format csv INPUT'
    [ $subject = rows ] || reader='logdensity --summary -m INPUT rows.h5'
    ${reader/INPUT/$subject.h5} >expected
    size=$(wc -c <$subject.h5)
    for ((i = 0; i < 40; ++i)); do
      offset=$((size * i / 40 + i % 7))
      cp $subject.h5 flipped
      byte=$(od -An -tu1 -j $offset -N 1 flipped)
      # shellcheck disable=SC2059
      printf "\\x$(printf %x $((byte ^ (1 << i % 8))))" |
        dd of=flipped bs=1 seek=$offset conv=notrunc status=none
      remember_files
      outcome ${reader/INPUT/flipped}
      if [ "$status" -eq 0 ]; then
        cmp -s out expected || complain "$subject: bit $((i % 8)) of byte $offset gives other numbers"
      else
        noticed=$((noticed + 1))
        expect_failure 1 "${reader%% *}" "$subject: bit $((i % 8)) of byte $offset"
      fi
    done
  done
  echo "noticed $noticed of 80"
  [ "$noticed" -gt 20 ]
  no_complaints
}

@test "numbers that are none, or out of range, are refused by every option of every program" {
  remember_files
  for program in $(programs); do
    while read -r name value; do
      case $value in
        N) wrong='nan inf abc 2.5 99999999999999999999999 0x10' ;;
        X) wrong='nan inf -inf abc 1e999 0x10' ;;
        *\|*) case $value in [a-z]*) wrong='no-such-choice' ;; *) continue ;; esac ;;
        *) continue ;;
      esac
      for number in $wrong ''; do
        outcome "$program" "--$name" "$number"
        expect_failure 2 "$program" "$program --$name '$number'"
        head -n 1 err | grep -q -- "--$name" || complain "$program --$name: not named: $(cat err)"
      done
    done < <(options_with_values "$program")
  done
  no_complaints
}

@test "an output that cannot be made is refused" {
  make_good_files
  mkdir folder
  remember_files
  for output in no/such/folder/result folder rows.h5/result; do
    for command in "${writers[@]}" 'tensor-plot --kind scatter rows.h5'; do
      outcome $command -o $output
      expect_failure 1 "${command%% *}" "$command -o $output"
    done
  done
  [ -z "$(ls -A folder)" ]
  no_complaints
}

@test "a full disk is noticed" {
  make_good_files
  for command in "${writers[@]}" "${printers[@]}"; do
    status=0
    $command >/dev/full 2>err || status=$?
    [ "$status" -eq 1 ] || complain "$command > /dev/full: status $status"
    [ "$(wc -l <err)" -eq 1 ] || complain "$command > /dev/full: $(cat err)"
  done
  no_complaints
}

@test "a small disk that fills up leaves no partial file" {
  mkdir disk
  mount -t tmpfs -o size=64k none disk 2>/dev/null || skip "mounting a disk is not allowed here"
  tensor-gen moons -n 100000 -o big.h5
  tensor-gen 8gaussians --model -o analytic.h5
  cd disk
  : >"$BATS_TEST_TMPDIR/err"
  status=0
  tensor-gen moons -n 100000 -o result.h5 2>../err || status=$?
  [ "$status" -eq 1 ] || complain "tensor-gen: status $status"
  [ "$(wc -l <../err)" -eq 1 ] || complain "tensor-gen: $(cat ../err)"
  status=0
  logdensity -m ../analytic.h5 ../big.h5 -o result.h5 2>../err || status=$?
  [ "$status" -eq 1 ] || complain "logdensity: status $status"
  [ "$(wc -l <../err)" -eq 1 ] || complain "logdensity: $(cat ../err)"
  left=$(ls -A)
  cd ..
  umount disk
  [ -z "$left" ] || complain "left on the disk: $left"
  no_complaints
}

@test "a reader that leaves ends every writer quietly" {
  make_good_files
  for command in "${writers[@]}" "${printers[@]}"; do
    $command 2>err | :
    statuses=("${PIPESTATUS[@]}")
    case ${statuses[0]} in 0 | 141) ;; *) complain "$command: status ${statuses[0]}" ;; esac
    [ ! -s err ] || complain "$command: $(cat err)"
  done
  no_complaints
}

@test "closed standard input and output are errors, not crashes" {
  make_good_files
  for command in 'logdensity -m flow.h5' 'flow-train --steps 2' 'score-train --steps 2' \
    'ddgan-train --steps 2' 'tensor-export --summary'; do
    status=0
    $command <&- >out 2>err || status=$?
    [ "$status" -eq 1 ] || complain "$command <&-: status $status"
    [ "$(wc -l <err)" -eq 1 ] || complain "$command <&-: $(cat err)"
  done
  for command in "${writers[@]}" "${printers[@]}"; do
    status=0
    $command >&- 2>err || status=$?
    [ "$status" -eq 1 ] || complain "$command >&-: status $status"
    [ "$(wc -l <err)" -eq 1 ] || complain "$command >&-: $(cat err)"
  done
  no_complaints
}

@test "a stopped program leaves the old file and nothing beside it" {
  make_good_files
  for command in 'flow-train --steps 100000000 rows.h5' 'score-train --steps 100000000 rows.h5' \
    'ddgan-train --steps 100000000 rows.h5' \
    'langevin-sample -m analytic.h5 --method ula --steps 100000000 -n 100' \
    'tensor-gen moons -n 100000000000'; do
    for signal in HUP INT TERM USR1 XCPU; do
      echo old >result
      remember_files
      env --default-signal=INT $command -o result 2>err & # a job of a script ignores it otherwise
      pid=$!
      sleep 0.3
      kill -$signal $pid
      status=0
      wait $pid || status=$?
      what="$command, SIG$signal"
      [ "$status" -eq $((128 + $(kill -l $signal))) ] || complain "$what: status $status: $(cat err)"
      [ "$(cat result)" = old ] || complain "$what: the old file is gone"
      [ "$(wc -l <err)" -le 1 ] || complain "$what: $(cat err)"
      ls -A >after
      cmp -s before after || complain "$what: files changed: $(diff before after)"
    done
  done
  no_complaints
}

@test "a model or set larger than memory is one line" {
  tensor-gen moons -n 100 -o rows.h5
  if grep -q -e __asan_init -e __tsan_init "$(command -v flow-train)"; then
    skip "a sanitizer has its own answer to such requests"
  fi
  remember_files
  outcome flow-train --steps 1 --hidden 65536 --depth 64 --layers 1024 rows.h5 -o result
  expect_failure 1 flow-train "65536 hidden units"
  outcome score-train --steps 1 --hidden 65536 --depth 64 rows.h5 -o result
  expect_failure 1 score-train "65536 hidden units"
  outcome ddgan-train --steps 1 --hidden 65536 --depth 64 rows.h5 -o result
  expect_failure 1 ddgan-train "65536 hidden units"
  outcome tensor-gen gaussian --dim 1000000 --model -o result
  expect_failure 1 tensor-gen "a covariance of a million dimensions"
  grep -q 'not enough memory' err
  # Many requests, each of them modest.
  ulimit -S -d 400000
  outcome flow-train --steps 1 --hidden 2000 --depth 64 rows.h5 -o result
  expect_failure 1 flow-train "many layers"
  no_complaints
}
