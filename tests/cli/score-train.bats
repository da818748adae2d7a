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
  score-train --no-standardize --process ve --hidden 32 --depth 2 --steps 1500 -q --log log.tsv -o ve.h5 rows.h5
  within "$(last_loss log.tsv)" "$(awk "BEGIN { print $floor - 0.03 }")" \
    "$(awk "BEGIN { print $floor + 0.03 }")"
  # denoise: the number of columns.
  score-train --process edm --hidden 32 --depth 2 --steps 300 -q --log log.tsv -o edm.h5 rows.h5
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
  for process in none ve edm vp subvp 'ddpm --beta-schedule cosine' 've --levels auto' \
    'vp --objective ml' 'none --objective ssm' 'subvp --objective ssm-vr --projection normal'; do
    common="--process $process --hidden 16 --validation 0.2 --validate-every 5 --no-history"
    score-train $common --steps 60 -o whole.h5 rows.h5
    score-train $common --steps 25 --checkpoint run.h5 -o part.h5 rows.h5
    score-train $common --steps 60 --resume run.h5 -o resumed.h5 rows.h5
    cmp whole.h5 resumed.h5 || complain "$process: other bits"
  done
  # A setting of the process that changed is another run.
  remember_files
  outcome score-train $common --steps 60 --beta-max 10 --resume run.h5 -o changed.h5 rows.h5
  expect_failure 1 score-train 'another --beta-max'
  grep -q 'beta-max' err
  no_complaints
}

@test "SIGTERM leaves a checkpoint to go on from, and status 143" {
  tensor-gen moons -n 1000 -o rows.h5
  stopped 0.5 score-train --hidden 16 --steps 100000000 --checkpoint run.h5 -o model.h5 rows.h5
  [ "$status" -eq 143 ]
  [ ! -e model.h5 ]
  langevin-sample -m run.h5 -n 10 --steps 2 -o samples.h5
}

# trains OPTION...: a few steps of a model of rows.h5.
trains() {
  outcome score-train --steps 2 --hidden 8 "$@" -o model.h5 rows.h5
  [ "$status" -eq 0 ] && [ ! -s err ] || complain "$*: $(cat err)"
}

# trains_and_samples SAMPLING OPTION...: the same, and rows drawn from it.
trains_and_samples() {
  local sampling=$1
  shift
  trains "$@"
  # shellcheck disable=SC2086
  outcome langevin-sample -m model.h5 -n 9 $sampling -o samples.h5
  [ "$status" -eq 0 ] && [ ! -s err ] || complain "$*, sampling: $(cat err)"
}

@test "every combination of objective, process and parametrization trains and samples" {
  tensor-gen moons -n 200 -o rows.h5
  for objective in ism ssm ssm-vr dsm ml denoise; do
    for process in none ve 've --levels continuous' vp subvp ddpm edm; do
      case "$objective $process" in 'ml none' | 'ml ve --'*) continue ;; esac
      for parametrization in score noise data velocity edm; do
        # Without noise there is but one; at a level there are all.
        case "$objective $process" in ism\ none | ssm*\ none) sigma='--sigma 0.3' ;; *) sigma= ;; esac
        # A sampler does not see what a model was trained with.
        case $objective in dsm) step='trains_and_samples --steps=3' ;; *) step=trains ;; esac
        $step --objective $objective --process $process --parametrization $parametrization $sigma
      done
    done
  done
  for objective in ism ssm ssm-vr; do
    trains_and_samples '--steps 3' --objective $objective
  done
  no_complaints
}

@test "every embedding, schedule and ladder trains and samples, in either precision" {
  tensor-gen moons -n 200 -o rows.h5
  for precision in float32 float64; do
    for options in '--process ve --levels auto' '--process ve --levels 1' \
      '--process ve --embedding log-sigma' '--process vp --embedding none' \
      '--process ddpm --beta-schedule cosine' '--process ddpm --levels 1' \
      '--process vp --beta-min 3 --beta-max 3' '--objective ssm --projection normal' \
      '--process ve --levels auto --embedding fourier --sigma-max 4' '--depth 1' \
      '--process subvp --sigma-data 2'; do
      trains_and_samples "--precision $precision" $options --precision $precision
    done
  done
  no_complaints
}

@test "what the words of one choice are depends on the others as the page says" {
  tensor-gen moons -n 200 -o rows.h5
  # h5dump of a text attribute of /model.
  attribute() { h5dump -a "/model/$1" model.h5 | sed -n 's/.*(0): "\{0,1\}\([^"]*\)"\{0,1\}$/\1/p'; }
  command -v h5dump >/dev/null || skip 'h5dump is not installed'
  while read -r options expected; do
    score-train --steps 1 --hidden 4 ${options//,/ } -o model.h5 rows.h5
    found=$(for name in objective process parametrization embedding; do attribute $name; done | xargs)
    [ "$found" = "$expected" ] || complain "$options: $found instead of $expected"
  done <<'END'
-q denoise edm edm fourier
--objective,dsm dsm ve noise fourier
--objective,ml ml vp noise fourier
--objective,ism ism none score fourier
--objective,ssm,--sigma,0.1 ssm none noise fourier
--objective,ssm-vr,--process,edm ssm-vr edm edm fourier
--process,vp dsm vp noise fourier
--process,none dsm none noise fourier
--process,ve,--levels,auto dsm ve noise none
END
  score-train --steps 1 --hidden 4 --process ve --objective ml -o model.h5 rows.h5
  [ "$(for name in levels sigma_min sigma_max; do attribute $name; done | xargs)" = '0 0.02 100' ]
  score-train --steps 1 --hidden 4 --no-standardize --process ve --objective ml -o model.h5 rows.h5
  [ "$(for name in levels sigma_min sigma_max; do attribute $name; done | xargs)" = '0 0.01 50' ]
  score-train --steps 1 --hidden 4 --process ddpm --levels 100 -o model.h5 rows.h5
  [ "$(for name in levels beta_min beta_max; do attribute $name; done | xargs)" = '100 0.001 0.2' ]
  score-train --steps 1 --hidden 4 --process none -o model.h5 rows.h5
  [ "$(attribute sigma)" = 0.1 ]
  no_complaints
}

@test "automatic levels reach from the largest distance down" {
  # A square of side 3: the largest distance is its diagonal.
  printf '0,0\n3,0\n0,3\n3,3\n' >rows.csv
  tensor-import rows.csv -o rows.h5
  score-train -v --no-standardize --process ve --levels auto --steps 1 --hidden 4 -o model.h5 rows.h5 2>err
  # 1 + ceil(ln(4.2426 / 0.01) / ln(100^(1/9))) = 13
  grep -q '13 levels from 4.24264' err || complain "$(cat err)"
  # In units of the columns' deviation, 1.5, the lowest level twice as high: 1 + ceil(ln(2.8284 / 0.02) / ...) = 11
  score-train -v --process ve --levels auto --steps 1 --hidden 4 -o model.h5 rows.h5 2>err
  grep -q '11 levels from 2.82842' err || complain "$(cat err)"
  remember_files
  outcome score-train --process ve --levels auto --sigma-min 5 --steps 1 -o model2.h5 rows.h5
  expect_failure 1 score-train 'nothing above sigma-min'
  grep -q 'largest distance between rows, 4.24.*--sigma-min 5' err
  no_complaints
}

@test "options of another process or objective are refused, not ignored" {
  tensor-gen moons -n 100 -o rows.h5
  remember_files
  while IFS='|' read -r options message; do
    outcome score-train --steps 2 -o model.h5 $options rows.h5
    expect_failure 2 score-train "$options"
    [ "$(cat err)" = "score-train: $message" ] || complain "$options: $(cat err)"
  done <<'END'
--process ve --sigma 1|option --sigma: belongs to --process none, not ve
--process edm --levels 5|option --levels: belongs to --process ve, ddpm, not edm
--process edm --levels auto|option --levels: belongs to --process ve, ddpm, not edm
--process ve --p-mean 1|option --p-mean: belongs to --process edm, not ve
--process none --p-std 1|option --p-std: belongs to --process edm, not none
--process none --sigma-max 2|option --sigma-max: belongs to --process ve, edm, not none
--process vp --sigma-min 1|option --sigma-min: belongs to --process ve, edm, not vp
--process ve --beta-min 1|option --beta-min: belongs to --process vp, subvp, ddpm, not ve
--process vp --beta-schedule linear|option --beta-schedule: belongs to --process ddpm, not vp
--sigma-min 3 --sigma-max 2|--sigma-min 3 is not below --sigma-max 2
--process ve --sigma-min 2|--sigma-min 2 is not below --sigma-max 1
--process vp --beta-min 30|--beta-min 30 is above --beta-max 20
--process ve --sigma-max 1e20|option --sigma-max: 1e20 is outside 0..1e+18
--process edm --p-mean 90|--process: p_std must be above 0, and levels within six deviations of p_mean from 1e-18 to 1e18
--process ddpm --beta-max 0.5|--process: the betas leave less than exp(-80) of the data's variance
--process ddpm --beta-schedule cosine --beta-max .1|--beta-schedule cosine has no --beta-min and --beta-max
--process ddpm --levels auto|option --levels: 'auto' is not a number
--process ve --levels 0|option --levels: 0 is outside 1..100000, or auto or continuous
--process ve --objective ml --levels 5|--objective ml draws from a continuum of levels; leave out --levels
--process ddpm --objective ml --levels 1|--objective ml weighs the levels of a process; --levels 1 leaves one
--process none --objective ml|--objective ml weighs the levels of a process; none has one
--process none --embedding none|--process none has one level, so no --embedding
--objective ism --parametrization noise|--parametrization noise divides by the noise level; without noise it is score
--projection normal|option --projection: belongs to --objective ssm, ssm-vr
--objective ism --projection normal|option --projection: belongs to --objective ssm, ssm-vr
--label-dropout 0.1|--label-dropout needs --label
--label --label-dropout 1|option --label-dropout: 1 is out of range, it must be at least 0 and below 1
--process fog|option --process: 'fog' is not one of none, ve, vp, subvp, ddpm, edm, blur, cold
--net resnet|option --net: 'resnet' is not one of mlp, unet
--validation 0 --patience 3|--patience needs --validation
--standardize --sigma-data 1|--standardize and --sigma-data exclude each other
END
  no_complaints
}

@test "the losses without noise and with the likelihood's weight end at their floors" {
  tensor-gen gaussian --dim 2 -n 20000 -o rows.h5
  short='--hidden 32 --depth 2 --lr 5e-3 --schedule cosine --log log.tsv -o model.h5 rows.h5'
  # -1/2 sum 1 / (c + sigma^2), and with levels the mean over t of -sigma^2 / (1 + sigma^2), which
  # for vp is the mean of 1 - exp(-B).
  for objective in ism ssm-vr; do
    score-train --objective $objective --steps 800 --batch 512 $short
    within "$(last_loss log.tsv 3)" -1.1 -0.9
  done
  floor=$(awk 'BEGIN { for (i = 0; i < 1000; ++i) { t = (i + 0.5) / 1000
    f -= (1 - exp(-0.1 * t - 9.95 * t * t)) / 1000 } print f }')
  score-train --objective ism --process vp --steps 500 $short
  within "$(last_loss log.tsv 3)" "$(awk "BEGIN { print $floor - 0.05 }")" \
    "$(awk "BEGIN { print $floor + 0.05 }")"
  # ml of edm: ln (1 + 1 / 0.1^2) / (1 + 1 / 10^2) for two columns.
  floor=$(awk 'BEGIN { print log(101 / 1.01) }')
  score-train --objective ml --process edm --sigma-min 0.1 --sigma-max 10 --steps 800 $short
  within "$(last_loss log.tsv 3)" "$(awk "BEGIN { print $floor - 0.25 }")" \
    "$(awk "BEGIN { print $floor + 0.25 }")"
  no_complaints
}

@test "labels: a class drawn lies at its centre, guidance goes beyond, none is all of them" {
  tensor-gen 8gaussians --label -n 4000 -o rows.h5
  for options in '' '--process vp'; do
    score-train $options --label --label-dropout 0.2 --hidden 64 --depth 2 --steps 500 \
      -o model.h5 rows.h5
    sample='langevin-sample -m model.h5 -n 500 --method heun'
    # The centres are 2.8 from the middle, the deviation of a class is 0.35.
    for class in 0 3; do
      $sample --label $class -o class.h5
      numbers rows.h5 x,label | awk -F , -v k=$class '$3 == k { x += $1; y += $2; ++n }
        END { print x / n "," y / n }' >centre
      numbers class.h5 x,label | cat centre - | awk -F , -v k=$class 'NR == 1 { a = $1; b = $2; next }
        { x += $1; y += $2; if ($3 != k) bad = 1 }
        END { n = NR - 1; exit bad || n != 500 || (x / n - a) ^ 2 + (y / n - b) ^ 2 > 0.3 ^ 2 }' ||
        complain "$options: class $class is elsewhere"
    done
    # Away from the other classes: farther out.
    $sample --label 0 --guidance 3 -o guided.h5
    radius() { numbers "$1" x | awk -F , '{ r += sqrt($1 ^ 2 + $2 ^ 2) } END { print r / NR }'; }
    $sample --label 0 -o class.h5
    awk "BEGIN { exit !($(radius guided.h5) > $(radius class.h5) + 0.1) }" ||
      complain "$options: guided $(radius guided.h5), not beyond $(radius class.h5)"
    # Without a class the rows are all around, and have no label.
    $sample -o all.h5
    numbers all.h5 x | awk -F , '{ x += $1; y += $2 }
      END { x /= NR; y /= NR; exit x * x + y * y > 0.5 ^ 2 }' || complain "$options: off centre"
    ! tensor-export --summary all.h5 | grep -q /label || complain 'a label of no class'
  done
  no_complaints
}

@test "labels and guidance that a model does not have are refused" {
  tensor-gen 8gaussians --label -n 200 -o rows.h5
  tensor-gen 8gaussians --model -o ring.h5
  tensor-gen moons -n 100 -o bare.h5
  score-train --steps 2 --hidden 8 -o none.h5 rows.h5
  score-train --steps 2 --hidden 8 --label -o plain.h5 rows.h5
  score-train --steps 2 --hidden 8 --label --label-dropout 0.1 -o free.h5 rows.h5
  remember_files
  while IFS='|' read -r code options message; do
    outcome langevin-sample -o samples.h5 -n 3 $options
    expect_failure "$code" langevin-sample "$options"
    [ "$(cat err)" = "langevin-sample: $message" ] || complain "$options: $(cat err)"
  done <<'END'
1|-m none.h5 --label 1|none.h5: this model is not conditional; leave out --label
1|-m plain.h5|plain.h5: this model is conditional; --label, from 0 to 7, is needed (a score model trained with --label-dropout can do without)
1|-m plain.h5 --label 8|plain.h5: has the classes 0 to 7, not --label 8
1|-m plain.h5 --label 2 --guidance 1|plain.h5: --guidance needs a model trained with --label-dropout
1|-m none.h5 --guidance 1|none.h5: --guidance needs a score model trained with --label
1|-m ring.h5 --guidance 1|ring.h5: --guidance needs a score model trained with --label
1|-m ring.h5 --label 1|ring.h5: --label 1, but this model is not conditional
2|-m free.h5 --guidance 1|--guidance needs --label, the class to guide to
2|-m free.h5 --label 1 --guidance -1|option --guidance: -1 is outside 0..1000
2|-m free.h5 --label -1|option --label: "-1" is no whole number from 0 to 65535, and the model has no names of classes
END
  outcome score-train --label --steps 2 -o model.h5 bare.h5
  expect_failure 1 score-train 'rows without labels'
  grep -q 'bare.h5: no dataset /label' err
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
