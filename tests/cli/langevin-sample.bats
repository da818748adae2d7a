# langevin-sample: closed forms on Gaussians, shards, starts, trajectories, refusals.

load common

# moments FILE: variance of column 1, of column 2, and their covariance, about 0.
moments() {
  tensor-export --format csv "$1" | awk -F , 'NR > 1 { a += $1 * $1; b += $2 * $2; c += $1 * $2 }
    END { n = NR - 1; print a / n, b / n, c / n }'
}

# near VALUES EXPECTED TOLERANCE: lists of equal length, absolute tolerance.
near() {
  echo "$1 / $2" | awk -v tolerance="$3" '{ n = (NF - 1) / 2
    for (i = 1; i <= n; ++i) if (($i - $(n + 1 + i)) ^ 2 > tolerance ^ 2) bad = 1
    exit bad }' || complain "$1 is not $2 within $3"
}

# same_rows FILE FILE: equal as text.
same_rows() {
  tensor-export --format csv "$1" >left.csv
  tensor-export --format csv "$2" >right.csv
  cmp left.csv right.csv
}

make_gaussian() {
  tensor-gen gaussian --dim 2 --correlation 0.6 --model -o gaussian.h5
}

@test "ula's stationary covariance on a Gaussian is its closed form" {
  make_gaussian
  # Along (1, 1) v = 1.6, along (1, -1) v = 0.4: v / (1 - eps / 2v).
  expected=$(awk 'BEGIN { e = 0.2; a = 1.6 / (1 - e / 3.2); b = 0.4 / (1 - e / 0.8)
    print (a + b) / 2, (a + b) / 2, (a - b) / 2 }')
  langevin-sample -m gaussian.h5 -n 40000 --method ula --step-size 0.2 --steps 100 -o ends.h5
  near "$(moments ends.h5)" "$expected" 0.04
  langevin-sample -m gaussian.h5 -n 40000 --method ula --chains 400 --thin 20 --burn-in 100 \
    --step-size 0.2 -o chains.h5
  near "$(moments chains.h5)" "$expected" 0.05
  no_complaints
}

@test "the other methods reach the Gaussian itself" {
  make_gaussian
  for options in '--method heun --steps 64' '--process edm --steps 64' '--method heun --churn 10 --steps 64' \
    '--method euler-maruyama --process edm' '--method euler-maruyama'; do
    langevin-sample -m gaussian.h5 -n 10000 $options -o rows.h5
    near "$(moments rows.h5)" '1 1 0.6' 0.06
  done
  no_complaints
}

@test "annealed Langevin has the covariance of its recursion" {
  make_gaussian
  # With variance c along an axis a step at level s takes v to (1 - a / (c + s^2))^2 v + 2 a, with
  # a = 2e-5 s^2 / 0.01^2; it starts from N(0, 1), and ends with x + s^2 s(x).
  expected=$(awk 'function along(c, v, i, k, s, a) {
      v = 1
      for (i = 0; i < 10; ++i) {
        s = 0.01 ^ (i / 9)
        a = 0.2 * s * s
        for (k = 0; k < 30; ++k) v = (1 - a / (c + s * s)) ^ 2 * v + 2 * a
      }
      return v * (c / (c + s * s)) ^ 2
    }
    BEGIN { a = along(1.6); b = along(0.4); print (a + b) / 2, (a + b) / 2, (a - b) / 2 }')
  langevin-sample -m gaussian.h5 -n 40000 --process ve --steps 30 -o rows.h5
  near "$(moments rows.h5)" "$expected" 0.03
  no_complaints
}

@test "heun is the map it says, from given noise" {
  make_gaussian
  # One step from 80 to 0 is x + 80^2 s(x): x 1.6 / (1.6 + 6400) along (1, 1).
  printf '1,1\n-2,2\n' >noise.csv
  tensor-import noise.csv -o noise.h5
  langevin-sample -m gaussian.h5 --method heun --steps 1 --init noise.h5 --precision float64 \
    -o rows.h5
  tensor-export --format csv rows.h5 | tail -n 2 | tr ',\n' '  ' >numbers
  near "$(cat numbers)" "$(awk 'BEGIN { a = 80 * 1.6 / 6401.6; b = 80 * 0.4 / 6400.4
    printf "%.15g %.15g %.15g %.15g", a, a, -2 * b, 2 * b }')" 1e-12
  no_complaints
}

@test "one step of ula from given rows, without noise to speak of" {
  make_gaussian
  printf '3,3\n1,-1\n' >start.csv
  tensor-import start.csv -o start.h5
  langevin-sample -m gaussian.h5 --method ula --steps 1 --step-size 1e-12 --init start.h5 -o rows.h5
  [ "$(tensor-export --summary rows.h5 | awk -F '\t' '$1 == "/x" { print $2 }')" = '[2, 2]' ]
  near "$(tensor-export --format csv rows.h5 | tail -n 2 | tr ',\n' '  ')" '3 3 1 -1' 1e-4
  no_complaints
}

@test "threads and company do not change a row; shards are parts of the whole" {
  tensor-gen moons -n 1000 | score-train --hidden 24 --steps 50 -o score.h5
  sample='langevin-sample -m score.h5 --steps 4 --no-history'
  $sample -n 1000 --threads 1 -o one.h5
  $sample -n 1000 --threads 2 -o two.h5
  cmp one.h5 two.h5
  tensor-export --format csv one.h5 >whole.csv
  for part in 1 2 3; do
    $sample -n 1000 --shard $part/3 | tensor-export --format csv | tail -n +2
  done >parts.csv
  tail -n +2 whole.csv | cmp - parts.csv
  $sample -n 70 | tensor-export --format csv | cmp - <(head -n 71 whole.csv)
  $sample -n 1000 --seed 5 -o other.h5
  ! same_rows one.h5 other.h5
}

@test "rows of a chain follow each other, thin steps apart" {
  make_gaussian
  chain='langevin-sample -m gaussian.h5 --method ula --step-size 0.1 --seed 3 --init normal:1'
  $chain -n 6 --chains 2 --burn-in 10 --thin 5 -o chains.h5
  tensor-export --format csv chains.h5 | tail -n +2 >rows
  # The third row of a chain is where the chain is after 25 steps.
  $chain -n 2 --steps 25 | tensor-export --format csv | tail -n +2 >ends
  sed -n '3p;6p' rows | cmp - ends
  $chain -n 2 --burn-in 5 --steps 5 --burn-in=10 2>err && complain 'twice --burn-in'
  $chain -n 2 --burn-in 10 --steps 5 | tensor-export --format csv | tail -n +2 >ends
  sed -n '1p;4p' rows | cmp - ends
  $chain -n 6 --chains 2 --burn-in 10 --steps 15 | tensor-export --format csv | tail -n +2 |
    cmp - rows
  no_complaints
}

@test "a trajectory begins at the start and ends at the rows" {
  make_gaussian
  langevin-sample -m gaussian.h5 -n 5 --method ula --steps 10 --trajectory path.h5 \
    --trajectory-every 4 -o rows.h5
  tensor-export --summary path.h5 >summary
  grep -q '^/x.\[5, 4, 2\]' summary # after 0, 4, 8 and 10 steps
  tensor-export --format csv path.h5 | tail -n +2 | cut -d , -f 7,8 >last
  tensor-export --format csv rows.h5 | tail -n +2 | cmp - last
}

@test "flows and analytic densities have a score" {
  tensor-gen 8gaussians -n 2000 -o rows.h5
  flow-train --layers 2 --hidden 16 --steps 50 -o flow.h5 rows.h5
  langevin-sample -m flow.h5 -n 50 --steps 20 --step-size 1e-3 -o samples.h5
  for name in 25gaussians 'funnel --dim 3' banana; do
    tensor-gen $name --model -o model.h5
    langevin-sample -m model.h5 -n 50 --steps 20 --step-size 1e-4 -o samples.h5
  done
}

@test "a step that is too long is status 3 and says what would do" {
  make_gaussian
  remember_files
  outcome langevin-sample -m gaussian.h5 -n 100 --method ula --step-size 0.85 --steps 2000 -o rows.h5
  expect_failure 3 langevin-sample 'ula'
  grep -q 'ula: chain [0-9]* diverged at step [0-9]* of 2000;.*below 0.8 ' err
  outcome langevin-sample -m gaussian.h5 -n 10 --process ve --step-size 1 -o rows.h5
  expect_failure 3 langevin-sample 'annealed'
  grep -q 'annealed: chain' err
  # Where it has not run away yet, it is said all the same.
  outcome langevin-sample -m gaussian.h5 -n 100 --method ula --step-size 0.85 --steps 3 -o rows.h5
  [ "$status" -eq 0 ]
  grep -q 'warning: ula: step size 0.85 is long' err
  no_complaints
}

@test "what a model or a method does not have is refused" {
  make_gaussian
  tensor-gen funnel --dim 2 --model -o funnel.h5
  tensor-gen moons -n 200 -o rows.h5
  flow-train --layers 2 --hidden 8 --steps 2 -o flow.h5 rows.h5
  score-train --hidden 8 --steps 2 -o score.h5 rows.h5
  score-train --process none --hidden 8 --steps 2 -o one.h5 rows.h5
  remember_files
  for options in '-m flow.h5 --method heun' '-m funnel.h5 --method annealed' \
    '-m one.h5 --method heun' '-m score.h5 --method mala' '-m one.h5 --method hmc' '-m one.h5 --sigma 3' '-m flow.h5 --sigma 1' \
    '-m score.h5 --process ve' '-m flow.h5 --process edm' \
    '-m gaussian.h5 --init rows.h5 -n 300' '-m rows.h5'; do
    outcome langevin-sample $options -o samples.h5
    expect_failure 1 langevin-sample "$options"
  done
  for options in '--method heun --step-size 1' '--method ula --rho 3' '--method heun --sigma 1' \
    '--method ula --process ve' '--chains 3 -n 10' '--thin 2' '--method annealed --churn 1' \
    '--method heun --sigma-min 90' '--method euler-maruyama --process ve --rho 3' \
    '--trajectory-every 2' '--shard 3/2' '--shard 0/2' '--init normal:-1' '--init normal:' \
    '--chains 2 -n 10 --steps 7' '--method nuts' '--method heun --steps 1e7' '--denoise no' \
    '--method ula --adapt yes' '--adapt yes' '--leapfrog 3' '--method hmc --leapfrog 0' \
    '--method hmc --friction 1' '--method underdamped --friction 0' '--strict' \
    '--method heun --strict' '--method annealed --preconditioner p.csv' \
    '--diagnostics same.h5 --trajectory same.h5' '--preconditioner - --init -' \
    '--trajectory - -o -'; do
    outcome langevin-sample -m gaussian.h5 -o samples.h5 $options
    case $options in *'-o -') outcome langevin-sample -m gaussian.h5 $options ;; esac
    expect_failure 2 langevin-sample "$options"
  done
  no_complaints
}

@test "mala, hmc and underdamped have the density's covariance" {
  make_gaussian
  for options in '--step-size 0.5 --steps 200' '--method hmc --step-size 0.9 --leapfrog 3 --steps 60' \
    '--method underdamped --step-size 1 --steps 200' '--burn-in 200 --steps 200' \
    '--chains 500 --burn-in 200 --thin 10'; do
    langevin-sample -m gaussian.h5 -n 20000 $options -o rows.h5
    near "$(moments rows.h5)" '1 1 0.6' 0.06
  done
  no_complaints
}

@test "a preconditioner is a change of coordinates, from CSV or a container" {
  make_gaussian
  printf '1,0.6\n0.6,1\n' >covariance.csv
  tensor-import covariance.csv -o covariance.h5
  for file in covariance.csv covariance.h5; do
    # In its own coordinates every variance is 1: v / (1 - eps / 2).
    langevin-sample -m gaussian.h5 -n 20000 --method ula --step-size 0.4 --steps 60 \
      --preconditioner $file --trajectory path.h5 --trajectory-every 60 -o rows.h5
    near "$(moments rows.h5)" '1.25 1.25 0.75' 0.06
    tensor-export --format csv path.h5 | tail -n +2 | cut -d , -f 3,4 >last
    tensor-export --format csv rows.h5 | tail -n +2 | cmp - last
  done
  printf '1,0.6\n0.5,1\n' >tilted.csv
  printf '1,2\n2,1\n' >indefinite.csv
  printf '1,2,3\n' >short.csv
  remember_files
  for file in tilted indefinite short missing; do
    outcome langevin-sample -m gaussian.h5 --preconditioner $file.csv -o samples.h5
    expect_failure 1 langevin-sample "$file"
    grep -q "$file.csv" err
  done
  no_complaints
}

@test "diagnostics say what the chains did" {
  make_gaussian
  langevin-sample -m gaussian.h5 --method hmc --leapfrog 4 -n 4000 --chains 4 --thin 2 \
    --diagnostics d.tsv -o rows.h5 2>err
  [ ! -s err ]
  names='metric acceptance rhat_max ess_bulk_min ess_tail_min e_bfmi score_evaluations
    rhat_1 ess_bulk_1 ess_tail_1 rhat_2 ess_bulk_2 ess_tail_2'
  [ "$(cut -f 1 d.tsv | xargs)" = "$(echo $names)" ]
  # 1000 steps of burn-in and 2000 of 4 evaluations, one at the start, for 1000 rows a chain.
  grep -q '^score_evaluations.12.001$' d.tsv
  awk -F '\t' '$1 == "acceptance" && ($2 < 0.7 || $2 > 0.97) { bad = 1 }
    $1 ~ /rhat/ && ($2 < 0.99 || $2 > 1.01) { bad = 1 }
    $1 ~ /ess/ && ($2 < 400 || $2 > 15000) { bad = 1 }
    $1 == "e_bfmi" && ($2 < 0.3 || $2 > 2) { bad = 1 }
    END { exit bad }' d.tsv || complain "$(cat d.tsv)"
  # Acceptance counts after burn-in: that of both of two steps is the mean of each one's.
  for lengths in '0 1' '1 1' '0 2'; do
    set -- $lengths
    langevin-sample -m gaussian.h5 -n 100 --init normal:3 --adapt no --step-size 1 --burn-in $1 \
      --steps $2 --diagnostics d.tsv -o rows.h5
    awk '$1 == "acceptance" { print $2 }' d.tsv
  done | xargs >rates
  awk '{ exit !($1 != $2 && ($1 + $2 - 2 * $3) ^ 2 < 1e-12) }' rates || complain "$(cat rates)"
  langevin-sample -m gaussian.h5 -n 100 --steps 20 --diagnostics d.tsv -o rows.h5
  [ "$(cut -f 1 d.tsv | xargs)" = 'metric acceptance score_evaluations' ]
  langevin-sample -m gaussian.h5 -n 100 --method heun --steps 6 --diagnostics d.tsv -o rows.h5
  grep -q '^score_evaluations.11$' d.tsv
  no_complaints
}

@test "chains that disagree are warned of, and with --strict status 3 after the output" {
  make_gaussian
  # Far apart, and too slow to meet.
  printf '9,9\n-9,-9\n' >start.csv
  tensor-import start.csv -o start.h5
  run='langevin-sample -m gaussian.h5 --init start.h5 --chains 2 -n 40 --burn-in 0 --step-size 1e-6'
  outcome $run --diagnostics d.tsv -o rows.h5
  [ "$status" -eq 0 ]
  grep -q 'warning: the largest R-hat is' err
  rm rows.h5 d.tsv
  outcome $run --strict --diagnostics d.tsv -o rows.h5
  [ "$status" -eq 3 ]
  grep -q '^langevin-sample: the largest R-hat is .*, not 1.01 or less' err
  [ -s rows.h5 ] && grep -q '^rhat_1' d.tsv
  no_complaints
}

@test "hmc's defaults mix on Gaussians, where trajectories of one length would be periods" {
  for dimension in 1 3 10 50; do
    tensor-gen gaussian --dim $dimension --model -o normal.h5
    langevin-sample -m normal.h5 -n 4000 --chains 4 --method hmc --diagnostics d.tsv -o rows.h5 2>err
    [ ! -s err ] || complain "$dimension: $(cat err)"
    awk '$1 == "rhat_max" && $2 > 1.01 { bad = 1 } /^ess_.*_min/ && $2 < 700 { bad = 1 }
      END { exit bad }' d.tsv || complain "$dimension: $(head -n 4 d.tsv | xargs)"
  done
  # 10 steps of 0.628 are 2 pi: the start, 3 wide, stays in sight without jitter. Four standard
  # errors of the deviation of 10000 numbers are 0.03.
  tensor-gen gaussian --dim 10 --model -o normal.h5
  sample='langevin-sample -m normal.h5 -n 1000 --method hmc --init normal:3 --steps 100 --step-size 0.628'
  $sample -o rows.h5 2>err
  [ ! -s err ] || complain "$(cat err)"
  deviation=$(tensor-export --summary rows.h5 | awk -F '\t' '$1 == "/x" { print $7 }')
  near "$deviation" 1 0.03
  $sample --jitter 0 -o rows.h5 2>err
  grep -q 'warning: hmc: rows still depend on where their chains began, .* column [0-9]*;' err ||
    complain "without jitter: $(cat err)"
  no_complaints
}

@test "chains are judged without being asked, and --quiet is quiet" {
  make_gaussian
  printf '9,9\n-9,-9\n' >start.csv
  tensor-import start.csv -o start.h5
  apart='langevin-sample -m gaussian.h5 --init start.h5 --chains 2 -n 40 --burn-in 0 --step-size 1e-6'
  $apart -o rows.h5 2>err
  [ "$(wc -l <err)" -eq 1 ] || complain "$(cat err)"
  grep -q '^langevin-sample: warning: the largest R-hat is .*, not 1.01 or less, and the smallest effective' err ||
    complain "$(cat err)"
  $apart -q -o rows.h5 2>err
  [ ! -s err ] || complain "quiet: $(cat err)"
  # Chains that agree, but of few draws.
  langevin-sample -m gaussian.h5 --chains 4 -n 200 --thin 20 -o rows.h5 2>err
  grep -q '^langevin-sample: warning: the smallest effective sample size is .*, not 400 or more' err ||
    complain "few: $(cat err)"
  langevin-sample -m gaussian.h5 --chains 4 -n 12 -o rows.h5 2>err
  grep -q '^langevin-sample: warning: the chains have 3 draws each, too few' err ||
    complain "three draws: $(cat err)"
  langevin-sample -m gaussian.h5 --chains 40 -n 40 -o rows.h5 2>err
  [ ! -s err ] || complain "one draw: $(cat err)"
  langevin-sample -m gaussian.h5 --method hmc --chains 4 -n 4000 -o rows.h5 2>err
  [ ! -s err ] || complain "fine: $(cat err)"
  no_complaints
}

@test "chains that stand still among others that move are counted" {
  tensor-gen funnel --dim 2 --model -o funnel.h5
  { for i in 1 2 3 4 5 6 7 8 9; do echo 0,0; done; echo -16,0; } | tensor-import - -o start.h5
  langevin-sample -m funnel.h5 --init start.h5 --steps 50 --step-size 0.3 -o rows.h5 2>err
  grep -q '^langevin-sample: warning: mala: 1 of 10 chains accepted less than 1%' err ||
    complain "$(cat err)"
  no_complaints
}

@test "rows that are not finite in units of the data are status 3 and no file" {
  # Standardised, they are as any others; in their own units some of what is drawn is beyond float32.
  tensor-gen gaussian -n 50 | tensor-export | awk -F , 'NR > 1 { print $1 * 5e37 "," $2 * 5e37 }' |
    tensor-import - -o far.h5
  score-train --process vp --hidden 8 --steps 20 -q far.h5 -o score.h5
  remember_files
  for method in pc euler-maruyama reverse-diffusion ancestral 'ddim --init normal:9' \
    'heun --init normal:9' 'dpm++ --init normal:9' 'ode --init normal:9' 'adaptive --init normal:9'; do
    steps='--steps 20'
    case $method in ode* | adaptive*) steps= ;; esac
    outcome langevin-sample -m score.h5 -n 50 --method $method $steps -o rows.h5
    expect_failure 3 langevin-sample "$method"
    grep -qE '^langevin-sample: score.h5: row [0-9]+ comes out as a number that is not finite; --precision float64 may help$' err ||
      complain "$method: $(cat err)"
  done
  # Of the trajectory it is the start alone.
  outcome langevin-sample -m score.h5 -n 50 --method heun --steps 20 --init normal:9 \
    --trajectory path.h5 -o rows.h5
  expect_failure 3 langevin-sample trajectory
  langevin-sample -m score.h5 -n 50 --method pc --steps 20 --precision float64 -o rows.h5
  tensor-export --summary rows.h5 | awk -F '\t' '$1 == "/x" { exit !($8 == 0 && $6 > 1e38) }'
  no_complaints
}

@test "momentum steps that are too long are status 3 and say what would do" {
  make_gaussian
  remember_files
  # The smallest variance is 0.4: leapfrog is stable below 2 sqrt(0.4).
  outcome langevin-sample -m gaussian.h5 -n 50 --method underdamped --step-size 1.4 -o rows.h5
  expect_failure 3 langevin-sample underdamped
  grep -q 'underdamped: chain [0-9]* diverged at step .*below 1.26 ' err
  outcome langevin-sample -m gaussian.h5 -n 50 --method hmc --step-size 4 -o rows.h5
  expect_failure 3 langevin-sample hmc
  grep -q 'hmc: no chain accepted a proposal.*below 1.26 ' err
  outcome langevin-sample -m gaussian.h5 -n 50 --method hmc --jitter 0 --step-size 1.3 --leapfrog 20 -o rows.h5
  [ "$status" -eq 0 ]
  grep -q 'warning: hmc: only .*% of proposals were accepted' err
  # A start without a density.
  tensor-gen funnel --dim 2 --model -o funnel.h5
  printf '%s\n' '0,0' '-400,1' >start.csv
  tensor-import start.csv -o start.h5
  rm -f rows.h5
  outcome langevin-sample -m funnel.h5 --init start.h5 -o rows.h5
  [ "$status" -eq 3 ]
  grep -q 'mala: chain 1: the log density or its gradient is not finite at the start' err
  [ ! -e rows.h5 ]
  no_complaints
}

@test "a Metropolis chain is the same for threads, shards and counts" {
  tensor-gen 8gaussians --model -o ring.h5
  for method in mala 'hmc --leapfrog 3' underdamped; do
    sample="langevin-sample -m ring.h5 --method $method --burn-in 20 --steps 20 --no-history"
    $sample -n 600 --threads 1 -o one.h5
    $sample -n 600 --threads 2 -o two.h5
    cmp one.h5 two.h5
    tensor-export --format csv one.h5 | tail -n +2 >whole.csv
    for part in 1 2; do
      $sample -n 600 --shard $part/2 | tensor-export --format csv | tail -n +2
    done | cmp - whole.csv
    $sample -n 7 | tensor-export --format csv | tail -n +2 | cmp - <(head -n 7 whole.csv)
  done
}

@test "SIGTERM ends a long chain with status 143 and no output" {
  make_gaussian
  stopped 0.3 langevin-sample -m gaussian.h5 -n 100 --method ula --steps 1e9 -o rows.h5
  [ "$status" -eq 143 ]
  [ ! -e rows.h5 ]
}

@test "bf16 is for score models and steps that no error chooses" {
  make_gaussian
  tensor-gen gaussian --dim 4 -n 300 -o data.h5
  score-train --steps 5 --hidden 16 -q data.h5 -o score.h5
  export PUSHFORWARD_BF16=rounded
  langevin-sample -m score.h5 -n 20 --precision bf16 -o whole.h5
  langevin-sample -m score.h5 -n 20 -o exact.h5
  ! same_rows whole.h5 exact.h5 >differences || complain 'bf16 made the rows of float32'
  ! langevin-sample -m gaussian.h5 --precision bf16 -o no.h5 2>err || complain 'a density in bf16'
  [ "$(cat err)" = "langevin-sample: gaussian.h5: a model of the family 'analytic', where \
--precision bf16 needs a score model" ] || complain "$(cat err)"
  ! langevin-sample -m score.h5 --method ode --precision bf16 -o no.h5 2>err || complain 'ode in bf16'
  [ "$(cat err)" = "langevin-sample: --precision bf16: --method ode chooses its steps by errors of \
the size of bfloat16's rounding; leave out bf16" ] || complain "$(cat err)"
  no_complaints
}

@test "chains that start far from the data are warned of; columns are counted from 0" {
  printf '%s\n' 1e7,3 10000004,5 >means.csv
  printf '%s\n' 0.5,0,0,0.5 0.5,0,0,0.5 >covariances.csv
  tensor-gen mixture --means means.csv --covariances covariances.csv --model -o far.h5
  tensor-gen mixture --means means.csv --covariances covariances.csv --precision float64 -n 300 -o rows.h5
  draw='langevin-sample -m far.h5 -n 300 --precision float64'
  $draw --method ula --steps 3 -o drawn.h5 2>err
  grep -q 'column 0: chains start .* deviations from the data' err
  $draw --method ula --sigma 0.5 --steps 3 --init rows.h5 -o drawn.h5 2>err
  [ ! -s err ]
  # A noised mixture is sampled where it lies.
  $draw --method heun -o drawn.h5
  moments=$(tensor-export --format csv drawn.h5 |
    awk -F , 'NR > 1 { a += $1 - 1e7; b += $2 } END { print a / (NR - 1), b / (NR - 1) }')
  near "$moments" '2 4' 0.6
  # Of the second column the start is remembered, of the first it is forgotten.
  printf '%s\n' 0,0 >means.csv
  printf '%s\n' 0.01,0,0,1000 >covariances.csv
  tensor-gen mixture --means means.csv --covariances covariances.csv --model -o narrow.h5
  langevin-sample -m narrow.h5 -n 300 --method ula --step-size 0.005 --steps 20 -o drawn.h5 2>err
  grep -q 'in column 1;' err
}

@test "R-hat sees two modes that chains do not cross" {
  printf '0.5\n0.5\n' >weights.csv
  printf '%s\n' -5,0 5,0 >means.csv
  printf '1,0,0,1\n1,0,0,1\n' >covariances.csv
  tensor-gen mixture --model --weights weights.csv --means means.csv --covariances covariances.csv -o two.h5
  for seed in 0 1 2 3 4 5 6 7; do
    langevin-sample -m two.h5 --method hmc --chains 4 -n 2000 --seed $seed -o rows.h5 2>err
    grep -q 'R-hat' err || complain "seed $seed: no word of two modes"
  done
  # Shards start where the whole does.
  langevin-sample -m two.h5 --method hmc --chains 4 -n 40 --no-history -q -o whole.h5
  for shard in 1 2; do
    langevin-sample -m two.h5 --method hmc --chains 4 -n 40 --shard $shard/2 -q | tensor-export | tail -n +2
  done | cmp - <(tensor-export whole.h5 | tail -n +2)
  no_complaints
}
