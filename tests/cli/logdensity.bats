# logdensity by the probability-flow equation: agreement with formulas, options, refusals.

load common

# summary COLUMN OPTIONS...: a number of the summary.
summary() {
  local column=$1
  shift
  logdensity --summary "$@" | awk -F '\t' -v want="$column" '
    NR == 1 { for (i = 1; i <= NF; ++i) if ($i == want) at = i }
    NR == 2 { print $at }'
}

# near VALUE EXPECTED TOLERANCE WHAT
near() {
  awk -v a="$1" -v b="$2" -v most="$3" 'BEGIN { d = a - b; exit !(d <= most && -d <= most) }' ||
    complain "$4: $1 is not $2 within $3"
}

make_truth() {
  tensor-gen 8gaussians --model -o truth.h5
  tensor-gen 8gaussians -n 300 -o rows.h5
}

@test "the equation and the formula agree on a mixture, at any time of any process" {
  make_truth
  for process in ve vp subvp edm ddpm; do
    for level in '' '--sigma 0.5' '--time 0.6'; do
      exact=$(summary mean -m truth.h5 ${level:+--process $process $level} rows.h5)
      ode=$(summary mean -m truth.h5 --method ode --process $process $level rows.h5)
      near "$ode" "$exact" 0.02 "$process $level"
    done
  done
  # A variance exploding process of level s adds noise of deviation s.
  [ "$(summary mean -m truth.h5 --sigma 0.5 rows.h5)" = \
    "$(summary mean -m truth.h5 --process edm --time 0.5 rows.h5)" ]
  no_complaints
}

@test "a score model has a density, its error and its cost beside the rows" {
  tensor-gen gaussian --dim 3 -n 4000 -o train.h5
  tensor-gen gaussian --dim 3 -n 200 --seed 1 -o rows.h5
  truth=$(tensor-gen gaussian --dim 3 --model | summary mean -m - rows.h5)
  for process in edm vp; do
    score-train --process $process --hidden 32 --steps 1500 -o model.h5 train.h5
    near "$(summary mean -m model.h5 rows.h5)" "$truth" 0.15 "$process"
    logdensity -m model.h5 --score rows.h5 -o scored.h5
    for threads in 1 2; do
      logdensity -m model.h5 --no-history --threads $threads rows.h5 -o $threads.h5
    done
    cmp 1.h5 2.h5 || complain "$process: other bits on two threads"
    numbers scored.h5 log_density,log_density_error,evaluations,score |
      awk -F , '{ if (!($2 > 0 && $2 < 0.01 && $3 > 12 && NF == 6)) bad = 1 }
        END { exit bad || NR != 200 }' || complain "$process: $(numbers scored.h5 log_density_error,evaluations | head -n 3)"
    logdensity -m model.h5 --no-history scored.h5 | tensor-export --format csv --columns log_density >again.csv
    tensor-export --format csv --columns log_density 1.h5 | cmp - again.csv || complain "$process: scored twice"
  done
  no_complaints
}

@test "probes are a function of the seed and agree with the exact trace" {
  tensor-gen gaussian --dim 4 --correlation 0.3 --model -o model.h5
  tensor-gen gaussian --dim 4 --correlation 0.3 -n 2000 -o rows.h5
  common='-m model.h5 --method ode --process vp --trace hutchinson'
  exact=$(summary mean -m model.h5 --method ode --process vp rows.h5)
  error=$(summary error $common rows.h5)
  near "$error" 0.4 0.3 "error of one row"
  near "$(summary mean $common rows.h5)" "$exact" 0.06 "mean"
  near "$(summary error $common --probes 64 rows.h5)" "$(awk "BEGIN { print $error / 4 }")" 0.05 "64 probes"
  [ "$(summary mean $common rows.h5)" = "$(summary mean $common --seed 0 rows.h5)" ]
  [ "$(summary mean $common rows.h5)" != "$(summary mean $common --seed 1 rows.h5)" ]
  [ "$(summary error $common --probes 1 rows.h5)" = nan ]
  # Beyond 64 columns they are the default, with a warning.
  tensor-gen gaussian --dim 65 --model -o wide.h5
  tensor-gen gaussian --dim 65 -n 20 | logdensity -m wide.h5 --method ode --process vp --summary >out 2>err
  grep -q '^logdensity: warning: the divergence of 65 columns is estimated from 4 probes a row' err ||
    complain "$(cat err)"
  no_complaints
}

@test "whole numbers that the equation scores by noise take its seed, whatever the trace" {
  tensor-gen gaussian --dim 4 --model -o model.h5
  { printf '\000\000\010\003\000\000\000\024\000\000\000\002\000\000\000\002'
    for row in $(seq 20); do printf '\000\001\002\001'; done; } >rows.idx
  tensor-import rows.idx -o rows.h5
  for trace in exact hutchinson; do
    common="-m model.h5 --method ode --process vp --trace $trace"
    zero=$(summary mean $common rows.h5)
    [ "$(summary mean $common --seed 0 rows.h5)" = "$zero" ] || complain "$trace: the seed is not 0"
    [ "$(summary mean $common --seed 1 rows.h5)" != "$zero" ] || complain "$trace: one seed as another"
    logdensity $common --seed 7 rows.h5 -o scored.h5
    h5dump -a /seed scored.h5 | grep -q '(0): 7$' || complain "$trace: the seed is not in the file"
  done
  # The formula takes them for points.
  refused 2 'option --seed: no random number is drawn here' logdensity -m model.h5 --seed 1 rows.h5
  no_complaints
}

@test "a label beside the rows is the one a row is scored under" {
  tensor-gen moons -n 2000 --label -o train.h5
  score-train --label --hidden 32 --steps 300 -o model.h5 train.h5
  logdensity -m model.h5 --score train.h5 | tensor-export --summary >summary
  grep -q '^/log_density' summary
  tensor-gen moons -n 20 -o plain.h5
  refused 1 'plain.h5: no dataset /label' logdensity -m model.h5 plain.h5
  no_complaints
}

@test "tighter tolerances cost evaluations and mend the error" {
  make_truth
  common='-m truth.h5 --method ode --process ve --precision float64'
  loose=$(summary evaluations $common --rtol 1e-3 --atol 1e-3 rows.h5)
  tight=$(summary evaluations $common --rtol 1e-8 --atol 1e-8 rows.h5)
  awk "BEGIN { exit !($tight > 2 * $loose) }" || complain "$tight evaluations, loose $loose"
  near "$(summary error $common --rtol 1e-8 --atol 1e-8 rows.h5)" 0 1e-6 "error"
  no_complaints
}

@test "what does not go together is refused" {
  make_truth
  tensor-gen funnel --dim 2 --model -o funnel.h5
  score-train --process edm --hidden 8 --steps 5 -o edm.h5 rows.h5
  score-train --process none --hidden 8 --steps 5 -o none.h5 rows.h5
  flow-train --steps 2 -o flow.h5 rows.h5
  refused 2 '--method ode needs --process' logdensity -m truth.h5 --method ode rows.h5
  refused 2 'option --trace: --method exact does not use it; ode does' \
    logdensity -m truth.h5 --trace exact rows.h5
  refused 2 'option --seed: no random number is drawn here' logdensity -m edm.h5 --seed 3 rows.h5
  refused 2 'option --seed: no random number is drawn here' logdensity -m truth.h5 --seed 3 rows.h5
  refused 2 'option --probes: --trace exact does not use it; hutchinson does' \
    logdensity -m edm.h5 --probes 3 rows.h5
  refused 2 'option --probes: --method exact does not use it; ode, bound do' \
    logdensity -m truth.h5 --probes 3 rows.h5
  refused 2 '--time and --sigma say the same thing; give one' \
    logdensity -m edm.h5 --time 1 --sigma 1 rows.h5
  refused 2 'option --process: --method exact takes it with --time or --sigma' \
    logdensity -m truth.h5 --process vp rows.h5
  refused 2 'option --time: needs --process' logdensity -m truth.h5 --time 0.5 rows.h5
  refused 2 'option --time: 2 is beyond 1' logdensity -m truth.h5 --process vp --time 2 rows.h5
  refused 2 'option --time: --method ode begins at 1e-05 or later' \
    logdensity -m truth.h5 --method ode --process vp --time 0 rows.h5
  refused 2 'option --sigma: 200 is outside 0.004..160' logdensity -m edm.h5 --sigma 200 rows.h5
  refused 2 'option --beta-min needs --process' logdensity -m truth.h5 --beta-min 1 rows.h5
  refused 2 'option --sigma-max: belongs to --process ve, edm, not vp' \
    logdensity -m truth.h5 --process vp --sigma-max 9 rows.h5
  refused 1 'edm.h5: a score model has no exact density' logdensity -m edm.h5 --method exact rows.h5
  refused 1 "edm.h5: a model of the family 'score'" logdensity -m edm.h5 --process vp rows.h5
  refused 1 'none.h5: was trained at one noise level' logdensity -m none.h5 rows.h5
  refused 1 'funnel.h5: this model has no exact density under noise; --sigma needs a mixture' \
    logdensity -m funnel.h5 --sigma 0.5 rows.h5
  refused 1 'flow.h5: has no noised density' logdensity -m flow.h5 --method ode rows.h5
  no_complaints
}

@test "a row that cannot be solved is named, status 3" {
  make_truth
  printf '1,2\n1e30,3\n' >far.csv
  tensor-import far.csv -o far.h5
  remember_files
  outcome logdensity -m truth.h5 --method ode --process vp far.h5 -o result
  expect_failure 3 logdensity "a row far out"
  grep -q '^logdensity: ode: row 1 ' err || complain "$(cat err)"
  no_complaints
}

@test "the bound of ddpm lies below the density, with its terms beside it" {
  tensor-gen gaussian --dim 2 --correlation 0.5 -n 4000 -o rows.h5
  common='--process ddpm --levels 50 --beta-schedule cosine --hidden 32 --parametrization edm --steps 400'
  score-train $common -q -o fixed.h5 rows.h5
  score-train $common -q --variance learned -o learned.h5 rows.h5
  for model in fixed learned; do
    logdensity -m $model.h5 --method bound --probes 4 rows.h5 -o bound.h5
    numbers bound.h5 log_density,bound_prior,bound_diffusion,bound_decoder | awk -F, '
      { if (($1 + $2 + $3 + $4) ^ 2 > 1e-8 * (1 + $1 ^ 2)) bad = 1; bound += $1 / 4000 }
      # Entropy of the Gaussian: 2.694 nats.
      END { exit bad || !(bound < -2.6 && bound > -2.9) }' || complain "$model: the bound"
    logdensity -m $model.h5 --method bound --threads 1 --summary rows.h5 >one
    logdensity -m $model.h5 --method bound --threads 2 --summary rows.h5 >two
    cmp one two || complain "$model: threads change the bound"
    head -n 1 one | grep -q 'bits_per_dim	error	evaluations	prior	diffusion	decoder$' ||
      complain "header: $(head -n 1 one)"
  done
  remember_files
  outcome logdensity -m learned.h5 --method bound --variance fixed-large -o out.h5 rows.h5
  expect_failure 2 logdensity 'a variance that was learned'
  outcome logdensity -m fixed.h5 --method bound --atol 1e-3 -o out.h5 rows.h5
  expect_failure 2 logdensity 'a tolerance of the bound'
  outcome logdensity -m fixed.h5 --variance fixed-large -o out.h5 rows.h5
  expect_failure 2 logdensity 'a variance of the equation'
  no_complaints
}

@test "a density of zero is an answer, one that is no number is not" {
  printf '1e200,0\n0.5,0.5\n' | tensor-import - --precision float64 -o far.h5
  tensor-gen gaussian --model -o one.h5
  tensor-gen 8gaussians --model -o eight.h5
  for model in one eight; do
    logdensity -m $model.h5 --precision float64 far.h5 | numbers - log_density >found
    [ "$(head -n 1 found)" = -inf ] || complain "$model: $(xargs <found)"
    logdensity -m $model.h5 --precision float64 --summary far.h5 | awk -F '\t' 'NR == 2 {
      exit !($1 == 2 && $7 == 1 && $2 > -100 && $2 < 0) }' || complain "$model: summary"
  done
  # A mixture of densities of zero has no score: it is a quotient of two zeros.
  remember_files
  outcome logdensity -m eight.h5 --precision float64 --score -o scored.h5 far.h5
  expect_failure 3 logdensity 'a score'
  grep -q '^logdensity: eight.h5: the score of row 0 comes out as a number that is not' err ||
    complain "$(cat err)"
  no_complaints
}

@test "the summary takes its output's default, and a configuration file of several steps" {
  make_truth
  printf 'output = x.h5\nscore = yes\n' >steps.txt
  logdensity -m truth.h5 --summary rows.h5 >want
  logdensity -m truth.h5 --summary -o - rows.h5 >got
  cmp got want
  logdensity -m truth.h5 --summary --config steps.txt rows.h5 >got
  cmp got want
  [ ! -e x.h5 ]
  outcome logdensity -m truth.h5 --summary -o x.h5 rows.h5
  [ "$status" -eq 2 ]
}

@test "far from 0 a mixture's noised density is that of float64, by the formula and the equation" {
  printf '%s\n' 1e7,-3e8 10000004,-300000006 >means.csv
  printf '%s\n' 0.5,0,0,0.5 0.5,0,0,0.5 >covariances.csv
  mixture='mixture --means means.csv --covariances covariances.csv'
  tensor-gen $mixture --model -o far.h5
  tensor-gen $mixture -n 300 --precision float64 -o rows.h5 2>err
  [ ! -s err ]
  tensor-gen $mixture -n 300 -o coarse.h5 2>err
  grep -q 'column 0 lies too far from 0 for float32' err
  want=$(summary mean -m far.h5 --sigma 0.5 --precision float64 rows.h5)
  near "$want" -3.5 0.5 'in float64'
  near "$(summary mean -m far.h5 --sigma 0.5 --precision float32 rows.h5)" "$want" 1e-5 'in float32'
  near "$(summary mean -m far.h5 --method ode --process ve --sigma 0.5 rows.h5)" "$want" 0.01 'ode'
}
