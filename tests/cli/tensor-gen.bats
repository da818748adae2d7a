# tensor-gen: every name, models, seeds, parts of a run, and what is refused.

load common

names='moons circles checkerboard pinwheel spirals rings 8gaussians 25gaussians gaussian funnel banana'
models='8gaussians 25gaussians gaussian funnel banana'

# text FILE...: its rows as CSV without the header.
text() {
  tensor-export --format csv "$@" | tail -n +2
}

@test "every name makes as many rows as asked for, of two numbers" {
  for name in $names; do
    tensor-gen "$name" -n 37 -o rows.h5 || complain "$name: status $?"
    [ "$(text rows.h5 | grep -cE '^[^,]+,[^,]+$')" -eq 37 ] || complain "$name: not 37 rows of 2"
  done
  tensor-gen gaussian --dim 5 --correlation 0.5 -n 3 -o rows.h5
  [ "$(text rows.h5 | awk -F, '{ print NF }' | sort -u)" = 5 ]
  tensor-gen moons -o rows.h5
  [ "$(text rows.h5 | wc -l)" -eq 1000 ]
  no_complaints
}

@test "shapes are images with labels 0 to 2" {
  tensor-gen shapes --size 12 -n 60 -o shapes.h5
  tensor-export --summary shapes.h5 >summary
  grep -E '^/x' summary | grep -q '60, 1, 12, 12'
  grep -E '^/x' summary | grep -q uint8
  grep -q '^/label' summary
  [ "$(text --columns label shapes.h5 | sort -u | tr '\n' ' ')" = "0 1 2 " ]
}

@test "the same seed gives the same bytes, another one other rows" {
  for name in $names shapes; do
    tensor-gen "$name" -n 20 --seed 4 --no-history -o first.h5
    tensor-gen "$name" -n 20 --seed 4 --no-history >second.h5
    cmp first.h5 second.h5 || complain "$name: not the same"
    tensor-gen "$name" -n 20 --seed 5 --no-history -o other.h5
    ! cmp -s first.h5 other.h5 || complain "$name: the seed does not matter"
  done
  no_complaints
}

@test "fewer rows are the first of more, and shards are the parts of the whole" {
  for name in $names; do
    tensor-gen "$name" -n 700 -o many.h5
    text many.h5 >many
    tensor-gen "$name" -n 10 | text >few
    head -n 10 many | cmp - few || complain "$name: not a prefix"
    for part in 1 2 3; do tensor-gen "$name" -n 700 --shard $part/3 | text; done >parts
    cmp many parts || complain "$name: parts differ from the whole"
  done
  no_complaints
}

@test "float64 rows are the float32 rows with more digits" {
  tensor-gen spirals -n 50 | text | tr , '\n' >single
  tensor-gen spirals -n 50 --precision float64 | text | tr , '\n' >double
  ! cmp -s single double
  paste single double | awk '{ d = $1 - $2; if (d < 0) d = -d; if (d > 1e-6) bad = 1 } END { exit bad }'
}

@test "noise is in units of the rows, and may be none" {
  tensor-gen circles --noise 0 -n 200 | text |
    awk -F, '{ r = sqrt($1 * $1 + $2 * $2) / 1.5
               if (r < 0.99999 || (r > 1.00001 && r < 1.99999) || r > 2.00001) bad = 1 } END { exit bad }'
  tensor-gen 8gaussians --noise 0 -n 200 | text |
    awk -F, '{ r = sqrt($1 * $1 + $2 * $2) * 1.414 / 4; if (r < 0.9999 || r > 1.0001) bad = 1 } END { exit bad }'
}

@test "labels say which part a row is from" {
  for pair in moons:2 circles:2 rings:4 pinwheel:5 spirals:2 8gaussians:8 25gaussians:25; do
    count=$(tensor-gen "${pair%:*}" --label -n 2000 | text --columns label | sort -u | wc -l)
    [ "$count" -eq "${pair#*:}" ] || complain "$pair: $count labels"
  done
  tensor-gen rings --noise 0 --label -n 100 | text --columns x,label |
    awk -F, '{ r = sqrt($1 * $1 + $2 * $2) / 0.75 - 1 - $3; if (r * r > 1e-8) bad = 1 } END { exit bad }'
  no_complaints
}

@test "models score the rows of their name" {
  # Minus the entropy of each law, from its closed form.
  for pair in gaussian:-2.8379 funnel:-3.9365 banana:-3.5310; do
    name=${pair%:*}
    tensor-gen "$name" -n 20000 -o rows.h5
    tensor-gen "$name" --model | logdensity -m - --summary rows.h5 >summary || complain "$name"
    awk -F '\t' -v exact="${pair#*:}" 'NR == 2 { d = ($2 - exact) / $3; exit !(d * d < 25) }' summary ||
      complain "$name: $(tail -n 1 summary)"
  done
  for name in $models; do
    tensor-gen "$name" --model --no-history -o first.h5
    tensor-gen "$name" --model --no-history >second.h5
    cmp first.h5 second.h5 || complain "$name: not the same bytes"
  done
  no_complaints
}

@test "a mixture from CSV and from containers is the same" {
  printf '%s\n' 0.25 0.75 >weights.csv
  printf '%s\n' 0,0 10,1 >means.csv
  printf '%s\n' 1,0,0,1 0.5,0.2,0.2,0.5 >covariances.csv
  files='--weights weights.csv --means means.csv --covariances covariances.csv'
  # shellcheck disable=SC2086
  tensor-gen mixture $files --model --no-history -o model.h5
  # shellcheck disable=SC2086
  tensor-gen mixture $files -n 4000 -o rows.h5
  [ "$(text rows.h5 | awk -F, '$1 > 5' | wc -l)" -gt 2850 ]
  [ "$(text rows.h5 | awk -F, '$1 > 5' | wc -l)" -lt 3150 ]
  logdensity -m model.h5 --summary rows.h5 | awk -F '\t' 'NR == 2 { exit !($2 > -3.1 && $2 < -2.7) }'
  at=model.h5:/model/parameters
  tensor-gen mixture --weights $at/weights --means $at/means --covariances $at/covariances \
    --model --no-history -o again.h5
  cmp model.h5 again.h5
  tensor-gen mixture --means means.csv --covariances covariances.csv -n 4000 | text >equal
  [ "$(awk -F, '$1 > 5' equal | wc -l)" -lt 2150 ]
}

@test "what is no mixture is refused by the name of the file" {
  printf '%s\n' 0,0 10,1 >means.csv
  printf '%s\n' 1,0,0,1 0.5,0.2,0.2,0.5 >covariances.csv
  printf '%s\n' 1,0,0,1 1,2,2,1 >indefinite.csv
  printf '%s\n' 1,0,0,1 1,0.5,0.2,1 >lopsided.csv
  printf '%s\n' 0.5 0.6 >heavy.csv
  printf '%s\n' 0.5 -0.5 >negative.csv
  printf '%s\n' 0.5 0.25 0.25 >three.csv
  printf '%s\n' 1e39,0 0,0 >huge.csv
  : >empty.csv
  remember_files
  while read -r weights means covariances name; do
    outcome tensor-gen mixture --weights $weights --means $means --covariances $covariances -o rows.h5
    expect_failure 1 tensor-gen "$name"
    grep -q "^tensor-gen: $name" err || complain "$name: $(cat err)"
  done <<END
heavy.csv means.csv covariances.csv heavy.csv: the weights add up to 1.1
negative.csv means.csv covariances.csv negative.csv: the weight of component 2
three.csv means.csv covariances.csv three.csv: has shape
empty.csv means.csv covariances.csv empty.csv
heavy.csv missing.csv covariances.csv missing.csv
heavy.csv . covariances.csv .
heavy.csv means.csv means.csv means.csv: has shape
three.csv means.csv indefinite.csv three.csv: has shape
END
  outcome tensor-gen mixture --means means.csv --covariances indefinite.csv
  expect_failure 1 tensor-gen indefinite
  grep -q 'indefinite.csv: the covariance of component 2 is not positive definite' err || complain "$(cat err)"
  outcome tensor-gen mixture --means means.csv --covariances lopsided.csv
  expect_failure 1 tensor-gen lopsided
  grep -q 'lopsided.csv: the covariance of component 2 is not symmetric' err || complain "$(cat err)"
  outcome tensor-gen mixture --means huge.csv --covariances covariances.csv -o rows.h5
  expect_failure 1 tensor-gen huge
  tensor-gen mixture --means huge.csv --covariances covariances.csv --precision float64 -o rows.h5
  no_complaints
}

@test "options that mean nothing for a name are refused" {
  remember_files
  while read -r line; do
    # shellcheck disable=SC2086
    outcome tensor-gen $line -o rows.h5
    expect_failure 2 tensor-gen "$line"
  done <<END
torus
moons circles
moons --dim 3
moons --model
moons --correlation 0.5
moons --size 9
moons --noise -1
moons --noise 0.1,0.2
moons -n 0
moons -n 2.5
moons --shard 3/2
moons -n 100 --shard 1/2
moons --precision float16
checkerboard --label
gaussian --noise 0.1
gaussian --label
gaussian --dim 0
gaussian --correlation 1
gaussian --correlation -0.5 --dim 3
funnel --dim 1
banana --dim 1 --model
shapes --model
shapes --size 2
shapes --label
mixture
mixture --means means.csv
8gaussians --weights weights.csv
8gaussians --model -n 10
8gaussians --model --seed 1
8gaussians --model --noise 0
END
  outcome tensor-gen
  expect_failure 2 tensor-gen "no name"
  no_complaints
}

@test "a full disk is noticed" {
  for arguments in "moons -n 10" "moons -n 100000" "8gaussians --model" "shapes -n 10"; do
    status=0
    # shellcheck disable=SC2086
    tensor-gen $arguments >/dev/full 2>err || status=$?
    [ "$status" -eq 1 ] || complain "$arguments: status $status"
    [ "$(wc -l <err)" -eq 1 ] || complain "$arguments: $(cat err)"
  done
  no_complaints
}

@test "millions of rows stay within little memory" {
  (ulimit -v 400000 && tensor-gen 8gaussians -n 5000000 -o rows.h5)
  [ "$(wc -c <rows.h5)" -gt 40000000 ]
}
