# Training that tells: what ended it, lines in a batch log, going on from models and checkpoints, and
# defaults that suit the rows.

load common

small='--layers 2 --hidden 8 --depth 1 --no-history'

# mean_density MODEL ROWS: the mean log density.
mean_density() {
  logdensity -m "$1" "$2" --summary | tail -n 1 | cut -f2
}

@test "a run that patience ends says where, and which weights were kept" {
  tensor-gen gaussian --dim 2 -n 100 -o rows.h5
  flow-train $small --validate-every 10 --patience 5 --lr 0.02 --log log.tsv rows.h5 -o model.h5 2>err
  [ "$(grep -c '' err)" -le 2 ]
  read -r stopped kept < <(sed -n 's/^flow-train: stopped at step \([0-9]*\) of 10000; kept the weights of step \([0-9]*\) (validation loss .*)$/\1 \2/p' err)
  [ "$stopped" -eq $((kept + 50)) ]
  # The least of the log.
  [ "$(tail -n +2 log.tsv | awk -F '\t' '$4 != ""' | sort -g -k4,4 | head -n 1 | cut -f1)" -eq "$kept" ]
  flow-train $small -q --validate-every 10 --patience 5 --lr 0.02 rows.h5 -o quiet.h5 2>err
  [ ! -s err ]
  cmp model.h5 quiet.h5
  # A length that was asked for is kept to.
  flow-train $small --steps 3000 --lr 0.02 --log log.tsv rows.h5 -o model.h5
  [ "$(tail -n 1 log.tsv | cut -f1)" -eq 3000 ]
}

@test "overfitting is named where it shows" {
  tensor-gen gaussian --dim 6 -n 60 -o rows.h5
  flow-train --layers 4 --hidden 64 --steps 1500 --weight-decay 0 rows.h5 -o model.h5 2>err
  grep -q '^flow-train: overfitting: from step [0-9]* to 1500 the validation loss rose from .* to .* while the training loss fell from .* to .*; more rows, fewer --layers, a smaller network or --weight-decay may give a better model$' err
}

@test "without validation rows nothing is held out, and an ordinary run is silent" {
  tensor-gen gaussian --dim 2 -n 19 -o few.h5
  flow-train $small --steps 20 --log log.tsv few.h5 -o model.h5 2>err
  [ ! -s err ]
  [ "$(tail -n 1 log.tsv | cut -f4)" = '' ]
  tensor-gen gaussian --dim 2 -n 200 -o rows.h5
  flow-train $small --steps 20 --validation 0 --log log.tsv rows.h5 -o model.h5 2>err
  [ ! -s err ]
  [ "$(tail -n 1 log.tsv | cut -f4)" = '' ]
  flow-train $small --steps 20 --log log.tsv rows.h5 -o model.h5
  [ "$(tail -n 1 log.tsv | cut -f4)" != '' ]
}

@test "lines of progress come by the clock where there is no terminal" {
  tensor-gen moons -n 200 -o rows.h5
  timeout -s TERM 3 score-train --hidden 16 --steps 100000000 --progress 0.005m rows.h5 -o model.h5 2>err ||
    true
  [ "$(grep -c '^score-train: [0-9]*/100000000 step, .*/s, .* left, loss ' err)" -ge 3 ]
  ! grep -q $'\r' err
  outcome score-train --progress 0m rows.h5 -o model.h5
  [ "$status" -eq 2 ]
  outcome score-train --progress often rows.h5 -o model.h5
  [ "$status" -eq 2 ]
}

@test "a log grows while the run goes" {
  tensor-gen moons -n 200 -o rows.h5
  score-train -q --hidden 16 --steps 100000000 --log log.tsv rows.h5 -o model.h5 &
  for ((i = 0; i < 200; ++i)); do
    [ -s log.tsv ] && [ "$(wc -l <log.tsv)" -gt 5 ] && break
    sleep 0.1
  done
  [ "$(wc -l <log.tsv)" -gt 5 ]
  kill -TERM $!
  wait $! || status=$?
  [ "$status" -eq 143 ]
}

@test "--resume auto begins where there is no checkpoint, and goes on where there is one" {
  tensor-gen moons -n 200 -o rows.h5
  run="$small --schedule constant rows.h5"
  flow-train $run --steps 60 -o whole.h5
  job="flow-train $run --checkpoint c.h5 --resume auto -o model.h5"
  $job --steps 30
  $job --steps 60
  cmp whole.h5 model.h5
  outcome flow-train $run --steps 3 --resume auto -o model.h5
  [ "$status" -eq 2 ]
  grep -q 'resume auto .*--checkpoint' err
}

@test "a resumed run on other rows is refused in words" {
  tensor-gen moons -n 200 -o rows.h5
  tensor-gen moons -n 100 -o other.h5
  flow-train $small --steps 3 --schedule constant --checkpoint c.h5 rows.h5 -o model.h5
  outcome flow-train $small --steps 6 --schedule constant --resume c.h5 other.h5 -o no.h5
  [ "$status" -eq 1 ]
  grep -q 'was made from other training rows, 180 rows of 2 columns then and 90 rows of 2 columns now' err
}

@test "--init goes on from a model, whatever its schedule was" {
  tensor-gen gaussian --dim 2 -n 2000 -o rows.h5
  tensor-export --format csv rows.h5 | tail -n +2 | awk -F, '{ print $1 + 1 "," $2 }' | tensor-import - -o moved.h5
  flow-train $small --steps 1000 rows.h5 -o flow.h5 -q
  flow-train --init flow.h5 --steps 300 --schedule constant moved.h5 -o tuned.h5 -q
  # Entropy of the rows: 2.838.
  awk -v a="$(mean_density flow.h5 moved.h5)" -v b="$(mean_density tuned.h5 moved.h5)" \
    'BEGIN { exit !(a < -3.2 && b > -2.9) }'
  # A single step with no learning rate to speak of is the model it started from.
  flow-train --init flow.h5 --steps 1 --lr 1e-30 rows.h5 -o same.h5 -q
  [ "$(mean_density same.h5 rows.h5)" = "$(mean_density flow.h5 rows.h5)" ]
  score-train --hidden 16 --steps 200 rows.h5 -o score.h5 -q
  score-train --init score.h5 --steps 1 --lr 1e-30 --ema 0 rows.h5 -o same.h5 -q
  [ "$(mean_density same.h5 rows.h5)" = "$(mean_density score.h5 rows.h5)" ]
  remember_files
  outcome flow-train --init flow.h5 --layers 3 rows.h5 -o no.h5
  expect_failure 2 flow-train '--layers'
  outcome score-train --init score.h5 --process ve rows.h5 -o no.h5
  expect_failure 2 score-train '--process'
  outcome score-train --init flow.h5 rows.h5 -o no.h5
  expect_failure 1 score-train 'a flow'
  tensor-gen gaussian --dim 3 -n 50 -o ../wide.h5
  outcome flow-train --init flow.h5 ../wide.h5 -o no.h5
  expect_failure 1 flow-train 'rows of three columns'
  no_complaints
}

@test "columns in other units give the same model in those units" {
  tensor-gen moons -n 1000 -o rows.h5
  # Binary fractions times powers of two: every number keeps its digits.
  tensor-export --format csv rows.h5 | tail -n +2 |
    awk -F, '{ print int($1 * 1024) / 1024 "," int($2 * 1024) / 1024 }' OFMT=%.17g CONVFMT=%.17g >rows.csv
  awk -F, '{ print $1 * 1048576 "," $2 / 1048576 }' OFMT=%.17g CONVFMT=%.17g rows.csv >scaled.csv
  tensor-import rows.csv -o rows.h5
  tensor-import scaled.csv -o scaled.h5
  for train in 'flow-train --layers 2 --hidden 8' 'score-train --hidden 16' \
    'score-train --hidden 16 --process ve' 'score-train --hidden 16 --process vp'; do
    for rows in rows scaled; do
      $train -q --steps 100 $rows.h5 -o $rows.model.h5
      logdensity -m $rows.model.h5 $rows.h5 -o $rows.scored.h5
    done
    paste -d, <(numbers rows.scored.h5 log_density) <(numbers scaled.scored.h5 log_density) |
      awk -F, '{ d = $1 - $2; if (d < -1e-3 || d > 1e-3) { print $1, $2; exit 1 } }' || complain "$train"
  done
  no_complaints
}

@test "rows far from size 1 are told what was done for them" {
  tensor-gen moons -n 100 --precision float64 | tensor-export --format csv | tail -n +2 |
    awk -F, '{ print $1 * 1e5 "," $2 }' | tensor-import - -o rows.h5
  flow-train $small --steps 1 rows.h5 -o model.h5 2>err
  grep -q '^flow-train: rows hold numbers as large as 3.*e+05; columns are standardised unless --no-standardize is given$' err
  flow-train $small --steps 1 --standardize rows.h5 -o model.h5 2>err
  [ ! -s err ]
  score-train --hidden 4 --steps 1 rows.h5 -o model.h5 2>err
  grep -q "^score-train: noise levels are in units of the columns' standard deviations, here 1.* to 1.*e+05, unless --no-standardize is given$" err
  score-train --hidden 4 --steps 1 --standardize rows.h5 -o model.h5 2>err
  [ ! -s err ]
}

@test "pictures for a network that does not know them are told so once" {
  tensor-gen shapes --size 8 -n 100 -o shapes.h5
  score-train --hidden 8 --steps 2 shapes.h5 -o model.h5 2>err
  [ "$(grep -c -- '--net unet' err)" -eq 1 ]
  score-train --net unet --channels 4 --multipliers 1 --steps 2 shapes.h5 -o model.h5 2>err
  ! grep -q -- '--net unet' err
}
