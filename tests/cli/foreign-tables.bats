# Tables, arrays and folders as other programs leave them.

bats_require_minimum_version 1.5.0
load common

@test "names of columns come back as they were, through programs that pass rows on" {
  tensor-gen gaussian --dim 2 --model -o model.h5
  for header in ',height' '"height, cm",age' 'a,a' '"q ""uoted""",b' '" blank ",b' '"#id",b' \
    'grösse,b' '\x2c,b\x'; do
    printf '%s\n1,2\n3,4\n' "$header" >t.csv
    tensor-import -q t.csv -o t.h5
    [ "$(tensor-export t.h5 | head -n 1)" = "$header" ] ||
      complain "$header: $(tensor-export t.h5 | head -n 1)"
    logdensity -m model.h5 t.h5 -o scored.h5
    [ "$(tensor-export scored.h5 --columns x | head -n 1)" = "$header" ] || complain "scored: $header"
    tensor-export scored.h5 --columns x -o back.csv
    tensor-import -q back.csv | tensor-export | cmp - back.csv || complain "once more: $header"
  done
  no_complaints
}

@test "a comma in the name of a class does not make two" {
  printf 'x,k\n1,"a,b"\n2,c\n' >t.csv
  tensor-import --label-column k t.csv -o t.h5
  h5dump -a /label/classes t.h5 | grep -F '(0)' >classes
  [ "$(tr -cd , <classes | wc -c)" -eq 1 ]
  [ "$(numbers t.h5 label | tr '\n' ' ')" = "0 1 " ]
}

@test "what is doubtful is said, and what is missing is refused" {
  remember_files
  printf 'NA,1\n2,3\n4,5\n' >first.csv
  printf 'x,1\n2,3\n4,5\n' >mixed.csv
  printf '0,1,2\n5,6,7\n' >counted.csv
  printf 'a b\n1 1.5 2\n2 3 4\n' >r.txt
  printf ',a\n0,1.5\n1,3\n' >pandas.csv
  printf 'a,k\n1,10\n2,x\n' >labels.csv
  printf 'a,b\n1,2\n3,\n' >missing.csv
  remember_files
  outcome tensor-import first.csv -o o.h5
  expect_failure 1 tensor-import first.csv
  outcome tensor-import missing.csv -o o.h5
  expect_failure 1 tensor-import missing.csv
  grep -q 'line 3, column 2.*: is empty' err || complain "missing.csv: $(cat err)"
  for case in 'mixed.csv:taken as a header' 'counted.csv:taken as a row' \
    'r.txt:names of rows' 'pandas.csv:counts the rows' \
    'labels.csv --label-column k:all labels became classes' \
    'missing.csv --missing drop:1 of 2 rows'; do
    # shellcheck disable=SC2086
    outcome tensor-import ${case%%:*} -o o.h5
    [ "$status" -eq 0 ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF "${case#*:}" err ||
      complain "$case: status $status: $(cat err)"
  done
  for case in 'mixed.csv --header yes' 'counted.csv --header no' 'pandas.csv --drop 1' \
    'r.txt --columns 1-3' 'labels.csv --columns a'; do
    # shellcheck disable=SC2086
    outcome tensor-import $case -o o.h5
    [ "$status" -eq 0 ] && [ ! -s err ] || complain "$case: status $status: $(cat err)"
  done
  no_complaints
}

@test "columns are chosen of containers, too; --transpose of text goes alone" {
  printf 'a,"b,c",d\n1,2,3\n4,5,6\n' >t.csv
  tensor-import t.csv -o t.h5
  [ "$(tensor-import t.h5 --drop a | tensor-export | tr '\n' ' ')" = '"b,c",d 2,3 5,6 ' ]
  [ "$(tensor-import t.h5 --columns 'd,"b,c"' | tensor-export | tr '\n' ' ')" = 'd,"b,c" 3,2 6,5 ' ]
  [ "$(tensor-import t.h5 --columns 2-3 | tensor-export | tr '\n' ' ')" = '"b,c",d 2,3 5,6 ' ]
  [ "$(tensor-import t.csv --transpose | tensor-export | tail -n +2 | tr '\n' ' ')" = '1,4 2,5 3,6 ' ]
  [ "$(tensor-import t.h5 --transpose | tensor-export | tail -n +2 | tr '\n' ' ')" = '1,4 2,5 3,6 ' ]
  run -2 tensor-import t.csv --transpose --drop 1 -o o.h5
  run -2 tensor-import t.csv --drop '' -o o.h5
  run -2 tensor-import t.h5 --decimal-comma -o o.h5
  run -1 tensor-import t.h5 --drop 4 -o o.h5
  [ ! -e o.h5 ]
}

@test "containers come from pipes, packed or not" {
  tensor-gen moons -n 10 -o f.h5
  tensor-import --no-history f.h5 -o a.h5
  tensor-import --no-history - <f.h5 -o b.h5
  gzip -c f.h5 >f.gz
  tensor-import --no-history f.gz -o c.h5
  numbers a.h5 x >rows
  numbers b.h5 x | cmp - rows
  numbers c.h5 x | cmp - rows
}

# npy FILE EXTENTS BYTES: a NumPy file of zeros, uint8.
npy() {
  local head="{'descr': '|u1', 'fortran_order': False, 'shape': ($2), }"
  # shellcheck disable=SC2059
  { printf "\\x93NUMPY\\x01\\x00\\x$(printf %02x "${#head}")\\x00"
    printf '%s' "$head"
    head -c "$3" /dev/zero; } >"$1"
}

@test "channels that come last are never trained on, scaled or compared as if first" {
  npy f.npy '12, 8, 8, 3' 2304
  [ "$(tensor-import -q f.npy | tensor-export --summary | tail -n 1 | cut -f 2)" = '[12, 8, 8, 3]' ]
  tensor-import f.npy -o last.h5 2>err
  grep -qF 'looks like [N, H, W, C]' err
  tensor-import f.npy --channels-last -o first.h5 2>err
  [ ! -s err ]
  [ "$(tensor-export --summary first.h5 | tail -n 1 | cut -f 2)" = '[12, 3, 8, 8]' ]
  remember_files
  for command in 'tensor-import last.h5 --size 4x4' \
    'score-train --net unet --channels 8 --multipliers 1,2 --steps 2 last.h5' \
    'score-train --net unet --process cold --channels 8 --multipliers 1,2 --steps 2 last.h5' \
    'flow-train --flow glow --steps 2 last.h5'; do
    outcome $command -o o.h5
    expect_failure 1 "${command%% *}" "$command"
    grep -qF 'look like [H, W, C]' err || complain "$command: $(cat err)"
  done
  outcome fid-eval --metrics frechet f.npy first.h5
  expect_failure 1 fid-eval 'f.npy first.h5'
  outcome fid-eval --metrics frechet f.npy last.h5
  [ "$status" -eq 0 ] || complain "f.npy last.h5: $(cat err)"
  no_complaints
}

@test "a path after the colon is taken or refused" {
  tensor-gen moons -n 50 -o d.h5
  fid-eval --save-stats s.h5 d.h5
  printf '1,2\n3,4\n' >t.csv
  npy t.npy '2, 1' 2
  tensor-import t.npy | tensor-export --summary | grep -qF '[2, 1]'
  npy e.npy '0, 3' 0
  remember_files
  for command in 'tensor-import t.csv:/x' 'tensor-import t.npy:/x' 'tensor-import d.h5:/nope' \
    'tensor-import e.npy'; do
    outcome $command -o o.h5
    expect_failure 1 "${command%% *}" "$command"
  done
  for command in 'fid-eval d.h5 s.h5:/mean' 'fid-eval d.h5 t.npy:/x'; do
    outcome $command
    expect_failure 1 "${command%% *}" "$command"
  done
  no_complaints
}

@test "hidden files are not looked at, empty classes are named" {
  tensor-gen shapes --size 8 -n 3 -o s.h5
  mkdir -p d/cat d/dog d/.ipynb_checkpoints d/__MACOSX/dog d/none flat/.thumbnails
  for i in 0 1 2; do tensor-export s.h5 --rows $i:$((i + 1)) -o $i.png; done
  cp 0.png d/cat
  cp 1.png d/dog
  cp 2.png d/dog/.hidden.png
  cp 2.png d/.ipynb_checkpoints
  cp 2.png d/__MACOSX/dog
  tensor-import d -o o.h5 2>err
  [ "$(cat err)" = 'tensor-import: warning: d/none: holds no pictures and makes no class' ]
  h5dump -a /label/classes o.h5 | grep -F '(0): "cat,dog"'
  cp 0.png 1.png flat
  cp 0.png flat/.thumbnails
  tensor-import flat -o o.h5
  [ "$(fid-eval flat flat --metrics frechet 2>err | grep n_generated | cut -f 2)" = 2 ]
  echo text >flat/Thumbs.db
  tensor-import flat -o o.h5 2>err
  grep -qF '1 files are not images and are passed over, such as flat/Thumbs.db' err
}

# said WARNING OPTIONS...: t.csv is imported with this one warning.
said() {
  outcome tensor-import t.csv "${@:2}" -o o.h5
  [ "$status" -eq 0 ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -- "$1" err ||
    complain "$1: status $status: $(cat err)"
}

# silent OPTIONS...: t.csv is imported without a warning.
silent() {
  outcome tensor-import t.csv "$@" -o o.h5
  [ "$status" -eq 0 ] && [ ! -s err ] || complain "$(cat t.csv): status $status: $(cat err)"
}

@test "rows that look like comments are told of" {
  printf 'k,x\nred,2\n#red,4\n#blue,3\ngreen,2\n' >t.csv
  said 't.csv: line 3 begins with #' --label-column k
  grep -qF 'such lines: 2' err
  { printf 'k,x\n' && yes red,2 | head -n 100 && printf '#red,3\nblue,4\n'; } >t.csv
  said 't.csv: line 102 begins with #' --label-column k
  printf 'k,x\nred,2\n"#red",4\n# made by hand\n#1\n' >t.csv
  silent --label-column k
  [ "$(numbers o.h5 label | tr '\n' ' ')" = '1 0 ' ]
  printf '# a b\n#c d\n1 2\n# the rest\n3 4\n' >t.csv
  silent
  no_complaints
}

@test "doubtful commas and names of rows are told of, and only they" {
  printf 'a,b\n1,2\n3,4\n' >t.csv
  said 'commas are taken as separators' --decimal-comma
  printf 'a,b\n1,2\n3,"1,5"\n' >t.csv
  silent --decimal-comma
  { printf 'a,b\n' && yes 1,2 | head -n 100 && printf '3,"1,5"\n'; } >t.csv
  silent --decimal-comma
  printf '1,2\n3,4\n' >t.csv
  silent --decimal-comma
  printf '"a" "b"\n"u" 1 2\n"v" 3 4\n' >t.csv
  said 'taken as names of rows and left out'
  silent --label-column 1
  said 'taken as names of rows and left out' --label-column 2
  no_complaints
}

@test "names that are numbers are told of where they are written" {
  printf '"2020","2021"\n5,6\n' >t.csv
  tensor-import --header yes t.csv -o t.h5
  tensor-export t.h5 -o back.csv 2>err
  [ "$(wc -l <err)" -eq 1 ]
  grep -qF -- '--header yes' err
  [ "$(tensor-import --header yes back.csv | tensor-export -q | tr '\n' ' ')" = '2020,2021 5,6 ' ]
  printf '2020,b\n5,6\n' >t.csv
  tensor-import -q --header yes t.csv | tensor-export 2>err
  [ ! -s err ]
}

@test "memory of a wide table is little more than its numbers" {
  command -v /usr/bin/time >/dev/null || skip "needs time(1)"
  seq 100001 400000 | tr '\n' ',' | sed 's/,$//' >line
  for _ in $(seq 26); do cat line; echo; done >t.csv
  /usr/bin/time -f %M tensor-import t.csv -o t.h5 2>memory
  cat memory
  [ "$(tail -n 1 memory)" -lt 250000 ]
}
