# Models that restore spoilt pictures: score-train --process blur and cold, and drawing from them.

bats_require_minimum_version 1.5.0
load common

# shapes COUNT SEED: pictures of 8 x 8.
shapes() {
  tensor-gen shapes --size 8 -n "$1" --seed "$2"
}

# dataset FILE:/PATH, as text.
dataset() {
  tensor-export --format csv "$1" | tail -n +2
}

# statistic FILE DATASET NAME, of tensor-export --summary.
statistic() {
  tensor-export --summary "$1" |
    awk -F '\t' -v path="$2" -v name="$3" 'NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i }
      $1 == path { print $at[name] }'
}

# Rows of 8 x 8 pixels with the means of 2 x 2 of them in their places.
coarsen() {
  awk -F, '{ for (i = 0; i < 64; ++i) {
    y = int(i / 8); x = i % 8; a = 8 * (y - y % 2) + x - x % 2 + 1
    printf "%.9g%s", ($a + $(a + 1) + $(a + 8) + $(a + 9)) / 4, i < 63 ? "," : "\n" } }'
}

train() {
  score-train --hidden 32 --depth 2 -q "$@"
}

@test "every restoration is trained, drawn from, and gives rows back their shape" {
  shapes 500 0 >rows.h5
  for process in blur cold 'cold --degradation pixelate' 'cold --degradation mask' \
    'cold --degradation noise'; do
    train --process $process --levels 3 --steps 60 --log log.tsv -o model.h5 rows.h5
    awk -F '\t' 'END { exit !($3 > 0) }' log.tsv || complain "$process: loss"
    langevin-sample -m model.h5 -n 20 -o drawn.h5
    [ "$(statistic drawn.h5 /x shape)" = '[20, 1, 8, 8]' ] || complain "$process: shape"
    [ "$(statistic drawn.h5 /x type)" = float32 ] || complain "$process: type"
    [ "$(statistic drawn.h5 /x nonfinite)" = 0 ] || complain "$process: not finite"
  done
  no_complaints
}

@test "training ends below what it began with, the same for any number of threads, and resumes" {
  shapes 500 0 >rows.h5
  for process in 'blur --levels 10' 'cold --levels 5' 'cold --degradation noise --levels 5'; do
    common="--process $process --no-history"
    train $common --steps 200 --log-every 20 --log log.tsv --threads 1 -o whole.h5 rows.h5
    awk -F '\t' 'NR == 2 { first = $3 } END { exit !($3 < 0.9 * first) }' log.tsv ||
      complain "$process: $(cat log.tsv)"
    train $common --steps 200 --log-every 20 --threads 2 -o two.h5 rows.h5
    cmp whole.h5 two.h5 || complain "$process: threads"
    train $common --steps 80 --log-every 20 --checkpoint run.h5 -o part.h5 rows.h5
    train $common --steps 200 --log-every 20 --resume run.h5 -o resumed.h5 rows.h5
    cmp whole.h5 resumed.h5 || complain "$process: resumed"
  done
  remember_files
  outcome score-train --process cold --degradation mask --levels 5 --hidden 32 --depth 2 \
    --steps 200 --log-every 20 --resume run.h5 -o changed.h5 rows.h5
  expect_failure 1 score-train 'another degradation'
  grep -q 'was made with degradation noise, this run has mask' err
  no_complaints
}

@test "rows are functions of the seed: threads, shards and counts change nothing" {
  shapes 500 0 >rows.h5
  for process in 'blur --levels 10' 'cold --levels 5' 'cold --degradation noise --levels 5'; do
    train --process $process --steps 60 -o model.h5 rows.h5
    draw="langevin-sample -m model.h5 --no-history"
    $draw -n 600 --threads 1 -o one.h5
    $draw -n 600 --threads 2 -o two.h5
    cmp one.h5 two.h5 || complain "$process: threads"
    numbers one.h5 x >whole
    $draw -n 600 --shard 2/2 -o second.h5
    numbers second.h5 x >part
    tail -n "$(wc -l <part)" whole | cmp - part || complain "$process: shard"
    $draw -n 10 -o few.h5
    numbers few.h5 x | cmp - <(head -n 10 whole) || complain "$process: count"
    $draw -n 600 --seed 1 -o other.h5
    ! cmp -s one.h5 other.h5 || complain "$process: seed"
  done
  no_complaints
}

@test "a U-Net restores: every degradation, both algorithms, threads, resuming, previews, shards" {
  shapes 64 0 >rows.h5
  net='--net unet --channels 4 --multipliers 1,2 --blocks 1 --attention 4 --batch 16 --no-history'
  for process in 'blur --levels 3' 'cold --levels 2' 'cold --degradation pixelate' \
    'cold --degradation mask --levels 2' 'cold --degradation noise --levels 2'; do
    common="$net --process $process --dropout 0.1 --flip --validation 0.25 --validate-every 2"
    score-train $common --threads 1 --steps 6 -o one.h5 rows.h5
    score-train $common --threads 2 --steps 6 -o two.h5 rows.h5
    cmp one.h5 two.h5 || complain "$process: threads"
    score-train $common --steps 4 --checkpoint run.h5 -o part.h5 rows.h5
    score-train $common --steps 6 --resume run.h5 -o resumed.h5 rows.h5
    cmp one.h5 resumed.h5 || complain "$process: resumed"
    # A preview changes nothing, and is a picture: that of langevin-sample.
    score-train $common --steps 6 --preview grid.png --preview-every 4 -o viewed.h5 rows.h5
    cmp one.h5 viewed.h5 || complain "$process: preview"
    [ "$(head -c 4 grid.png | tail -c 3)" = PNG ] || complain "$process: no picture"
    draw='langevin-sample -m one.h5 --no-history'
    case $process in cold*) algorithms='1 2' ;; *) algorithms= ;; esac
    for algorithm in ${algorithms:-none}; do
      with=
      [ "$algorithm" = none ] || with="--algorithm $algorithm"
      $draw $with -n 40 --threads 1 -o all.h5
      $draw $with -n 40 --threads 2 -o again.h5
      cmp all.h5 again.h5 || complain "$process: threads of sampling"
      $draw $with -n 40 --shard 2/2 -o second.h5
      numbers all.h5 x >whole
      numbers second.h5 x >part
      tail -n "$(wc -l <part)" whole | cmp - part || complain "$process: shard"
      $draw $with -n 5 -o few.h5
      numbers few.h5 x | cmp - <(head -n 5 whole) || complain "$process: count"
      [ "$(statistic all.h5 /x shape)" = '[40, 1, 8, 8]' ] || complain "$process: shape"
    done
    $draw -n 64 -o drawn.h5
    tensor-export -o drawn.png --range 0,255 drawn.h5
    cmp drawn.png grid.png || complain "$process: the preview is another picture"
  done
  remember_files
  outcome score-train ${common/channels 4/channels 8} --steps 6 --resume run.h5 -o other.h5 rows.h5
  expect_failure 1 score-train 'another --channels'
  outcome score-train ${common/--flip/} --steps 6 --resume run.h5 -o other.h5 rows.h5
  expect_failure 1 score-train 'without --flip'
  no_complaints
}

@test "a U-Net's steps and batches are smaller unless given" {
  shapes 100 0 >rows.h5
  net='--net unet --channels 4 --multipliers 1 --blocks 1 --steps 2 --log-every 1'
  for process in edm blur; do
    score-train $net --process $process --log log.tsv -o model.h5 rows.h5
    awk -F '\t' 'NR == 2 { exit !($5 == 0.001) }' log.tsv || complain "$process: $(cat log.tsv)"
    score-train $net --process $process --batch 64 --lr 0.001 --no-history -o given.h5 rows.h5
    score-train $net --process $process --no-history -o model.h5 rows.h5
    cmp given.h5 model.h5 || complain "$process: the defaults are others"
    score-train $net --process $process --batch 8 --lr 0.002 --log log.tsv -o model.h5 rows.h5
    awk -F '\t' 'NR == 2 { exit !($5 == 0.002) }' log.tsv || complain "$process: given"
  done
  score-train --hidden 8 --steps 1 --log log.tsv -o model.h5 rows.h5
  awk -F '\t' 'NR == 2 { exit !($5 == 0.002) }' log.tsv || complain "mlp: $(cat log.tsv)"
  no_complaints
}

@test "a trajectory goes from the spoilt picture to the output" {
  shapes 500 0 >rows.h5
  train --process blur --levels 4 --steps 60 -o model.h5 rows.h5
  langevin-sample -m model.h5 -n 3 --trajectory path.h5 -o drawn.h5
  [ "$(statistic path.h5 /x shape)" = '[3, 5, 1, 8, 8]' ]
  [ "$(dataset path.h5:/trajectory/step | tr '\n' ' ')" = '0 1 2 3 4 ' ]
  dataset path.h5:/trajectory/sigma >widths
  awk 'NR == 1 { exit !($1 > 5.71 && $1 < 5.72) }' widths
  [ "$(tail -n 1 widths)" = 0 ]
  tensor-plot --kind film -o film.png path.h5
  numbers path.h5 x | awk -F, '{ for (i = NF - 63; i <= NF; ++i) printf "%s%s", $i, i < NF ? "," : "\n" }' >ends
  numbers drawn.h5 x | cmp - ends
}

@test "given pictures are spoilt and restored, or restored as they are" {
  shapes 2000 0 >rows.h5
  shapes 50 1 >fresh.h5
  train --process cold --degradation pixelate --steps 800 -o model.h5 rows.h5
  langevin-sample -m model.h5 --init fresh.h5 --start-level 1 -o restored.h5
  [ "$(statistic restored.h5 /x shape)" = '[50, 1, 8, 8]' ]
  # Means of 2 x 2 pixels, as a person would hand them in.
  numbers fresh.h5 x >fresh.csv
  coarsen <fresh.csv >coarse.csv
  tensor-import --header no coarse.csv -o coarse.h5
  langevin-sample -m model.h5 --init coarse.h5 --init-degraded --start-level 1 -o again.h5
  numbers restored.h5 x >restored.csv
  numbers again.h5 x >again.csv
  numbers_close restored.csv again.csv 0.01 50
  # Half of what pixelating lost is there again, and more.
  paste -d, fresh.csv coarse.csv restored.csv | awk -F, '
    { for (i = 1; i <= 64; ++i) { lost += ($i - $(i + 64)) ^ 2; left += ($i - $(i + 128)) ^ 2 } }
    END { exit !(left < 0.5 * lost) }'
  # Algorithm 2 changes nothing of what is known: the means of its blocks are those given.
  coarsen <restored.csv >kept.csv
  numbers_close kept.csv coarse.csv 0.01 50
}

@test "rows that are not pictures, and options that do not belong, are refused" {
  shapes 100 0 >rows.h5
  tensor-gen moons -n 100 -o moons.h5
  tensor-gen shapes --size 40 -n 20 -o large.h5
  train --process blur --levels 3 --steps 5 -o blur.h5 rows.h5
  train --process cold --degradation noise --levels 3 --steps 5 -o noise.h5 rows.h5
  train --process edm --steps 5 -o edm.h5 rows.h5
  remember_files
  while IFS='|' read -r expected command words; do
    outcome $command -o result
    expect_failure "$expected" "${command%% *}" "$command"
    grep -qF -e "$words" err || complain "$command: $(cat err)"
  done <<'END'
1|score-train --process blur moons.h5|moons.h5: rows of shape [2] are not pictures, [C, H, W] or [H, W]
2|score-train --process blur --sigma-min 1 rows.h5|option --sigma-min: --process blur does not use it
2|score-train --process cold --label rows.h5|option --label: --process cold does not use it
2|score-train --process blur --degradation blur rows.h5|belongs to --process cold
2|score-train --degradation mask rows.h5|belongs to --process blur or cold
2|score-train --process cold --degradation mask --blur-max 3 rows.h5|not to --degradation mask
2|score-train --process blur --blur-min 3 --blur-max 2 rows.h5|--blur-min 3 is above --blur-max 2
2|score-train --process blur --levels auto rows.h5|option --levels:
2|score-train --process blur --channels 8 rows.h5|option --channels: belongs to --net unet
2|score-train --process cold --net unet --hidden 8 rows.h5|option --hidden: belongs to --net mlp
1|score-train --process cold --net unet --attention 16 rows.h5|theirs are 8, 4, 2
1|score-train --process cold --net unet moons.h5|rows of shape [2] are not pictures
2|score-train --process cold --blur-max 0.05 --blur-min 0.05 --preview grid.png large.h5|leaves too much of a picture to start from
1|score-train --process cold --degradation pixelate --levels 4 rows.h5|one block at level 3
1|langevin-sample -m blur.h5 --method cold|was trained for the process blur; use --method blur
1|langevin-sample -m blur.h5 --method heun|where --method heun needs a score
1|langevin-sample -m edm.h5 --method blur|needs one of score-train --process blur
1|langevin-sample -m blur.h5 --label 1|this model is not conditional
2|langevin-sample -m blur.h5 --algorithm 1|--method blur does not use it; cold does
2|langevin-sample -m blur.h5 --steps 5|--method blur does not use it
2|langevin-sample -m edm.h5 --delta 0.1|--method heun does not use it; blur, cold do
2|langevin-sample -m blur.h5 --init normal:1|starts from pictures: --init FILE
2|langevin-sample -m blur.h5 --start-level 2|--start-level needs --init FILE
2|langevin-sample -m blur.h5 --init rows.h5 --start rows|both say where chains start
2|langevin-sample -m blur.h5 --init rows.h5 --start-level 4|the model has the levels 1 to 3
2|langevin-sample -m noise.h5 --init rows.h5 --init-degraded|the noise in given rows is not known
1|langevin-sample -m blur.h5 --init moons.h5|moons.h5
1|logdensity -m blur.h5 rows.h5|has no density and no score; langevin-sample draws from it
1|tensor-plot -m blur.h5 --kind density|has no density and no score; langevin-sample draws from it
END
  no_complaints
}
