# ddgan-train: bits, resuming, labels, latent flows, what goes together, and its models elsewhere.

load common

@test "one thread and two give the same bits, another seed others, in training and sampling" {
  tensor-gen moons -n 1000 -o rows.h5
  common='--hidden 16 --steps 30 --batch 300 --no-history'
  ddgan-train $common --threads 1 -o one.h5 rows.h5
  ddgan-train $common --threads 2 -o two.h5 rows.h5
  cmp one.h5 two.h5
  ddgan-train $common --seed 1 -o other.h5 rows.h5
  ! cmp -s one.h5 other.h5
  langevin-sample -m one.h5 -n 700 --threads 1 --no-history -o one.samples
  langevin-sample -m one.h5 -n 700 --threads 2 --no-history -o two.samples
  cmp one.samples two.samples
  # Shards are the parts of the whole.
  numbers one.samples /x >whole
  for part in 1 2 3; do
    langevin-sample -m one.h5 -n 700 --shard $part/3 -o part.h5
    numbers part.h5 /x
  done >parts
  cmp whole parts
}

@test "a run that is resumed gives the bits of one that was not stopped" {
  tensor-gen 8gaussians -n 1000 --label -o rows.h5
  flow-train --layers 2 --hidden 8 --steps 5 -o flow.h5 rows.h5
  for options in '' '--label' '--latent-flow flow.h5' '--r1-every 2 --lr-discriminator 1e-3' \
    '--loss nonsaturating --r2 0'; do
    common="--hidden 16 --schedule constant --no-history --log-every 6 $options"
    ddgan-train $common --steps 50 -o whole.h5 --log whole.tsv rows.h5
    ddgan-train $common --steps 18 --checkpoint run.h5 -o part.h5 rows.h5
    ddgan-train $common --steps 50 --resume run.h5 -o resumed.h5 rows.h5
    cmp whole.h5 resumed.h5 || complain "$options: other bits"
    langevin-sample -m run.h5 -n 5 ${options:+--label 1} -o samples.h5 2>/dev/null ||
      langevin-sample -m run.h5 -n 5 -o samples.h5
  done
  flow-train --layers 2 --hidden 8 --steps 6 -o other.h5 rows.h5
  common='--hidden 16 --schedule constant --steps 30'
  ddgan-train $common --latent-flow flow.h5 --checkpoint run.h5 -o part.h5 rows.h5
  remember_files
  outcome ddgan-train $common --latent-flow other.h5 --resume run.h5 -o result rows.h5
  expect_failure 1 ddgan-train 'another flow'
  grep -q 'latent-flow' err
  outcome ddgan-train $common --latent-flow flow.h5 --r1 0.5 --resume run.h5 -o result rows.h5
  expect_failure 1 ddgan-train 'another penalty'
  no_complaints
}

@test "SIGTERM leaves a checkpoint to go on from, and status 143" {
  tensor-gen moons -n 1000 -o rows.h5
  stopped 0.5 ddgan-train --hidden 16 --steps 100000000 --checkpoint run.h5 -o model.h5 rows.h5
  [ "$status" -eq 143 ]
  [ ! -e model.h5 ]
  langevin-sample -m run.h5 -n 10 -o samples.h5
}

@test "the log has both losses, and a loss that is not finite is status 3" {
  tensor-gen moons -n 500 -o rows.h5
  ddgan-train --hidden 16 --steps 40 --log-every 10 --log log.tsv -o model.h5 rows.h5
  head -n 1 log.tsv | grep -qP 'step\tseconds\tloss\tvalidation\tlr\tgrad_norm\tdiscriminator_loss$'
  # Networks that have hardly moved say nothing: ln 2 each, of two rows one by one twice that.
  slow='--lr 1e-5 --hidden 16 --steps 40 --log-every 10'
  for pair in 'relativistic 0.693147' 'nonsaturating 1.386294'; do
    ddgan-train $slow --loss ${pair% *} --log "$pair.tsv" -o slow.h5 rows.h5
    awk -F '\t' -v want=${pair#* } 'NR > 1 && (($3 - 0.693147)^2 > 1e-3 || ($7 - want)^2 > 1e-3) { bad = 1 }
      END { exit bad || NR != 5 }' "$pair.tsv" || complain "$pair: $(cat "$pair.tsv")"
  done
  numbers model.h5 /training/log/discriminator_loss >column || complain 'no column in the model'
  [ "$(wc -l <column)" -eq 4 ] || complain "$(cat column)"
  remember_files
  outcome ddgan-train --hidden 16 --lr 1e30 --lr-discriminator 1e30 --steps 400 rows.h5 -o result
  expect_failure 3 ddgan-train 'a huge learning rate'
  grep -q 'at step' err || complain "$(cat err)"
  no_complaints
}

@test "labels, latent flows and every precision train and sample" {
  tensor-gen 8gaussians -n 500 --label -o rows.h5
  for base in normal logistic student mixture rad; do
    flow-train --base $base --layers 2 --hidden 8 --steps 3 -o $base.h5 rows.h5
  done
  flow-train --flow spline-ar --layers 1 --hidden 8 --steps 3 -o spline.h5 rows.h5
  for options in '--denoise-steps 1' '--denoise-steps 9' '--latent-dim 7' '--r1 0' '--depth 1' \
    '--sigma-data 3' '--beta-min 1 --beta-max 1' '--precision float64' \
    '--latent-flow normal.h5' '--latent-flow logistic.h5' '--latent-flow student.h5' \
    '--latent-flow mixture.h5 --precision float64' '--latent-flow rad.h5' \
    '--latent-flow spline.h5'; do
    outcome ddgan-train --hidden 8 --epochs 3 $options -o model.h5 rows.h5
    [ "$status" -eq 0 ] && [ ! -s err ] || complain "$options: $(cat err)"
    outcome langevin-sample -m model.h5 -n 9 -o samples.h5
    [ "$status" -eq 0 ] && [ ! -s err ] || complain "$options, sampling: $(cat err)"
  done
  # The model needs no second file.
  ddgan-train --hidden 8 --steps 5 --latent-flow mixture.h5 -o model.h5 rows.h5
  langevin-sample -m model.h5 -n 50 --no-history -o before.h5
  rm mixture.h5
  langevin-sample -m model.h5 -n 50 --no-history -o after.h5
  cmp before.h5 after.h5 || complain 'other samples without the file of the flow'
  ddgan-train --label --hidden 8 --steps 20 -o model.h5 rows.h5
  langevin-sample -m model.h5 -n 9 --label 3 -o samples.h5
  [ "$(numbers samples.h5 /label | sort -u)" = 3 ] || complain 'the label is not written'
  no_complaints
}

@test "images keep their shape; starts, trajectories and evaluations are as for other methods" {
  tensor-gen shapes --size 6 -n 300 -o rows.h5
  ddgan-train --hidden 8 --steps 5 --sigma-data 100 -o model.h5 rows.h5
  langevin-sample -m model.h5 -n 4 --trajectory path.h5 --diagnostics report.tsv -o samples.h5
  tensor-export --summary samples.h5 | grep -q '4.*1.*6.*6' || complain "$(tensor-export --summary samples.h5)"
  numbers path.h5 /trajectory/step >steps
  [ "$(tr '\n' ' ' <steps)" = '0 1 2 3 4 ' ] || complain "$(cat steps)"
  grep -qP 'score_evaluations\t4$' report.tsv || complain "$(cat report.tsv)"
  # Noise given is the noise that would have been drawn.
  tensor-gen moons -n 300 -o moons.h5
  ddgan-train --hidden 8 --steps 5 -o plane.h5 moons.h5
  tensor-gen gaussian --dim 2 -n 30 -o noise.h5
  langevin-sample -m plane.h5 --init noise.h5 -o ends.h5
  [ "$(numbers ends.h5 /x | wc -l)" -eq 30 ] || complain 'not a row for each row of noise'
  no_complaints
}

@test "pictures: any threads, a stopped run and a preview give the same bits; a flow as noise" {
  tensor-gen shapes --size 6 -n 60 -o rows.h5
  tensor-gen gaussian --dim 3 -n 200 | flow-train --base student --layers 1 --hidden 8 --steps 3 -o flow.h5
  common='--net unet --channels 4 --multipliers 1,2 --blocks 1 --attention 3 --schedule constant
    --batch 40 --r1-every 2 --log-every 1 --no-history -q'
  for options in '--flip --dropout 0.2' '--latent-flow flow.h5'; do
    ddgan-train $common $options --steps 7 --threads 1 -o whole.h5 rows.h5
    ddgan-train $common $options --steps 3 --threads 2 --checkpoint run.h5 -o part.h5 rows.h5
    ddgan-train $common $options --steps 7 --threads 2 --resume run.h5 --preview grid.png \
      -o resumed.h5 rows.h5
    cmp whole.h5 resumed.h5 || complain "$options: other bits"
    [ -s grid.png ] || complain "$options: no preview"
    langevin-sample -m whole.h5 -n 70 --threads 1 --no-history -o one.h5
    langevin-sample -m whole.h5 -n 70 --threads 2 --no-history -o two.h5
    cmp one.h5 two.h5 || complain "$options: other samples"
    numbers one.h5 /x >whole.rows
    for part in 1 2; do
      langevin-sample -m whole.h5 -n 70 --shard $part/2 -o part.h5
      numbers part.h5 /x
    done >parts.rows
    cmp whole.rows parts.rows || complain "$options: shards are not the whole"
  done
  no_complaints
}

@test "options that do not go together, and models that do not fit, are one line" {
  tensor-gen 8gaussians -n 300 --label -o rows.h5
  flow-train --label --layers 2 --hidden 8 --steps 2 -o conditional.h5 rows.h5
  flow-train --layers 2 --hidden 8 --steps 2 -o flow.h5 rows.h5
  ddgan-train --hidden 8 --steps 5 -o model.h5 rows.h5
  ddgan-train --label --hidden 8 --steps 5 -o labelled.h5 rows.h5
  score-train --hidden 8 --steps 5 -o score.h5 rows.h5
  remember_files
  outcome ddgan-train --latent-flow conditional.h5 rows.h5 -o result
  expect_failure 1 ddgan-train 'a conditional flow'
  outcome ddgan-train --latent-flow score.h5 rows.h5 -o result
  expect_failure 1 ddgan-train 'a score model as latent flow'
  for options in '--net unet' '--flip' '--preview result.png'; do
    outcome ddgan-train $options --steps 2 rows.h5 -o result
    expect_failure 1 ddgan-train "$options for rows that are no pictures"
  done
  outcome ddgan-train --latent-flow - -o result </dev/null
  expect_failure 2 ddgan-train 'one pipe for two'
  outcome ddgan-train --latent-flow flow.h5 --latent-dim 3 rows.h5 -o result
  expect_failure 2 ddgan-train 'two sources of noise'
  for options in '--beta-min 5 --beta-max 2' '--denoise-steps 0' '--denoise-steps 1001' \
    '--r1 -1' '--r2 -1' '--r1-every 0' '--lr-discriminator -1' '--validation 0.1' '--channels 8' \
    '--net unet --hidden 8' '--net unet --heads 2' '--loss other' '--preview-every 3'; do
    outcome ddgan-train $options rows.h5 -o result
    expect_failure 2 ddgan-train "$options"
  done
  for options in '--method ddpm' '--method mala' '--guidance 1' '--label 0' '--process vp'; do
    outcome langevin-sample -m model.h5 -n 5 $options -o result
    [ "$status" -ne 0 ] || complain "$options"
    expect_failure "$status" langevin-sample "$options"
  done
  for options in '--steps 3' '--eta 0.5' '--chains 2' '--denoise no' '--sigma 1'; do
    outcome langevin-sample -m model.h5 -n 5 $options -o result
    expect_failure 2 langevin-sample "$options"
  done
  outcome langevin-sample -m score.h5 -n 5 --method ddgan -o result
  expect_failure 1 langevin-sample 'a score model'
  outcome langevin-sample -m labelled.h5 -n 5 -o result
  expect_failure 1 langevin-sample 'no label'
  outcome langevin-sample -m labelled.h5 -n 5 --label 8 -o result
  expect_failure 1 langevin-sample 'a class it does not have'
  for command in 'logdensity -m model.h5 rows.h5 -o result' 'flow-sample -m model.h5 -n 5 -o result' \
    'tensor-plot -m model.h5 --kind density -o result' 'logdensity -m model.h5 --summary rows.h5'; do
    outcome $command
    expect_failure 1 "${command%% *}" "$command"
  done
  no_complaints
}

@test "a short run reaches all modes of 25 Gaussians, and most rows lie at one" {
  tensor-gen 25gaussians --noise 0.07 -n 20000 -o rows.h5
  ddgan-train --hidden 64 --steps 3000 -o model.h5 rows.h5
  langevin-sample -m model.h5 -n 5000 -o samples.h5
  # Within 4 deviations of the nearest point of the grid: about 0.48 for rows spread evenly over it,
  # which reach all modes too, and 1 of the data. No mode is without a fifth of its share.
  numbers samples.h5 /x | awk -F, '
    function nearest(x, k) { k = int(x / 0.70721 + 2.5); return k < 0 ? 0 : k > 4 ? 4 : k }
    { i = nearest($1); j = nearest($2); x = $1 - (i - 2) * 0.70721; y = $2 - (j - 2) * 0.70721
      if (x * x + y * y < 0.28 * 0.28) { ++near; ++held[i, j] } }
    END { least = NR
      for (i = 0; i < 5; ++i) for (j = 0; j < 5; ++j) if (held[i, j] < least) least = held[i, j]
      print least, near / NR; exit least < 0.2 * NR / 25 || near / NR < 0.65 }'
}
