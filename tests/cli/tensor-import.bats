# tensor-import: formats, rows, mistakes.

bats_require_minimum_version 1.5.0
load common

@test "a table with a header and a column of classes" {
  printf 'length,kind,width\n5.1,rose,3.5\n7,daisy,3.2\n4.9,rose,3\n' >f.csv
  tensor-import --label-column kind f.csv -o f.h5
  [ "$(tensor-export f.h5)" = "$(printf 'length,width,label\n5.1,3.5,1\n7,3.2,0\n4.9,3,1')" ]
}

@test "the suffix does not matter, a pipe does not either" {
  printf '1 2\n3 4\n' >f.npy
  tensor-import f.npy --no-history -o file.h5
  tensor-import --no-history - <f.npy >redirected.h5
  # shellcheck disable=SC2002
  cat f.npy | gzip | tensor-import --no-history - | cat >piped.h5
  cmp file.h5 redirected.h5
  cmp file.h5 piped.h5
}

@test "rows are chosen, shuffled and split without losing any" {
  seq 100 >f.csv
  tensor-import f.csv --rows 10:90 --shuffle --seed 3 --split 0.25 -o a.h5 --rest b.h5
  [ "$(tensor-export a.h5 | wc -l)" -eq 21 ]
  { tensor-export a.h5; tensor-export b.h5; } | grep -v x | sort -n >back
  seq 11 90 | cmp - back
  tensor-export a.h5 | tail -n +2 >order
  ! sort -n order | cmp -s - order
  tensor-import f.csv --rows 10:90 --shuffle --seed 3 --split 0.25 -o c.h5 --rest d.h5
  tensor-export c.h5 | tail -n +2 | cmp - order
  tensor-import f.csv --rows 10:90 --shuffle --seed 4 --split 0.25 -o c.h5 --rest d.h5
  ! tensor-export c.h5 | tail -n +2 | cmp -s - order
  tensor-import a.h5 b.h5 --rows :30 -o e.h5
  [ "$(tensor-export e.h5 | wc -l)" -eq 31 ]
}

@test "where one of two outputs cannot be made, neither is" {
  seq 100 >f.csv
  remember_files
  outcome tensor-import f.csv --split 0.25 -o a.h5 --rest none/b.h5
  expect_failure 1 tensor-import rest
  outcome tensor-import f.csv --split 0.25 -o none/a.h5 --rest b.h5
  expect_failure 1 tensor-import output
  # Found before the input is opened.
  outcome tensor-import none.csv --split 0.25 -o a.h5 --rest none/b.h5
  grep -q '^tensor-import: none/b.h5: cannot be created' err || complain "$(cat err)"
  no_complaints
}

@test "standard input that is a file is read from where the shell stands" {
  printf '9,9\n1,2\n3,4\n' >f.csv
  { read -r _ && tensor-import - | tensor-export; } <f.csv >rest
  [ "$(tail -n +2 rest | tr '\n' ' ')" = '1,2 3,4 ' ]
}

@test "history says how a file came about" {
  seq 10 >f.csv
  tensor-import f.csv -o a.h5
  SOURCE_DATE_EPOCH=0 tensor-import a.h5 -o b.h5
  h5dump -a /history b.h5 | grep -F '"1970-01-01T00:00:00Z tensor-import a.h5 -o b.h5"'
  h5dump -a /history b.h5 | grep -F 'tensor-import f.csv -o a.h5'
  tensor-import --no-history f.csv -o c.h5
  ! h5dump -a /history c.h5 >/dev/null 2>&1
}

@test "pictures through a PNG and back" {
  tensor-gen shapes -n 4 --size 12 -o shapes.h5
  mkdir -p all/b all/a
  for i in 0 1 2 3; do
    class=$([ "$i" -lt 3 ] && echo b || echo a)
    tensor-export shapes.h5 --rows "$i:$((i + 1))" -o "all/$class/$i.png"
  done
  echo text >all/a/notes.txt
  tensor-import all -o back.h5 2>err
  grep -q 'warning: 1 files are not images' err
  tensor-export back.h5 --rows 1: --columns x >back.csv
  tensor-export shapes.h5 --rows :3 --columns x | cmp - back.csv
  [ "$(tensor-export back.h5 --columns label | tr '\n' ' ')" = "label 0 1 1 1 " ]
  tensor-import all --size 6x8 --rgb -q -o scaled.h5
  tensor-export --summary scaled.h5 | grep -F "[4, 3, 8, 6]"
}

@test "a first line that counts rows and columns is passed over" {
  printf '3,2,daisy,rose\n5.1,3.5,1\n7,3.2,0\n4.9,3,1\n' | gzip >f.csv.gz
  tensor-import --label-column -1 f.csv.gz -o f.h5
  [ "$(tensor-export f.h5)" = "$(printf 'x_0,x_1,label\n5.1,3.5,1\n7,3.2,0\n4.9,3,1')" ]
  printf '4,2,daisy,rose\n5.1,3.5,1\n7,3.2,0\n4.9,3,1\n' >g.csv
  run -1 tensor-import g.csv -o g.h5
  [ "$output" = "tensor-import: g.csv: line 1 announces another number of rows than the 3 that follow" ]
  [ ! -e g.h5 ]
}

# The numbers of one dataset, one a line.
numbers_of() {
  tensor-export "$@" --format csv | tail -n +2 | tr ',' '\n'
}

@test "--pca recovers a known covariance" {
  # Eigenvalue 1 + 3 R along (1, 1, 1, 1) / 2, and 1 - R across.
  tensor-gen gaussian --dim 4 --correlation 0.75 -n 40000 --seed 7 -o f.h5
  tensor-import --pca 2 f.h5 -o p.h5
  numbers_of p.h5:/pca/deviation | awk '{ d[NR] = $1 }
    END { exit !(NR == 2 && (d[1] - sqrt(3.25))^2 < 0.0004 && (d[2] - 0.5)^2 < 0.0004) }'
  numbers_of p.h5:/pca/components --rows 0:1 | awk '
    ($1 - 0.5)^2 > 0.0001 { bad = 1 } END { exit bad || NR != 4 }'
  tensor-export --summary p.h5 | grep -F "$(printf '/x\t[40000, 2]\tfloat32')"
}

@test "--pca of all components keeps all there is, through --rows, --shuffle and --split" {
  tensor-gen moons -n 300 --noise 0.2 --seed 1 | tensor-export - --format csv >f.csv
  tensor-import f.csv --pca 2 -o p.h5
  { numbers_of p.h5:/pca/mean | sed 's/^/mean /'
    numbers_of p.h5:/pca/components | sed 's/^/component /'
    tensor-export p.h5 --format csv --columns x | tail -n +2 | tr ',' ' ' | sed 's/^/row /'
  } >all
  awk '$1 == "mean" { m[a++] = $2 } $1 == "component" { c[b++] = $2 }
    $1 == "row" { print m[0] + $2 * c[0] + $3 * c[2], m[1] + $2 * c[1] + $3 * c[3] }' all >back
  tail -n +2 f.csv | tr ',' ' ' | cut -d ' ' -f 1-2 | paste -d ' ' - back | awk '
    ($1 - $3)^2 + ($2 - $4)^2 > 1e-9 { bad = 1 } END { exit bad || NR != 300 }'

  tensor-import f.csv --rows 100:200 --pca 2 --shuffle --split 0.5 -o a.h5 --rest b.h5
  tensor-import f.csv --rows 100:200 -o chosen.h5
  tensor-import chosen.h5 --pca 2 -o c.h5
  for dataset in mean components deviation; do
    numbers_of "c.h5:/pca/$dataset" >wanted
    numbers_of "a.h5:/pca/$dataset" | cmp - wanted
    numbers_of "b.h5:/pca/$dataset" | cmp - wanted
  done
  { numbers_of a.h5 --columns x; numbers_of b.h5 --columns x; } | sort >both
  numbers_of c.h5 --columns x | sort | cmp - both
}

@test "mistakes" {
  printf '1,2\n3,x\n' >text.csv
  printf '1,2\n' >row.csv
  printf '1,2\n3,4\n' >two.csv
  printf '\001\002\003' >unknown
  : >empty
  tensor-import row.csv -o f.h5
  mkdir folder
  python=$(printf "\\x93NUMPY\\x01")
  printf '%s' "$python" >cut.npy
  remember_files
  for case in '1 text.csv' '1 unknown' '1 empty' '1 folder' '1 absent' '1 cut.npy' \
    '1 row.csv --split 0.5 --rest r.h5' '1 row.csv --rows 5:9' '2 row.csv --rows 9:5' \
    '2 row.csv --split 0.5' '2 row.csv --rest r.h5' '2 row.csv --split 1.5 --rest r.h5' \
    '2 row.csv --size 0x4' '2 row.csv --size big' '2 row.csv --gray --rgb' '2' \
    '2 f.h5 --label-column 1' '2 f.h5 --precision float64' '1 row.csv --size 4x4' \
    '1 row.csv --pca 1' '1 two.csv --pca 3' '2 two.csv --pca 0' '2 two.csv --pca 1.5' \
    '1 row.csv --label-column 7' '2 row.csv --header maybe' '2 row.csv --precision half'; do
    set -- $case
    expected=$1
    shift
    outcome tensor-import "$@" -o g.h5
    expect_failure "$expected" tensor-import "$*"
  done
  no_complaints
}

@test "messages say where and what" {
  printf 'a,b\n1,2\n3,x\n' >f.csv
  run -1 tensor-import f.csv -o f.h5
  [ "$output" = 'tensor-import: f.csv: line 3, column 2 (b): "x" is not a number (of texts, --label-column 2 makes classes, --one-hot 2 columns of 0 and 1, and --keep 2 passes them on)' ]
  run -1 tensor-import absent -o f.h5
  [ "$output" = 'tensor-import: absent: cannot be read: No such file or directory' ]
}

@test "rows that are not finite are refused" {
  printf '1,2\n3,nan\n' >f.csv
  run -1 tensor-import f.csv -o f.h5
  [ ! -e f.h5 ]
}
