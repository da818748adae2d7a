# The files that a command line names: nothing is replaced, read twice or taken for another by
# mistake. The rules are tested one by one in tests/cli_unit; here, that every program keeps them.

load common

make_files() {
  tensor-gen moons -n 64 --label -o rows.h5
  tensor-gen 8gaussians --model -o truth.h5
  flow-train $small rows.h5 -o flow.h5
  echo words >kept
  for name in rows truth flow; do
    ln -s $name.h5 soft-$name.h5
    ln $name.h5 hard-$name.h5
  done
  sha256sum rows.h5 truth.h5 flow.h5 >sums
}

small='--layers 1 --hidden 4 --steps 2'
tiny='--hidden 4 --steps 2'

# refuse COMMAND...: status 2, one line that says so of files, and no file has changed.
refuse() {
  outcome timeout 60 "$@"
  expect_failure 2 "$1" "$*"
  grep -qE 'names the file that is read as|name the same file|can come from|is a terminal' err ||
    complain "$*: $(cat err)"
  sha256sum --status -c sums || complain "$*: a file has changed"
}

@test "an output beside the result replaces no file that is read" {
  make_files
  echo 'steps = 2' >run.conf
  remember_files
  for name in rows.h5 ./rows.h5 soft-rows.h5 hard-rows.h5 "$PWD/rows.h5"; do
    for side in --log --checkpoint --trajectory; do
      refuse flow-train $small rows.h5 -o m.h5 $side "$name"
      refuse flow-train $small --validation rows.h5 truth.h5 -o m.h5 $side "$name"
    done
    for side in --log --checkpoint --preview; do
      refuse score-train $tiny rows.h5 -o m.h5 $side "$name"
      refuse ddgan-train $tiny rows.h5 -o m.h5 $side "$name"
    done
    for side in --log --trajectory; do
      refuse sobolev-descent --steps 1 rows.h5 truth.h5 -o m.h5 $side "$name"
      refuse sobolev-descent --steps 1 truth.h5 rows.h5 -o m.h5 $side "$name"
    done
    for side in --save-stats --save-features; do
      refuse fid-eval rows.h5 $side "$name"
      refuse fid-eval rows.h5 truth.h5 $side "$name"
    done
    refuse fid-eval --features rows.h5:/x truth.h5 --save-stats "$name"
    refuse tensor-import rows.h5 --split 0.5 -o m.h5 --rest "$name"
    refuse langevin-sample -m truth.h5 --method ula --init rows.h5 -o m.h5 --trajectory "$name"
  done
  for name in truth.h5 soft-truth.h5 hard-truth.h5; do
    for side in --diagnostics --trajectory; do
      refuse langevin-sample -m truth.h5 -n 8 --steps 4 -o m.h5 $side $name
    done
  done
  for name in flow.h5 hard-flow.h5; do
    refuse ddgan-train $tiny --latent-flow flow.h5 rows.h5 -o m.h5 --log $name
    refuse fid-eval --features model -w flow.h5 rows.h5 --save-features $name
  done
  refuse flow-train $small - -o m.h5 --log rows.h5 <rows.h5
  refuse flow-train rows.h5 --config run.conf -o m.h5 --log run.conf
  no_complaints
}

@test "a result replaces the rows it carries on and no other file" {
  make_files
  remember_files
  refuse langevin-sample -m truth.h5 -n 8 --steps 4 -o truth.h5
  refuse flow-sample -m flow.h5 -n 8 -o hard-flow.h5
  refuse logdensity -m flow.h5 rows.h5 -o soft-flow.h5
  refuse flow-train $small --validation rows.h5 truth.h5 -o rows.h5
  refuse sobolev-descent --steps 1 rows.h5 truth.h5 -o truth.h5
  refuse tensor-import truth.h5 rows.h5 -o rows.h5
  refuse tensor-plot kept -m flow.h5 -o kept
  refuse tensor-export --format csv kept -o kept
  no_complaints
  logdensity -m flow.h5 rows.h5 -o rows.h5
  tensor-export --summary rows.h5 | grep -q ^/log_density
  sobolev-descent --steps 1 rows.h5 rows.h5 -o rows.h5
  flow-train $small --checkpoint run.h5 rows.h5 -o m.h5
  flow-train $small --schedule constant --checkpoint run.h5 rows.h5 -o m.h5
  flow-train --layers 1 --hidden 4 --steps 4 --schedule constant --resume run.h5 --checkpoint run.h5 rows.h5 -o m.h5
}

@test "a stream that was given to the program is written to, not replaced" {
  tensor-gen 8gaussians --model -o ring.h5
  echo 'earlier line' >log
  langevin-sample -q -m ring.h5 -n 8 --chains 2 --steps 4 --diagnostics /dev/stderr -o s.h5 2>>log
  echo 'later line' >>log
  [ "$(sed -n 1p log)" = 'earlier line' ] || complain 'what the log held is gone'
  grep -q "^acceptance" log || complain 'no diagnostics in the log'
  [ "$(tail -n 1 log)" = 'later line' ] || complain 'the log was replaced'
  tensor-gen moons -n 5 --no-history -o /dev/fd/3 3>third.h5
  tensor-gen moons -n 5 --no-history | cmp - third.h5 || complain 'descriptor 3'
  ! compgen -G '.*.tmp' >/dev/null || complain 'a temporary file is left'
  no_complaints
}

@test "standard input is read by one option, whatever it is called" {
  make_files
  remember_files
  for other in - /dev/stdin /dev/fd/0 /proc/self/fd/0; do
    refuse flow-train - --validation $other $small -o m.h5 <rows.h5
    refuse flow-train - --resume $other $small -o m.h5 <flow.h5
    refuse score-train --validation $other $tiny -o m.h5 <rows.h5
    refuse ddgan-train --latent-flow $other $tiny -o m.h5 <flow.h5
    refuse tensor-gen mixture --weights - --means $other -n 3 -o m.h5 <rows.h5
    refuse fid-eval --features model -w $other - rows.h5 <flow.h5
    refuse fid-eval - $other <rows.h5
    refuse logdensity -m $other -o m.h5 <flow.h5
    refuse flow-sample -m - --latent $other -o m.h5 <flow.h5
    refuse langevin-sample -m - --init $other -o m.h5 <flow.h5
    refuse langevin-sample -m truth.h5 --mask - --known $other -o m.h5 <flow.h5
    refuse sobolev-descent - $other --steps 1 -o m.h5 <rows.h5
    refuse tensor-import - $other -o m.h5 <rows.h5
    refuse tensor-plot - -m $other -o m.png <flow.h5
  done
  no_complaints
}

@test "a named pipe that two options read is refused, and does not hang" {
  make_files
  mkfifo pipe
  remember_files
  refuse flow-train pipe --validation pipe $small -o m.h5
  refuse fid-eval pipe ./pipe
  no_complaints
  cat rows.h5 >pipe &
  timeout 20 flow-train pipe $small -o m.h5
  printf '0,0\n1,1\n' >pipe &
  printf '1,0,0,1\n1,0,0,1\n' >covariances.csv
  timeout 20 tensor-gen mixture --means pipe --covariances covariances.csv -n 3 -o m.h5
}

@test "no HDF5 goes to a terminal or comes from one" {
  command -v script >/dev/null || skip "there is no script(1) to make a terminal"
  make_files
  for command in 'tensor-gen moons -n 3' 'flow-sample -m flow.h5 -n 3' \
    'tensor-import rows.h5' 'logdensity -m flow.h5 rows.h5' "flow-train $small rows.h5" \
    'langevin-sample -m truth.h5 -n 3 --steps 2' 'sobolev-descent --steps 1 rows.h5 rows.h5' \
    'tensor-plot rows.h5' 'tensor-export --format npy rows.h5'; do
    for output in '' '-o -' '-o /dev/stdout' '-o /dev/tty'; do
      status=0
      script -qec "$command $output" /dev/null </dev/null >out || status=$?
      [ "$status" -eq 2 ] || complain "$command $output: status $status"
      grep -q 'is a terminal and' out || complain "$command $output: $(head -c 300 out)"
    done
  done
  for command in 'fid-eval rows.h5 --save-stats /dev/tty' \
    'langevin-sample -m truth.h5 -n 3 --steps 2 -o m.h5 --trajectory /dev/tty' \
    "flow-train $small rows.h5 -o m.h5 --checkpoint /dev/tty"; do
    status=0
    script -qec "$command" /dev/null </dev/null >out || status=$?
    [ "$status" -eq 2 ] || complain "$command: status $status"
  done
  for command in 'tensor-export' 'tensor-export /dev/tty' 'logdensity -m /dev/stdin rows.h5 --summary' \
    'fid-eval - rows.h5' 'tensor-plot -o m.png'; do
    status=0
    script -qec "timeout 20 $command" /dev/null </dev/null >out || status=$?
    [ "$status" -eq 2 ] || complain "$command: status $status"
    grep -q 'is a terminal: name an input file' out || complain "$command: $(head -c 300 out)"
  done
  no_complaints
}

@test "a suffix that names another format is status 2, and says what helps" {
  make_files
  remember_files
  for command in 'tensor-gen moons -n 3 -o x.csv' 'flow-sample -m flow.h5 -n 3 -o x.npy' \
    "flow-train $small rows.h5 -o x.pt" "score-train $tiny rows.h5 -o m.h5 --log x.png" \
    "score-train $tiny rows.h5 -o m.h5 --checkpoint x.json" 'tensor-import rows.h5 -o x.PNG' \
    'tensor-export rows.h5 --format csv -o x.npy' 'tensor-export rows.h5 --format png -o x.jpg' \
    'tensor-export rows.h5 --format npy -o x.h5' 'fid-eval rows.h5 --save-features x.npz' \
    'tensor-import rows.h5 --split 0.5 -o m.h5 --rest x.tsv' 'tensor-plot rows.h5 -o x.csv'; do
    # shellcheck disable=SC2086
    outcome $command
    expect_failure 2 "${command%% *}" "$command"
    grep -q 'name it .*x\.[a-z0-9]*' err || complain "$command: $(cat err)"
  done
  no_complaints
  fid-eval rows.h5 --save-stats x.npz
  tensor-export rows.h5 --format tsv -o x.txt
  tensor-gen moons -n 3 -o x
}

@test "an empty name of a file is refused by every option of every program" {
  remember_files
  for program in $(programs); do
    while read -r name; do
      outcome "$program" "--$name" ''
      expect_failure 2 "$program" "$program --$name ''"
      grep -q -- "option --$name: the name of the file is empty" err ||
        complain "$program --$name '': $(cat err)"
    done < <("$program" --help | sed -nE 's/^  (-[a-z], )?--([a-z0-9-]+) [^ ]*(FILE|MODEL|INPUT).*/\2/p')
  done
  no_complaints
}

@test "FILE:/path of a model is honoured, or an error" {
  make_files
  ddgan-train $tiny --latent-flow flow.h5 --checkpoint run.h5 rows.h5 -o gan.h5
  flow-train $small --checkpoint run.h5 rows.h5 -o m.h5
  fid-eval rows.h5 --save-stats stats.h5
  part=gan.h5:/latent_flow
  export SOURCE_DATE_EPOCH=0
  flow-sample --no-history -m flow.h5 -n 20 -o whole.h5
  flow-sample --no-history -m $part -n 20 -o part.h5
  cmp <(numbers whole.h5 x) <(numbers part.h5 x)
  cmp <(logdensity -m flow.h5 rows.h5 --summary) <(logdensity -m $part rows.h5 --summary)
  langevin-sample -m $part -n 3 --steps 2 -o drawn.h5
  tensor-plot -m $part -o m.png
  ddgan-train $tiny --latent-flow $part rows.h5 -o again.h5
  fid-eval --features model -w $part rows.h5 rows.h5 >/dev/null
  tensor-export --summary $part | grep -q ^/model/parameters/
  remember_files
  for path in /nope /model/parameters/nope /model/row_shape; do
    for command in "flow-sample -m flow.h5:$path -n 2" "logdensity -m flow.h5:$path rows.h5" \
      "langevin-sample -m flow.h5:$path -n 2 --steps 2" "tensor-plot -m flow.h5:$path" \
      "ddgan-train --latent-flow flow.h5:$path $tiny rows.h5" "tensor-plot flow.h5:$path --kind curve" \
      "fid-eval --features model -w flow.h5:$path rows.h5 rows.h5"; do
      # shellcheck disable=SC2086
      outcome $command
      expect_failure 1 "${command%% *}" "$command"
      grep -qE "flow.h5: (has no dataset or group $path|$path is a dataset, and a)" err ||
        complain "$command: $(cat err)"
    done
  done
  for command in "flow-train $small --resume run.h5:/nope rows.h5" 'fid-eval rows.h5 stats.h5:/nope' \
    "flow-train $small --resume run.h5:/checkpoint/parameters rows.h5" \
    'fid-eval rows.h5 stats.h5:/mean' 'tensor-plot flow.h5:/nope' 'tensor-export rows.h5:/nope' \
    'tensor-gen mixture --means rows.h5:/nope --covariances rows.h5' 'langevin-sample -m truth.h5 --init rows.h5:/nope' \
    "flow-train $small rows.h5 --validation rows.h5:/nope" 'flow-sample -m flow.h5 --latent rows.h5:/nope' \
    'fid-eval --features inception -w flow.h5:/nope rows.h5 rows.h5'; do
    # shellcheck disable=SC2086
    outcome $command
    expect_failure 1 "${command%% *}" "$command"
  done
  no_complaints
  tensor-gen moons -n 9 | tensor-export -:/x >x.csv
  [ "$(wc -l <x.csv)" -eq 10 ]
}

@test "options come from a file of any editor, or from standard input" {
  printf '\xef\xbb\xbfcount = 7\r\n\r\nseed = "3" # why\r\n' >run.conf
  tensor-gen moons --config run.conf -o a.h5
  tensor-gen moons -n 7 --seed 3 -o b.h5
  cmp <(numbers a.h5 x) <(numbers b.h5 x)
  tensor-gen moons --config - -o c.h5 <run.conf
  cmp <(numbers a.h5 x) <(numbers c.h5 x)
  echo 'counts = 7' >run.conf
  outcome tensor-gen moons --config - -o d.h5 <run.conf
  [ "$status" -eq 2 ]
  grep -q "standard input:1: unknown option 'counts'" err
}

@test "SOURCE_DATE_EPOCH that is no time is refused" {
  remember_files
  SOURCE_DATE_EPOCH=soon outcome tensor-gen moons -n 2 -o result
  expect_failure 2 tensor-gen SOURCE_DATE_EPOCH=soon
  no_complaints
}
