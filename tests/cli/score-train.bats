# score-train: losses, options that go together, resuming, what the model file says.

load common

# The mean of the last rows' losses in a log.
last_loss() {
  tail -n "${2:-5}" "$1" | awk -F '\t' '{ sum += $3 } END { print sum / NR }'
}

# within VALUE LOW HIGH
within() {
  awk -v v="$1" -v low="$2" -v high="$3" 'BEGIN { exit !(v > low && v < high) }' ||
    complain "$1 is not within $2 and $3"
}

@test "the loss ends at its floor for Gaussian rows" {
  tensor-gen gaussian --dim 2 -n 20000 -o rows.h5
  # dsm over the ladder: the mean over levels of 2 / 2 / (1 + sigma^2).
  floor=$(awk 'BEGIN { for (i = 0; i < 10; ++i) { s = 0.01 ^ (i / 9); f += 0.1 / (1 + s * s) }
    print f }')
  score-train --process ve --hidden 32 --depth 2 --steps 1500 --log log.tsv -o ve.h5 rows.h5
  within "$(last_loss log.tsv)" "$(awk "BEGIN { print $floor - 0.03 }")" \
    "$(awk "BEGIN { print $floor + 0.03 }")"
  # denoise: the number of columns.
  score-train --process edm --hidden 32 --depth 2 --steps 300 --log log.tsv -o edm.h5 rows.h5
  within "$(last_loss log.tsv 3)" 1.94 2.08
  no_complaints
}

@test "one thread and two give the same bits, another seed others" {
  tensor-gen moons -n 1000 -o rows.h5
  common='--hidden 16 --steps 30 --no-history'
  score-train $common --threads 1 -o one.h5 rows.h5
  score-train $common --threads 2 -o two.h5 rows.h5
  cmp one.h5 two.h5
  score-train $common --seed 1 -o other.h5 rows.h5
  ! cmp -s one.h5 other.h5
}

@test "a run that is resumed gives the bits of one that was not stopped" {
  tensor-gen moons -n 1000 -o rows.h5
  for process in none ve edm; do
    common="--process $process --hidden 16 --validation 0.2 --validate-every 5 --no-history"
    score-train $common --steps 60 -o whole.h5 rows.h5
    score-train $common --steps 25 --checkpoint run.h5 -o part.h5 rows.h5
    score-train $common --steps 60 --resume run.h5 -o resumed.h5 rows.h5
    cmp whole.h5 resumed.h5 || complain "$process: other bits"
  done
  no_complaints
}

@test "SIGTERM leaves a checkpoint to go on from, and status 143" {
  tensor-gen moons -n 1000 -o rows.h5
  score-train --hidden 16 --steps 100000000 --checkpoint run.h5 -o model.h5 rows.h5 &
  pid=$!
  sleep 0.5
  kill -TERM $pid
  status=0
  wait $pid || status=$?
  [ "$status" -eq 143 ]
  [ ! -e model.h5 ]
  langevin-sample -m run.h5 -n 10 --steps 2 -o samples.h5
}

@test "every combination of objective, process and parametrization trains and samples" {
  tensor-gen moons -n 500 -o rows.h5
  for objective in dsm denoise; do
    for process in none ve edm; do
      for parametrization in score noise data edm; do
        what="$objective $process $parametrization"
        outcome score-train --objective $objective --process $process --steps 3 --hidden 8 \
          --parametrization $parametrization -o model.h5 rows.h5
        [ "$status" -eq 0 ] && [ ! -s err ] || complain "$what: $(cat err)"
        outcome langevin-sample -m model.h5 -n 20 --steps 3 -o samples.h5
        [ "$status" -eq 0 ] && [ ! -s err ] || complain "$what, sampling: $(cat err)"
      done
    done
  done
  no_complaints
}

@test "options of another process are refused, not ignored" {
  tensor-gen moons -n 100 -o rows.h5
  remember_files
  for options in '--process ve --sigma 1' '--process edm --levels 5' '--process ve --p-mean 1' \
    '--process none --p-std 1' '--process none --sigma-max 2' '--sigma-min 3 --sigma-max 2' \
    '--process vp' '--net unet' '--objective ism' '--patience 3'; do
    outcome score-train --steps 2 -o model.h5 $options rows.h5
    expect_failure 2 score-train "$options"
  done
  no_complaints
}

@test "rows that are all equal have no deviation to measure" {
  printf '1,2\n1,2\n1,2\n' >rows.csv
  tensor-import rows.csv -o rows.h5
  remember_files
  outcome score-train --steps 2 -o model.h5 rows.h5
  expect_failure 1 score-train 'equal rows'
  grep -q 'give --sigma-data' err
  score-train --steps 2 --sigma-data 1 -o model.h5 rows.h5
  no_complaints
}

@test "a loss that is no longer finite ends with status 3 and names the step" {
  tensor-gen moons -n 500 -o rows.h5
  remember_files
  outcome score-train --steps 200 --lr 1e30 -o model.h5 rows.h5
  expect_failure 3 score-train 'a huge learning rate'
  grep -q 'step' err
  no_complaints
}

@test "images train as rows and are given back as images" {
  tensor-gen shapes --size 6 -n 100 -o images.h5
  score-train --steps 3 --hidden 16 -o model.h5 images.h5
  langevin-sample -m model.h5 -n 7 --steps 2 -o samples.h5
  tensor-export --summary samples.h5 | grep -q '\[7, 1, 6, 6\]'
}
