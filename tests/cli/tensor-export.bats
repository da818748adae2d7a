# tensor-export: formats, choices, mistakes.

bats_require_minimum_version 1.5.0
load common

@test "the suffix chooses the format" {
  tensor-gen moons -n 10 --label -o f.h5
  tensor-export f.h5 -o f.csv
  tensor-export f.h5 -o f.tsv
  tensor-export f.h5 -o f.npy
  [ "$(head -n 1 f.csv)" = "x_0,x_1,label" ]
  tr '\t' , <f.tsv | cmp - f.csv
  [ "$(head -c 6 f.npy | tail -c 5)" = NUMPY ]
  tensor-gen shapes -n 3 | tensor-export --format png --grid 3 >f.png
  [ "$(head -c 4 f.png | tail -c 3)" = PNG ]
  tensor-export f.h5 | cmp - f.csv
}

@test "one dataset, some rows" {
  tensor-gen moons -n 10 --label -o f.h5
  [ "$(tensor-export f.h5:/label | wc -w)" -eq 11 ]
  tensor-export f.h5 --columns label,x --rows 3:5 >some
  [ "$(wc -l <some)" -eq 3 ]
  [ "$(head -n 1 some)" = "label,x_0,x_1" ]
  tensor-export f.h5:/label -o label.npy
  tensor-import label.npy | tensor-export | cut -d , -f 1 | tail -n +2 >back
  tensor-export f.h5 --columns label | tail -n +2 | cmp - back
}

@test "a summary for people and for programs" {
  printf '1,10\n2,20\n3,60\n' | tensor-import - -o f.h5
  [ "$(tensor-export --summary f.h5)" = "$(printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
    name shape type min mean max std nonfinite \
    /x '[3, 2]' float32 1 16 60 20.728402414722332 0)" ]
  # One form for one dataset and for several; a shape is an array.
  [ "$(tensor-export --summary --json f.h5)" = '{"name": ["/x"], "shape": [[3, 2]], "type": ["float32"], "min": [1], "mean": [16], "max": [60], "std": [20.728402414722332], "nonfinite": [0]}' ]
  tensor-gen moons -n 4 --label -o g.h5
  tensor-export --summary --json g.h5 | grep -q '^{"name": \["/[a-z]*", "/[a-z]*"\], "shape": \[\[4.*\]\]'
}

@test "a summary holds for numbers of any size" {
  printf '1e300,1e-200\n-1e300,-1e-200\n0,0\n' | tensor-import - --precision float64 -o f.h5
  tensor-export --summary f.h5 | awk -F '\t' 'NR == 2 {
    exit !($4 == -1e300 && $6 == 1e300 && $7 > 5.7e299 && $7 < 5.8e299 && $8 == 0) }'
  printf '9223372036854775807\n-9223372036854775808\n' >whole.csv
  printf '1,9223372036854775807\n2,-9223372036854775808\n' |
    tensor-import - --label-column 2 -o whole.h5
  tensor-export --summary whole.h5:/label | awk -F '\t' 'NR == 2 {
    exit !($4 "" == "-9223372036854775808" && $6 "" == "9223372036854775807") }'
}

@test "the suffix decides in capitals too, and folders with dots do not" {
  tensor-gen moons -n 4 -o f.h5
  mkdir folder.npy
  tensor-export f.h5 -o a.csv
  tensor-export f.h5 -o B.CSV
  cmp a.csv B.CSV
  remember_files
  outcome tensor-export f.h5 -o folder.npy/rows
  expect_failure 2 tensor-export 'no suffix'
  no_complaints
}

@test "mistakes" {
  tensor-gen moons -n 5 -o f.h5
  echo text >text
  head -c 900 f.h5 >cut.h5
  mkdir folder
  remember_files
  for case in '1 text' '1 cut.h5' '1 folder' '1 absent' '1 f.h5 --columns nothing' \
    '1 f.h5 --format png' '1 f.h5 --rows 5:' '2 f.h5 --rows x' '2 f.h5 -o f.xyz' '2 f.h5 --json' \
    '2 f.h5 --grid 3' '2 f.h5 --format csv --range 0,1' '2 f.h5 --format png --range 1,0' \
    '2 f.h5 --format npy --columns x' '2 f.h5 --format jpeg' '2 f.h5 f.h5' '2 f.h5 --nonsense' \
    '1 f.h5 -o none/f.csv' '1 f.h5 --format csv -o folder' '1 f.h5:/y'; do
    set -- $case
    expected=$1
    shift
    outcome tensor-export "$@"
    expect_failure "$expected" tensor-export "$*"
  done
  no_complaints
}

@test "a reader that leaves early ends the program quietly" {
  tensor-gen moons -n 300000 -o f.h5
  tensor-export f.h5 2>err | head -n 1 >/dev/null
  [ ! -s err ]
}

@test "a full disk" {
  tensor-gen moons -n 300000 -o f.h5
  outcome tensor-export f.h5 --format csv -o /dev/full
  [ "$status" -eq 1 ]
  grep -q 'No space left on device' err
  status=0
  tensor-export f.h5 2>err >/dev/full || status=$?
  [ "$status" -eq 1 ]
  [ "$(wc -l <err)" -eq 1 ]
}

@test "a PNG of each row, enlarged, of whole numbers in any type" {
  tensor-gen shapes -n 12 --size 8 -o shapes.h5
  tensor-export shapes.h5 --rows 2:5 -o 'row-%03d.png'
  [ "$(ls row-* | xargs)" = 'row-002.png row-003.png row-004.png' ]
  tensor-import row-003.png | tensor-export --columns x | tail -n 1 >back
  tensor-export shapes.h5 --columns x --rows 3: | sed -n 2p | cmp - back
  # Every pixel is a square.
  tensor-export shapes.h5 --rows 3:4 --scale 3 -o large.png
  tensor-import large.png -o large.h5
  [ "$(tensor-export --summary large.h5 | awk -F '\t' 'NR == 2 { print $2 }')" = '[1, 1, 24, 24]' ]
  # The same picture from floats that are whole numbers.
  tensor-export shapes.h5 --columns x --rows 0:2 | tensor-import - --precision float32 -o floats.h5
  tensor-export floats.h5 -o floats.png
  tensor-export shapes.h5 --rows 0:2 -o integers.png
  cmp floats.png integers.png
  # Sixteen levels.
  printf '0,16,8,4\n' | tensor-import - --header no -o levels.h5
  tensor-export levels.h5 -o levels.png
  [ "$(tensor-import levels.png | tensor-export --columns x | tail -n 1)" = 0,255,128,64 ]
  remember_files
  for case in '2 shapes.h5 --format csv -o a-%d.csv' '2 shapes.h5 -o a-%d-%d.png' \
    '2 shapes.h5 -o a.csv --scale 2' '2 shapes.h5 -o a.png --scale 0' \
    '2 shapes.h5 --summary --scale 2' '1 shapes.h5 -o none/a-%d.png'; do
    set -- $case
    expected=$1
    shift
    outcome tensor-export "$@"
    expect_failure "$expected" tensor-export "$*"
  done
  no_complaints
}
