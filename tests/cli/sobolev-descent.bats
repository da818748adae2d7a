# sobolev-descent: distributions reached, companions of rows, logs, films, refusals.

load common

mmd() {
  fid-eval "$1" "$2" --metrics mmd | awk '$1 == "mmd" { print $2 }'
}

# below A B: A < B, as numbers.
below() {
  awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'
}

make_sets() {
  tensor-gen gaussian --dim 2 -n 600 --seed 1 -o noise.h5
  tensor-gen 8gaussians -n 800 --seed 2 -o ring.h5
}

# A small critic; the defaults take some ten times as long.
quick='--critic-steps 8 --hidden 32 --depth 2 --batch 256'

@test "a Gaussian becomes a ring, and the log tells how" {
  make_sets
  sobolev-descent noise.h5 ring.h5 $quick --steps 100 --step-size 0.05 -v --log log.tsv \
    --log-every 20 -o moved.h5 2>err
  before=$(mmd noise.h5 ring.h5)
  after=$(mmd moved.h5 ring.h5)
  below "$after" "$(awk -v b="$before" 'BEGIN { print b / 20 }')"
  tensor-export --summary moved.h5 | grep -q '^/x.\[600, 2\].float32'
  [ "$(head -n 1 log.tsv)" = "$(printf 'step\tmmd\tcritic\tconstraint\tmultiplier\tgrad_norm\tbirths\tdeaths')" ]
  [ "$(cut -f 1 log.tsv | paste -sd ' ')" = "step 0 20 40 60 80 100" ]
  # The same numbers as fid-eval's, up to rounding: fewer than 2000 rows all enter.
  numbers_close <(awk 'NR == 2 || NR == 7 { print $2 }' log.tsv) \
    <(printf '%s\n' "$before" "$after") 1e-6 2
  awk -F '\t' 'NF != 8 { exit 1 }' log.tsv
  [ "$(wc -l <err)" -eq 2 ]
  grep -q '^sobolev-descent: mmd 0.1[0-9]* after 0 steps$' err
}

@test "threads do not change a bit, the seed does, and pipes carry rows" {
  make_sets
  run="sobolev-descent $quick --steps 10 --unbalanced 0.1 --no-history"
  $run noise.h5 ring.h5 --threads 1 -o one.h5
  $run noise.h5 ring.h5 --threads 2 -o two.h5
  cmp one.h5 two.h5
  $run - ring.h5 <noise.h5 | cmp one.h5 -
  $run noise.h5 - <ring.h5 >two.h5
  cmp one.h5 two.h5
  $run noise.h5 ring.h5 --seed 1 -o two.h5
  ! cmp -s one.h5 two.h5
  $run noise.h5 ring.h5 --precision float64 -o two.h5
  tensor-export --summary two.h5 | grep -q '^/x.\[600, 2\].float64'
}

@test "what stands beside a row stays with it" {
  make_sets
  tensor-gen gaussian --dim 2 --model -o gaussian.h5
  # Each row's own numbers as its label.
  tensor-export --format csv noise.h5 | awk -F, 'NR == 1 { print "label,x0,x1" }
    NR > 1 { print NR - 2 "," $1 "," $2 }' >numbered.csv
  tensor-import --label-column label numbered.csv | logdensity -m gaussian.h5 --score -o numbered.h5
  sobolev-descent numbered.h5 ring.h5 $quick --steps 5 -o moved.h5
  [ "$(numbers moved.h5 label | paste -sd ' ')" = "$(seq -s ' ' 0 599)" ]
  tensor-export --summary moved.h5 >summary
  ! grep -qE 'log_density|score' summary # these were of where the row stood before
  # Reborn rows have their parent's label, and nothing has moved far.
  sobolev-descent numbered.h5 ring.h5 $quick --steps 5 --step-size 1e-9 --unbalanced 2 -o moved.h5
  numbers moved.h5 label >labels
  [ "$(sort -u labels | wc -l)" -lt 590 ]
  numbers moved.h5 x >x
  awk -F, 'NR == FNR { a[NR - 2] = $2; b[NR - 2] = $3; next }
    FNR == 1 { getline label <"labels" }
    FNR > 1 { getline label <"labels" }
    { d = $1 - a[label]; e = $2 - b[label]; if (d * d + e * e > 1e-8) exit 1 }' numbered.csv x
}

@test "a trajectory begins at the source, ends at the output, and is a film" {
  make_sets
  sobolev-descent noise.h5 ring.h5 $quick --steps 25 --trajectory path.h5 -o moved.h5
  tensor-export --summary path.h5 >summary
  grep -q '^/x.\[600, 4, 2\]' summary # after 0, 10, 20 and 25 steps
  tensor-export --format csv path.h5 | tail -n +2 >path
  cut -d , -f 7,8 path | cmp - <(numbers moved.h5 x)
  numbers_close <(cut -d , -f 1,2 path) <(numbers noise.h5 x) 1e-6 600
  tensor-plot --kind film path.h5 -o film.png
  [ -s film.png ]
}

@test "births and deaths move weight that distance keeps from moving" {
  tensor-gen gaussian --dim 2 -n 400 --seed 1 | tensor-export --format csv | tail -n +2 >rows
  modes() { awk -F, -v first="$1" '{ print $1 / 2 + (NR <= first ? -10 : 10) "," $2 / 2 }' rows; }
  modes 200 >even.csv
  modes 360 >uneven.csv
  for set in even uneven; do tensor-import $set.csv -o $set.h5; done
  short="$quick --steps 100 --step-size 0.004"
  share() { numbers moved.h5 x | awk -F, '$1 < 0 { ++n } END { print n / NR }'; }
  sobolev-descent even.h5 uneven.h5 $short -o moved.h5
  [ "$(share)" = 0.5 ]
  sobolev-descent even.h5 uneven.h5 $short --unbalanced 0.2 --log log.tsv -o moved.h5
  below 0.84 "$(share)"
  below "$(share)" 0.96
  awk -F '\t' 'END { exit !($7 > 0 && $8 > 0) }' log.tsv
}

@test "images keep their shape, and counts may differ" {
  tensor-gen shapes --size 4 -n 60 -o small.h5
  tensor-gen shapes --size 4 -n 50 --seed 1 -o other.h5
  sobolev-descent small.h5 other.h5 $quick --steps 3 -o moved.h5
  tensor-export --summary moved.h5 >summary
  grep -q '^/x.\[60, 1, 4, 4\]' summary
  grep -q '^/label.\[60\]' summary
  tensor-gen gaussian --dim 2 -n 1 -o one.h5
  tensor-gen gaussian --dim 2 -n 40 -o many.h5
  sobolev-descent one.h5 many.h5 $quick --steps 3 -v --log log.tsv -o moved.h5
  sobolev-descent many.h5 one.h5 $quick --steps 3 -v --log log.tsv -o moved.h5
  sobolev-descent one.h5 one.h5 $quick --steps 3 --unbalanced 1 -o moved.h5
}

@test "numbers that run away are status 3, and their log remains" {
  make_sets
  remember_files
  outcome sobolev-descent noise.h5 ring.h5 $quick --step-size 1e20 -o moved.h5
  expect_failure 3 sobolev-descent 'step size'
  grep -q 'a particle diverged at step 1; a smaller --step-size' err
  outcome sobolev-descent noise.h5 ring.h5 --lr 1e38 --log log.tsv -o moved.h5
  [ "$status" -eq 3 ]
  grep -q 'the critic is not finite at step 1; a smaller --lr' err
  [ "$(wc -l <log.tsv)" -eq 2 ]
  [ ! -e moved.h5 ]
  no_complaints
}

@test "sets that hardly overlap are warned of" {
  make_sets
  tensor-export --format csv ring.h5 | tail -n +2 | awk -F, '{ print $1 + 50 "," $2 }' >far.csv
  tensor-import far.csv -o far.h5
  sobolev-descent noise.h5 far.h5 $quick --steps 2 -o moved.h5 2>err
  grep -q '^sobolev-descent: warning: SOURCE and TARGET hardly overlap' err
}

@test "wrong input and wrong command lines" {
  make_sets
  tensor-gen funnel --dim 3 -n 20 -o three.h5
  tensor-gen gaussian --model -o model.h5
  printf '1e300,1\n-1e300,2\n' >huge.csv
  tensor-import --precision float64 huge.csv -o huge.h5
  remember_files
  for sets in 'noise.h5 three.h5' 'noise.h5 model.h5' 'model.h5 noise.h5' 'noise.h5 none.h5' \
    'noise.h5 huge.h5' 'huge.h5 noise.h5'; do
    outcome sobolev-descent $sets $quick -o moved.h5
    expect_failure 1 sobolev-descent "$sets"
  done
  for options in 'noise.h5' '- -' 'noise.h5 ring.h5 --alpha 1' 'noise.h5 ring.h5 --log-every 5' \
    'noise.h5 ring.h5 --trajectory-every 5' 'noise.h5 ring.h5 --steps 0' \
    'noise.h5 ring.h5 --step-size 0' 'noise.h5 ring.h5 --unbalanced -1' \
    'noise.h5 ring.h5 --trajectory moved.h5' 'noise.h5 ring.h5 --schedule step' \
    'noise.h5 ring.h5 three.h5' 'noise.h5 ring.h5 --critic-steps 0' 'noise.h5 ring.h5 --rho nan'; do
    outcome sobolev-descent $options -o moved.h5
    expect_failure 2 sobolev-descent "$options"
  done
  no_complaints
}

@test "SIGTERM ends a long run with status 143 and no output" {
  make_sets
  stopped 0.5 sobolev-descent noise.h5 ring.h5 $quick --steps 1e9 -o moved.h5
  [ "$status" -eq 143 ]
  [ ! -e moved.h5 ]
}

@test "moved rows that are not finite in the units of the source are status 3 and no file" {
  for seed in 1 2; do
    tensor-gen gaussian -n 100 --seed $seed | tensor-export |
      awk -F , 'NR > 1 { print $1 * 9e37 "," $2 * 9e37 }' | tensor-import - -o $seed.h5
  done
  remember_files
  for options in '' '--trajectory path.h5'; do
    outcome sobolev-descent 1.h5 2.h5 --steps 5 --step-size 20 --schedule constant --lr 0.05 \
      $options -o moved.h5
    expect_failure 3 sobolev-descent "$options"
    grep -qE '^sobolev-descent: 1.h5: moved row [0-9]+ comes out as a number that is not finite' err ||
      complain "$(cat err)"
  done
  no_complaints
}
