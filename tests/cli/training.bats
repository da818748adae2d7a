# What training does with rows, labels, levels and losses that go wrong: it says so, and loses nothing.

load common

small='--layers 2 --hidden 8 --depth 1 --no-history'

# log_without_seconds FILE
log_without_seconds() {
  cut -f1,3- "$1"
}

# far.csv: 400 rows of a normal column around 1.7e9 of deviation 1000, and one of deviation 1.
make_far() {
  tensor-gen gaussian --dim 2 -n 400 --seed 3 --precision float64 -o near.h5
  tensor-export --format csv near.h5 | tail -n +2 |
    awk -F, '{ printf "%.6f,%s\n", 1.7e9 + 1000 * $1, $2 }' >far.csv
  tensor-import --precision float64 far.csv -o far.h5
}

# labelled LABEL...: rows.h5 with these labels, in turn.
labelled() {
  local i labels=("$@")
  for ((i = 0; i < 120; ++i)); do
    echo "$((i * 37 % 101)).$((i % 7)),$((i * 53 % 89)).$((i % 3)),${labels[i % ${#labels[@]}]}"
  done >rows.csv
  tensor-import --label-column 3 rows.csv -o rows.h5
}

@test "a loss that is not finite leaves a checkpoint that a smaller learning rate resumes" {
  tensor-gen moons -n 1000 -o rows.h5
  run='--schedule constant --warmup 600 --log-every 20 --no-history'
  flow="flow-train --layers 4 --hidden 8 --validation 0 $run"
  outcome $flow --steps 900 --lr 20 --checkpoint c.h5 --log log.tsv rows.h5 -o model.h5
  [ "$status" -eq 3 ]
  [ ! -e model.h5 ]
  step=$(sed -n 's/.*the checkpoint holds step \([0-9]*\)$/\1/p' err)
  failed=$(sed -n 's/.*not finite [a-z]* step \([0-9]*\);.*/\1/p' err)
  [ "$step" -ge $((failed - 3)) ]
  [ "$step" -lt "$failed" ]
  h5dump -a /checkpoint/step c.h5 | grep -q "(0): $step\$"
  $flow --steps 900 --lr 1e-4 --resume c.h5 --log log.tsv rows.h5 -o model.h5 2>err
  [ "$(tail -n 1 log.tsv | cut -f1)" = 900 ]
  [ "$(tail -n +2 log.tsv | wc -l)" -eq 45 ]
  grep -q 'the loss ended at .*, it began at' err
  # Of what eases a failure alone, and of that only after one.
  outcome $flow --steps 900 --lr 1e-5 --batch 128 --resume c.h5 rows.h5 -o other.h5
  [ "$status" -eq 1 ]
  $flow --steps 20 --lr 0.001 --checkpoint good.h5 rows.h5 -o model.h5
  outcome $flow --steps 40 --lr 0.002 --resume good.h5 rows.h5 -o other.h5
  [ "$status" -eq 1 ]
  outcome ddgan-train --hidden 8 --steps 300 --lr 1e30 --schedule constant --warmup 50 --checkpoint d.h5 \
    rows.h5 -o model.h5
  [ "$status" -eq 3 ]
  [ -s d.h5 ]
  outcome score-train --hidden 8 --steps 300 --lr 1e30 --warmup 50 --checkpoint s.h5 rows.h5 -o model.h5
  [ "$status" -eq 3 ]
  [ -s s.h5 ]
}

@test "a log goes on where the checkpoint stands, wherever the run was cut" {
  tensor-gen moons -n 300 -o rows.h5
  for held in '' '--validation 0.2 --validate-every 30'; do
    run="flow-train $small --schedule constant --log-every 20 $held"
    $run --steps 130 --log whole.tsv rows.h5 -o whole.h5
    for end in 40 60 70 90; do
      $run --steps $end --checkpoint c.h5 --log log.tsv rows.h5 -o part.h5
      $run --steps $end --resume c.h5 rows.h5 -o again.h5
      cmp part.h5 again.h5 || complain "$held $end: the same end twice"
      $run --steps 130 --resume c.h5 --log log.tsv rows.h5 -o resumed.h5
      cmp whole.h5 resumed.h5 || complain "$held $end: other bits"
      diff <(log_without_seconds whole.tsv) <(log_without_seconds log.tsv) ||
        complain "$held $end: another log"
      awk -F'\t' 'NR > 1 { if ($2 == "" || $2 + 0 < last) exit 1; last = $2 + 0 }' log.tsv ||
        complain "$held $end: seconds"
    done
  done
  # Steps beyond the checkpoint are cut back, and a log of another run gives no seconds.
  run="flow-train $small --schedule constant --log-every 20"
  $run --steps 100 --checkpoint c.h5 --checkpoint-every 50 --log log.tsv rows.h5 -o part.h5
  cp whole.tsv other.tsv
  $run --steps 130 --log plain.tsv rows.h5 -o plain.h5
  $run --steps 130 --resume c.h5 --log new.tsv rows.h5 -o resumed.h5
  diff <(log_without_seconds plain.tsv) <(log_without_seconds new.tsv)
  [ "$(sed -n 2p new.tsv | cut -f2)" = '' ]
  no_complaints
}

@test "a run ended by kill -9 resumes with a whole log and leaves nothing behind" {
  tensor-gen moons -n 300 -o rows.h5
  run="flow-train $small --schedule constant --log-every 20"
  mkdir tmp
  TMPDIR=$PWD/tmp $run --steps 4000000 --checkpoint c.h5 --checkpoint-every 50 --log log.tsv rows.h5 -o m.h5 &
  pid=$!
  for ((i = 0; i < 600; ++i)); do
    [ -s c.h5 ] && break
    sleep 0.1
  done
  kill -KILL $pid
  wait $pid || true
  [ "$(ls -A tmp)" = '' ]
  step=$(h5dump -a /checkpoint/step c.h5 | sed -n 's/.*(0): //p')
  $run --steps $((step + 30)) --resume c.h5 --log log.tsv rows.h5 -o resumed.h5
  $run --steps $((step + 30)) --log whole.tsv rows.h5 -o whole.h5
  cmp whole.h5 resumed.h5
  diff <(log_without_seconds whole.tsv) <(log_without_seconds log.tsv)
}

@test "classes without rows are named in training, and not drawn" {
  labelled 1 2 9
  flow-train $small --label --steps 5 rows.h5 -o flow.h5 2>err
  [ "$(cat err)" = 'flow-train: warning: classes 0, 3, 4 and 4 more have no rows: labels are counted from 0 to the largest, 9, and every class takes a column; number them from 0 without gaps' ]
  score-train --hidden 8 --label --steps 5 rows.h5 -o score.h5 2>err
  grep -q 'classes 0, 3, 4 and 4 more have no rows' err
  ddgan-train --hidden 8 --label --steps 5 rows.h5 -o ddgan.h5 2>err
  grep -q 'classes 0, 3, 4 and 4 more have no rows' err
  why='there were no training rows of class 5, only of 1, 2 and 9'
  outcome flow-sample -m flow.h5 --label 5 -n 2 -o result
  [ "$status" -eq 1 ] && [ "$(cat err)" = "flow-sample: flow.h5: $why" ]
  for model in flow score ddgan; do
    outcome langevin-sample -m $model.h5 --label 5 -n 2 -o result
    [ "$status" -eq 1 ] && [ "$(cat err)" = "langevin-sample: $model.h5: $why" ] ||
      complain "$model: $(cat err)"
  done
  [ ! -e result ]
  flow-sample -m flow.h5 --label 9 -n 2 -o drawn.h5 2>err
  [ ! -s err ]
  # Rows of such a class are scored, with a word.
  mv rows.h5 trained.h5
  labelled 1 5
  outcome logdensity -m flow.h5 rows.h5 -o scored.h5
  [ "$status" -eq 0 ]
  [ "$(cat err)" = 'logdensity: warning: rows.h5: /label of 60 rows, the first 5, of a class that the model was trained without' ]
  outcome flow-sample -m flow.h5 --context rows.h5 -o drawn.h5
  grep -q '/label of 60 rows, the first 5' err
  # A validation set with a class of its own.
  mv rows.h5 validation.h5
  outcome flow-train $small --label --steps 5 --validation validation.h5 trained.h5 -o model.h5
  grep -q 'class 5 has validation rows, but no training rows' err
  no_complaints
}

@test "a code such as 65535 for unknown is no class in silence" {
  labelled 0 1 65535
  outcome flow-train $small --label --steps 1 --batch 8 rows.h5 -o flow.h5
  grep -q 'classes 2, 3, 4 and 65530 more have no rows' err
}

@test "noise levels that do not reach the data, or hide it, are named with what would be right" {
  tensor-gen moons -n 1000 -o rows.h5
  for process in edm ve vp subvp ddpm none; do
    score-train --process $process --hidden 8 --steps 1 rows.h5 -o model.h5 2>err
    [ ! -s err ] || complain "$process: $(cat err)"
  done
  tensor-export --format csv rows.h5 | tail -n +2 |
    awk -F, '{ print 1000 * $1 "," 1000 * $2 }' >wide.csv
  tensor-import wide.csv -o wide.h5
  for process in edm ve; do
    score-train --process $process --hidden 8 --steps 1 wide.h5 -o model.h5 2>err
    [ "$(grep -vc 'units of the columns' err)" -eq 0 ] || complain "$process: $(cat err)"
    score-train --no-standardize --process $process --hidden 8 --steps 1 wide.h5 -o model.h5 2>err
    grep -q 'warning: the highest noise level, [0-9]*, is below the deviation of column 0, .*give --sigma-max' err ||
      complain "$process: $(cat err)"
  done
  score-train --process edm --hidden 8 --steps 1 --sigma-max 5000 wide.h5 -o model.h5 2>err
  grep -q 'training hardly draws noise levels above .*--p-mean' err || complain "$(cat err)"
  score-train --process edm --hidden 8 --steps 1 --sigma-max 5000 --p-mean 6 wide.h5 -o model.h5 2>err
  [ ! -s err ] || complain "fitting levels: $(cat err)"
  score-train --process vp --hidden 8 --steps 1 --beta-max 0.2 wide.h5 -o model.h5 2>err
  grep -q 'the highest noise level, .* higher --beta-max' err || complain "vp: $(cat err)"
  score-train --process ve --hidden 8 --steps 1 --sigma-min 2 --sigma-max 9 rows.h5 -o model.h5 2>err
  grep -q 'the lowest noise level, 2, is above the deviation of column' err || complain "$(cat err)"
  score-train --process none --hidden 8 --steps 1 --sigma 9 --objective dsm rows.h5 -o model.h5 2>err
  grep -q 'give a lower --sigma,' err || complain "none: $(cat err)"
  # Levels asked for when drawing.
  score-train --process ve --hidden 8 --steps 1 rows.h5 -o model.h5
  langevin-sample -m model.h5 -n 2 --steps 2 --sigma-max 0.1 -o x.h5 2>err
  grep -q 'the highest noise level, 0.1, is below' err || complain "$(cat err)"
  langevin-sample -m model.h5 -n 2 --steps 2 --sigma-max 50 -o x.h5 2>err
  grep -q 'trained at levels from 0.02 to 2' err || complain "$(cat err)"
  no_complaints
}

@test "columns far from 0 are trained on, scored and drawn with all their digits" {
  make_far
  for precision in float32 float64; do
    flow-train $small --steps 60 --precision $precision far.h5 -o flow.h5 2>err
    [ ! -s err ] || complain "flow-train: $(cat err)"
    # The density is that of the near rows, of a flow of the same bits, less the logarithm of 1000.
    for p in float32 float64; do
      logdensity -m flow.h5 --precision $p far.h5 -o $p.h5
    done
    paste -d, <(numbers float32.h5 log_density) <(numbers float64.h5 log_density) |
      awk -F, '{ d = $1 - $2; if (d < -1e-3 || d > 1e-3 || $1 > -5) exit 1 }' ||
      complain "$precision: densities"
    flow-sample -m flow.h5 -n 400 --precision float64 -o drawn.h5 2>err
    [ ! -s err ] || complain "flow-sample: $(cat err)"
    [ "$(numbers drawn.h5 x | cut -d, -f1 | sort -u | wc -l)" -eq 400 ] || complain "drawn rows"
    flow-sample -m flow.h5 -n 40 -o coarse.h5 2>err
    grep -q 'warning: column 0 lies too far from 0 for float32: .*--precision float64' err ||
      complain "no word of what float32 loses: $(cat err)"
    flow-sample -m flow.h5 --encode far.h5 -o z.h5
    flow-sample -m flow.h5 --latent z.h5 --precision float64 -o back.h5
    paste -d, <(numbers far.h5 x) <(numbers back.h5 x) |
      awk -F, '{ d = $1 - $3; if (d < -0.1 || d > 0.1) exit 1 }' || complain "there and back"
  done
  for train in 'score-train --process edm --sigma-max 9000 --p-mean 6' 'score-train --process vp' \
    'score-train --process ddpm' ddgan-train; do
    $train --hidden 16 --steps 400 far.h5 -o model.h5 -q
    langevin-sample -m model.h5 -n 300 --precision float64 -o drawn.h5
    tensor-export --format csv drawn.h5 | tail -n +2 | awk -F, -v OFS=, '{ d = ($1 - 1.7e9) / 1000; s += d
      q += d * d } END { m = s / NR; v = q / NR - m * m; if (m < -1 || m > 1 || v < 0.02 || v > 4) {
      print m, v; exit 1 } }' || complain "$train: other rows"
    langevin-sample -m model.h5 -n 3 -o drawn.h5 2>err
    grep -q 'too far from 0 for float32' err || complain "$train: no word of float32"
  done
  score-train --process edm --sigma-max 9000 --p-mean 6 --hidden 16 --steps 400 -q far.h5 -o model.h5
  for p in float32 float64; do
    logdensity -m model.h5 --precision $p --atol 1e-6 --rtol 1e-6 far.h5 -o $p.h5
  done
  paste -d, <(numbers float32.h5 log_density) <(numbers float64.h5 log_density) |
    awk -F, '{ d = $1 - $2; if (d < -0.02 || d > 0.02) exit 1 }' || complain "ode: densities"
  sobolev-descent --steps 3 far.h5 far.h5 -o moved.h5 2>err
  grep -q 'too far from 0 for float32' err || complain "sobolev-descent: $(cat err)"
  # With --no-standardize nothing shifts the column.
  flow-train $small --no-standardize --steps 1 far.h5 -o flow.h5 2>err
  [ "$(wc -l <err)" -eq 1 ] || complain "flow-train: $(cat err)"
  grep -q 'column 0 lies too far from 0 for float32: .*--standardize' err || complain "$(cat err)"
  no_complaints
}

@test "a far Gaussian has its density in float32" {
  make_far
  echo 1 >weights.csv
  echo 1.7e9,0 >means.csv
  echo 1000000,0,0,1 >covariance.csv
  tensor-gen mixture --model --weights weights.csv --means means.csv --covariances covariance.csv -o model.h5
  logdensity -m model.h5 far.h5 -o scored.h5
  paste -d, <(numbers near.h5 x) <(numbers scored.h5 log_density) | awk -F, '{
    truth = -log(2 * 3.14159265358979) - log(1000) - ($1 * $1 + $2 * $2) / 2; d = $3 - truth
    if (d < -1e-3 || d > 1e-3) { print $3, truth; exit 1 } }'
}

@test "a column of one outlier is named with its row" {
  tensor-gen gaussian --dim 2 -n 200 --precision float64 -o near.h5
  tensor-export --format csv near.h5 | tail -n +2 | awk -F, 'NR == 18 { $2 = "1e6" } { print $1 "," $2 }' >rows.csv
  tensor-import rows.csv -o rows.h5
  outlier='column 1: row 17 is 1e+06 and makes the standard deviation 7.*, that of the other rows is [01]'
  flow-train $small --standardize --steps 1 rows.h5 -o model.h5 2>err
  grep -q "$outlier" err || complain "flow-train: $(cat err)"
  score-train --hidden 8 --steps 1 rows.h5 -o model.h5 2>err
  grep -q "$outlier" err || complain "score-train: $(cat err)"
  flow-train $small --standardize --steps 1 near.h5 -o model.h5 2>err
  [ ! -s err ] || complain "$(cat err)"
  no_complaints
}

@test "tensor-import says what float32 loses" {
  printf 't,v\n1700000001,1\n1700000060,2\n1700000002,3\n' >times.csv
  tensor-import times.csv -o x.h5 2>err
  [ "$(cat err)" = 'tensor-import: warning: times.csv: column t lies too far from 0 for float32: numbers near 1.7e+09 are 128 apart there, and it varies by 27.6; --precision float64 keeps the digits' ]
  printf 'id\n5\n16777217\n40\n' >ids.csv
  tensor-import ids.csv -o x.h5 2>err
  [ "$(cat err)" = 'tensor-import: warning: ids.csv: column id holds whole numbers that float32 does not have: 16777217 becomes 16777216; --precision float64 keeps the digits' ]
  for file in times ids; do
    tensor-import --precision float64 $file.csv -o x.h5 2>err
    [ ! -s err ]
  done
}
