# flow-train, flow-sample and logdensity: what their pages promise.

load common

small='--layers 4 --hidden 16 --depth 1 --batch 200'

make_rows() {
  tensor-gen moons -n 1000 --no-history -o rows.h5
}

# values FILE DATASETS: the numbers as text, to compare files whose histories differ.
values() {
  tensor-export --format csv --columns "$2" "$1"
}

@test "threads do not change a bit of the model or the samples" {
  make_rows
  for threads in 1 2; do
    # shellcheck disable=SC2086
    flow-train $small --steps 60 --ema 0.9 --validation 0.1 --no-history --threads $threads rows.h5 \
      -o model$threads.h5
    flow-sample -m model1.h5 -n 1000 --log-density --no-history --threads $threads -o x$threads.h5
    logdensity -m model1.h5 --score --no-history --threads $threads rows.h5 -o d$threads.h5
  done
  cmp model1.h5 model2.h5
  cmp x1.h5 x2.h5
  cmp d1.h5 d2.h5
}

@test "a resumed run gives the bits of one that was not stopped" {
  make_rows
  # shellcheck disable=SC2086
  flow-train $small --steps 41 --schedule constant --ema 0.99 --validation 0.2 --log-every 9 \
    --validate-every 100 --checkpoint part.h5 rows.h5 -o unused.h5
  # shellcheck disable=SC2086
  outcome flow-train $small --steps 100 --schedule constant --ema 0.99 --validation 0.2 \
    --log-every 9 --no-history --resume part.h5 rows.h5 -o resumed.h5
  [ "$status" -eq 1 ]
  grep -q 'validate-every 100, this run has 0' err
  # The same settings all along, and a stop wherever the signal finds the run.
  run="$small --steps 40000 --schedule cosine --ema 0.99 --validation 0.2 --log-every 9 --no-history"
  # shellcheck disable=SC2086
  flow-train $run rows.h5 -o whole.h5
  # shellcheck disable=SC2086
  outcome timeout --preserve-status -s TERM 1 flow-train $run --checkpoint part.h5 rows.h5 -o unused.h5
  [ "$status" -eq 143 ]
  # shellcheck disable=SC2086
  flow-train $run --resume part.h5 rows.h5 -o resumed.h5
  cmp whole.h5 resumed.h5
}

@test "a signal makes a checkpoint and status 128 + its number" {
  make_rows
  for signal in INT TERM; do
    rm -f check.h5
    # shellcheck disable=SC2086
    outcome timeout --preserve-status -s $signal 3 flow-train $small --steps 100000000 \
      --checkpoint check.h5 rows.h5 -o model.h5
    [ "$status" -eq "$((128 + $(kill -l $signal)))" ]
    [ "$(wc -l <err)" -le 1 ]
    [ ! -e model.h5 ]
    flow-sample -m check.h5 -n 10 >x.h5
  done
}

@test "a sample's reported density is what logdensity says" {
  make_rows
  # shellcheck disable=SC2086
  flow-train $small --steps 50 --standardize rows.h5 -o model.h5
  flow-sample -m model.h5 -n 500 --precision float64 --log-density -o x.h5
  values x.h5 log_density >told
  logdensity -m model.h5 --precision float64 x.h5 | values - log_density >computed
  paste -d, told computed | awk -F, 'NR > 1 { d = $1 - $2; if (d * d > 1e-16) bad = 1 } END { exit bad || NR != 501 }'
}

@test "encode and decode through files" {
  make_rows
  # shellcheck disable=SC2086
  flow-train $small --steps 50 --standardize rows.h5 -o model.h5
  flow-sample -m model.h5 --encode rows.h5 --precision float64 -o noise.h5
  flow-sample -m model.h5 --latent noise.h5 --precision float64 -o back.h5
  paste -d, <(values rows.h5 x) <(values back.h5 x) |
    awk -F, 'NR > 1 { d = $1 - $3; e = $2 - $4; if (d * d + e * e > 1e-13) bad = 1 } END { exit bad || NR != 1001 }'
}

@test "shards are the whole, ten rows the first of twenty" {
  make_rows
  # shellcheck disable=SC2086
  flow-train $small --steps 20 rows.h5 -o model.h5
  flow-sample -m model.h5 -n 1000 | values - x >whole
  for i in 1 2 3; do
    flow-sample -m model.h5 -n 1000 --shard $i/3 | values - x | tail -n +2
  done >parts
  tail -n +2 whole | cmp - parts
  flow-sample -m model.h5 -n 10 | values - x | cmp - <(head -n 11 whole)
  outcome flow-sample -m model.h5 -n 1000 --shard 4/3
  [ "$status" -eq 2 ]
}

@test "shape of rows is given back, labels go through" {
  tensor-gen shapes --size 4 -n 300 -o images.h5
  # shellcheck disable=SC2086
  flow-train $small --steps 5 --standardize images.h5 -o model.h5
  flow-sample -m model.h5 -n 7 | tensor-export --summary | grep -q '^/x	\[7, 1, 4, 4\]'
  logdensity -m model.h5 images.h5 | tensor-export --summary >summary
  grep -q '^/label	\[300\]' summary
  grep -q '^/log_density	\[300\]' summary
}

@test "the log has its columns, the model the same numbers" {
  make_rows
  # shellcheck disable=SC2086
  flow-train $small --steps 50 --log-every 10 --validation 0.1 --validate-every 25 --log log.tsv rows.h5 \
    -o model.h5
  [ "$(head -n 1 log.tsv)" = "$(printf 'step\tseconds\tloss\tvalidation\tlr\tgrad_norm')" ]
  [ "$(cut -f1 log.tsv | tail -n +2 | tr '\n' ' ')" = "10 20 25 30 40 50 " ]
}

@test "a loss that is not finite ends with status 3 and no model" {
  make_rows
  outcome flow-train --steps 200 --lr 1e30 --schedule constant rows.h5 -o model.h5
  [ "$status" -eq 3 ]
  grep -q '^flow-train: .*not finite at step' err
  [ "$(wc -l <err)" -eq 1 ]
  [ ! -e model.h5 ]
}

@test "models of another kind are refused by name" {
  make_rows
  tensor-gen gaussian --dim 3 --model -o three.h5
  outcome flow-sample -m three.h5
  [ "$status" -eq 1 ]
  grep -q "family 'analytic', where a flow is needed" err
  outcome logdensity -m three.h5 rows.h5
  [ "$status" -eq 1 ]
  grep -q 'rows of 2 numbers, the model has rows of 3' err
  outcome logdensity -m rows.h5 rows.h5
  [ "$status" -eq 1 ]
  grep -q 'not a model' err
}

@test "planar and radial flows train, and refuse options of networks" {
  make_rows
  for flow in planar radial; do
    flow-train --flow $flow --layers 8 --steps 300 rows.h5 -o $flow.h5
    flow-sample -m $flow.h5 -n 200 | logdensity -m $flow.h5 --summary |
      awk -F '\t' 'NR == 2 { exit !($1 == 200 && $7 == 0) }'
    outcome flow-train --flow $flow --hidden 8 rows.h5 -o no.h5
    [ "$status" -eq 2 ]
    grep -q "flow $flow has no networks" err
  done
}

@test "outputs that are one file are refused, one that cannot be written is known at once" {
  make_rows
  remember_files
  for both in '-o a.h5 --checkpoint ./a.h5' '-o a.h5 --log a.h5' '--checkpoint a.h5 --log a.h5' \
    '--log -' '--checkpoint -'; do
    # shellcheck disable=SC2086
    outcome flow-train $small --steps 5 $both rows.h5
    expect_failure 2 flow-train "$both"
  done
  outcome timeout 20 flow-train $small --steps 100000000 --checkpoint no/c.h5 rows.h5 -o a.h5
  expect_failure 1 flow-train "a checkpoint in no folder"
  outcome flow-train $small --steps 5 rows.h5 -o /dev/null --log /dev/null
  [ "$status" -eq 0 ]
  no_complaints
}

@test "numbers beyond float32 are named, not trained on" {
  printf '1,2\n3e200,4\n' >large.csv
  tensor-import --precision float64 large.csv -o large.h5
  remember_files
  for program in flow-train score-train; do
    outcome $program --steps 2 large.h5 -o model.h5
    expect_failure 1 $program "3e200"
    grep -q 'large.h5: /x row 1 holds a number beyond 3.4e38' err
  done
  no_complaints
}

@test "a trajectory begins as the start and ends as the samples, for any number of threads" {
  make_rows
  for threads in 1 2; do
    # shellcheck disable=SC2086
    flow-train $small --steps 50 --seed 3 --no-history --threads $threads \
      --trajectory film$threads.h5 --trajectory-every 20 --trajectory-rows 30 rows.h5 -o model.h5
  done
  cmp film1.h5 film2.h5
  [ "$(values film1.h5 step | tail -n +2 | tr '\n' ' ')" = "0 20 40 50 " ]
  tensor-export --summary film1.h5 | grep -q '^/x	\[4, 30, 2\]	float32'
  flow-sample -m model.h5 -n 30 --seed 3 | values - x | tail -n +2 | tr '\n' ',' >drawn
  values film1.h5 x | tail -n 1 | tr '\n' ',' | cmp - drawn
  # Real NVP begins as the identity.
  # shellcheck disable=SC2086
  flow-train $small --steps 1 --seed 3 rows.h5 -o fresh.h5 --lr 1e-30
  flow-sample -m fresh.h5 -n 30 --seed 3 | values - x | tail -n +2 | tr '\n' ',' >drawn
  values film1.h5 x | sed -n 2p | tr '\n' ',' | cmp - drawn
}

@test "a trajectory of images has their shape; a resumed run begins where it resumes" {
  tensor-gen shapes --size 4 -n 300 -o images.h5
  run="$small --schedule constant --trajectory-rows 5 --trajectory-every 10 -q"
  # shellcheck disable=SC2086
  flow-train $run --steps 15 --checkpoint part.h5 --trajectory film.h5 images.h5 -o model.h5
  tensor-export --summary film.h5 | grep -q '^/x	\[3, 5, 1, 4, 4\]'
  # shellcheck disable=SC2086
  flow-train $run --steps 30 --resume part.h5 --trajectory film.h5 images.h5 -o model.h5
  [ "$(values film.h5 step | tail -n +2 | tr '\n' ' ')" = "15 20 30 " ]
}

@test "what stops training leaves the frames it has; a trajectory that cannot be written none" {
  make_rows
  outcome flow-train --steps 200 --lr 1e30 --schedule constant --trajectory film.h5 rows.h5 -o model.h5
  [ "$status" -eq 3 ]
  [ "$(values film.h5 step | sed -n 2p)" = 0 ]
  rm film.h5
  remember_files
  for options in '--trajectory a.h5' '--trajectory ./b.h5 --log b.h5' '--trajectory -' \
    '--trajectory-every 5' '--trajectory-rows 5' '--trajectory f.h5 --trajectory-rows 0'; do
    # shellcheck disable=SC2086
    outcome flow-train --steps 5 $options rows.h5 -o a.h5
    expect_failure 2 flow-train "$options"
  done
  outcome timeout 20 flow-train --steps 100000000 --trajectory no/f.h5 rows.h5 -o a.h5
  expect_failure 1 flow-train "a trajectory in no folder"
  no_complaints
}

@test "rows without a density are warned of, a line for each kind, not with --quiet" {
  printf '%s\n' 1.5,0.13,7,0.26 1.5,0.71,3,1.42 1.5,0.32,4,0.64 1.5,0.55,3,1.1 1.5,0.91,7,1.82 \
    1.5,0.24,3,0.48 1.5,0.83,1,1.66 1.5,0.47,2,0.94 | tensor-import --header no - -o rows.h5
  for options in '' --standardize; do
    # shellcheck disable=SC2086
    outcome flow-train $small --steps 2 $options rows.h5 -o model.h5
    [ "$status" -eq 0 ]
    diff err - <<'END'
flow-train: warning: column 0 is constant: a density has no finite value there
flow-train: warning: column 2 holds whole numbers only: a density over such values has no bound; tensor-import --jitter adds noise as wide as the steps between them
flow-train: warning: columns 1 and 3 are equal up to scale and shift: rows on a plane have no density; leave one of a pair out
END
  done
  outcome flow-train $small --steps 2 -q rows.h5 -o model.h5
  [ "$status" -eq 0 ]
  [ ! -s err ]
  tensor-gen shapes --size 28 -n 40 -o images.h5
  outcome flow-train --layers 2 --hidden 4 --steps 1 images.h5 -o model.h5
  [ "$status" -eq 0 ]
  [ "$(wc -l <err)" -le 3 ]
  grep -q 'and [0-9]* more hold discrete values' err
}

@test "an L2 penalty shrinks weights and is part of what a resumed run must repeat" {
  make_rows
  run="$small --steps 400 --lr 0.02 --schedule constant rows.h5"
  # shellcheck disable=SC2086
  flow-train $run --checkpoint part.h5 -o plain.h5
  # shellcheck disable=SC2086
  flow-train $run --l2 10 -o small.h5
  for model in plain small; do
    tensor-export --summary "$model.h5:/model/parameters/layer_0/net/hidden_0/weight" | tail -n 1 |
      cut -f7 >$model
  done
  awk 'NR == 1 { plain = $1 } NR == 2 { exit !($1 > 0 && $1 < 0.5 * plain) }' plain small
  # shellcheck disable=SC2086
  outcome flow-train $run --l2 10 --resume part.h5 -o no.h5
  [ "$status" -eq 1 ]
  grep -q 'was made with l2 0, this run has 10' err
}

@test "a trajectory of a conditional flow and of one with batch normalisation" {
  tensor-gen shapes --size 4 -n 200 -o shapes.h5
  tensor-export --format csv --columns label shapes.h5 | sed -n 2,4p >labels
  # shellcheck disable=SC2086
  flow-train $small -q --validation 0 --flow maf --batch-norm --label --steps 20 --trajectory film.h5 \
    --trajectory-every 7 --trajectory-rows 3 shapes.h5 --no-history -o model.h5
  # Frames do not change the run.
  # shellcheck disable=SC2086
  flow-train $small -q --validation 0 --flow maf --batch-norm --label --steps 20 shapes.h5 --no-history -o plain.h5
  cmp model.h5 plain.h5
  # Every row has the label of a training row, in their order.
  row=0
  while read -r label; do
    row=$((row + 1))
    flow-sample -m model.h5 -n 3 --label "$label" | values - x | sed -n $((row + 1))p
  done <labels | tr '\n' ',' >drawn
  values film.h5 x | tail -n 1 | tr '\n' ',' | cmp - drawn
}
