# langevin-sample's methods that run a process backwards: maps and moments on a Gaussian, every
# process, refusals, blow-ups, broken models.

load common

deterministic='heun dpm++ unipc ddim ode'
stochastic='pc euler-maruyama reverse-diffusion ancestral ddpm adaptive'
processes='ve vp subvp edm ddpm'

make_normal() {
  tensor-gen gaussian --dim 1 --model -o normal.h5
}

# factor METHOD LEVEL...: what a deterministic method multiplies a row of a standard normal
# distribution by, from the first level (of the start, a z) down the others.
factor() {
  echo "$@" | awk '{
    x = $2; last = 0
    for (i = 2; i < NF; ++i) {
      s = $i; t = $(i + 1); clean = x / (1 + s * s); next_x = clean + t / s * (x - clean)
      if ($1 == "heun" && t > 0)
        next_x = x + (t - s) / 2 * (s * x / (1 + s * s) + t * next_x / (1 + t * t))
      if ($1 == "dpm++") {
        h = t > 0 ? log(s / t) : 0
        lean = last > 0 && t > 0 ? h / last / 2 : 0
        next_x = t / s * x + (1 - t / s) * ((1 + lean) * clean - lean * before)
        before = clean; last = h
      }
      x = next_x
    }
    printf "%.12g\n", x }'
}

# row_maps OPTION...: the row that langevin-sample makes of noise 1.
row_maps() {
  printf '1\n' >noise.csv
  tensor-import --header no noise.csv -o noise.h5
  langevin-sample -m normal.h5 --init noise.h5 "$@" -o rows.h5
  numbers rows.h5 x
}

# close VALUE EXPECTED TOLERANCE WHAT
close() {
  awk -v a="$1" -v b="$2" -v e="$3" 'BEGIN { exit !(a - b <= e && b - a <= e) }' ||
    complain "$4: $1 is not $2 within $3"
}

@test "deterministic methods are their maps of a Gaussian's rows, in either precision" {
  make_normal
  # ve: 0.01 to 50, even in ln sigma; the grid of Karras et al. for heun and dpm++.
  even=$(awk 'BEGIN { for (i = 0; i < 12; ++i) printf "%.15g ", 50 * 5000 ^ (-i / 11) }')
  grid=$(awk 'BEGIN { a = 80 ^ (1 / 7); b = 0.002 ^ (1 / 7)
    for (i = 0; i < 12; ++i) printf "%.15g ", (a + i / 11 * (b - a)) ^ 7 }')
  for precision in 'float32 1e-4' 'float64 1e-9'; do
    set -- $precision
    close "$(row_maps --method ddim --process ve --steps 12 --precision "$1")" \
      "$(factor ddim $even 0)" "$2" "ddim $1"
    for method in heun dpm++; do
      close "$(row_maps --method $method --steps 12 --precision "$1")" \
        "$(factor $method $grid 0)" "$2" "$method $1"
      close "$(row_maps --method $method --steps 11 --denoise no --precision "$1")" \
        "$(factor $method $grid)" "$2" "$method $1 --denoise no"
      # One step goes from the highest level to the clean row.
      close "$(row_maps --method $method --steps 1 --precision "$1")" "$(factor $method 80 0)" "$2" \
        "$method $1, one step"
    done
  done
  no_complaints
}

@test "the probability-flow equation keeps a Gaussian, by whatever process and solver" {
  make_normal
  # A row z / sqrt(1 + sigma_0^2) where the prior is N(0, 1), sigma_0 the level at the end; about
  # that where it is N(0, sigma_max^2) and leaves out the variance of the data.
  for process in $processes; do
    expected=1
    case $process in
      vp) expected=$(awk 'BEGIN { print exp(-(0.1e-3 + 9.95e-6) / 2) }') ;;
      subvp) expected=1 ;;
      ddpm) expected=$(awk 'BEGIN { print sqrt(1 - 1e-4) }') ;;
    esac
    for options in '--method ode' '--method heun --steps 300' '--method dpm++ --steps 300'; do
      close "$(row_maps $options --process $process)" "$expected" 1e-3 "$options $process"
    done
  done
  # Levels as x_t: without denoising the deviation of vp is 1 throughout.
  close "$(row_maps --method ode --process vp --denoise no)" 1 1e-3 'vp, x_t'
  no_complaints
}

@test "stochastic methods have a Gaussian's variance within their error" {
  make_normal
  for method in $stochastic; do
    for process in ve subvp ddpm; do
      langevin-sample -m normal.h5 -n 4000 --method $method --process $process -o rows.h5
      variance=$(numbers rows.h5 x | awk '{ s += $1; v += $1 * $1 } END { m = s / NR; print v / NR - m * m }')
      close "$variance" 1 0.1 "$method $process"
    done
  done
  no_complaints
}

@test "every method samples a model of every process, in either precision" {
  tensor-gen moons -n 200 -o rows.h5
  for process in $processes; do
    score-train --process $process --steps 2 --hidden 8 -o model.h5 rows.h5
    for method in annealed $stochastic $deterministic; do
      case $method in ode | adaptive) steps= ;; *) steps='--steps 3' ;; esac
      for options in '--precision float32' '--precision float64 --denoise no'; do
        outcome langevin-sample -m model.h5 -n 5 --method $method $steps $options -o samples.h5
        [ "$status" -eq 0 ] && [ ! -s err ] || complain "$method $process $options: $(cat err)"
      done
    done
  done
  no_complaints
}

@test "threads, shards and company do not change a row of any method" {
  tensor-gen 8gaussians --label -n 500 -o rows.h5
  score-train --process vp --label --label-dropout 0.1 --hidden 16 --steps 50 -o model.h5 rows.h5
  for method in $stochastic $deterministic; do
    case $method in ode | adaptive) steps= ;; *) steps='--steps 5' ;; esac
    sample="langevin-sample -m model.h5 --label 3 --guidance 1 --method $method $steps --no-history"
    $sample -n 600 --threads 1 -o one.h5
    $sample -n 600 --threads 2 -o two.h5
    cmp one.h5 two.h5 || complain "$method: threads"
    numbers one.h5 x >whole.csv
    for part in 1 2 3; do
      $sample -n 600 --shard $part/3 -o part.h5
      numbers part.h5 x
    done | cmp - whole.csv || complain "$method: shards"
    $sample -n 1 -o first.h5
    numbers first.h5 x | cmp - <(head -n 1 whole.csv) || complain "$method: alone"
  done
  no_complaints
}

@test "what does not go together is refused with the reason" {
  make_normal
  tensor-gen gaussian --dim 2 --model -o plane.h5
  tensor-gen moons -n 100 -o rows.h5
  score-train --process vp --steps 2 --hidden 8 -o vp.h5 rows.h5
  remember_files
  stepped='ula, mala, hmc, underdamped, annealed, pc, euler-maruyama, reverse-diffusion, ancestral, heun, dpm++, unipc, ddpm, ddim do'
  states="${stepped% do}, blur, cold, ddgan do"
  while IFS='|' read -r code options message; do
    outcome langevin-sample -o samples.h5 $options
    expect_failure "$code" langevin-sample "$options"
    message=${message/STEPPED/$stepped}
    [ "$(cat err)" = "langevin-sample: ${message/STATES/$states}" ] || complain "$options: $(cat err)"
  done <<'END'
2|-m normal.h5 --method ode --steps 3|option --steps: --method ode does not use it; STEPPED
2|-m normal.h5 --method adaptive --trajectory path.h5|option --trajectory: --method adaptive does not use it; STATES
2|-m normal.h5 --method heun --atol 1|option --atol: --method heun does not use it; adaptive, ode do
2|-m normal.h5 --method dpm++ --eta 1|option --eta: --method dpm++ does not use it; ddim does
2|-m normal.h5 --method ddim --eta 1.1|option --eta: 1.1 is outside 0..1
2|-m normal.h5 --method ancestral --variance fixed-large|option --variance: --method ancestral does not use it; ddpm does
2|-m normal.h5 --method ddim --snr 1|option --snr: --method ddim does not use it; pc does
2|-m normal.h5 --method ddim --steps 1001|option --steps: the process has 1000 steps; fewer can be asked for, not more
2|-m normal.h5 --method ddim --steps 1000 --denoise no|option --steps: the process has 1000 steps, of which --denoise no keeps the last; fewer can be asked for, not more
2|-m normal.h5 --method pc --process ve --levels 5|option --levels: --method pc does not use it; annealed and --process ddpm do
2|-m normal.h5 --beta-min 1|option --beta-min: needs --process, the one that noises an analytic model
2|-m normal.h5 --process vp --sigma-max 9|option --sigma-max: belongs to --process ve, edm, not vp
2|-m vp.h5 --sigma-max 9|option --sigma-max: the levels of the process vp follow from its betas
2|-m normal.h5 --method heun --sigma-min 1e-20|the lowest level, --sigma-min, is below 1e-18
2|-m normal.h5 --method pc --process ve --rho 3|option --rho: the steps of the process ve are even in time; those of edm have a rho
1|-m normal.h5 --method annealed --process ddpm --levels 1|normal.h5: its process has one noise level, and --method annealed goes down from one to the next; use --method ddpm
1|-m vp.h5 --process ve|vp.h5: a model of the family 'score', where --process needs an analytic one
1|-m normal.h5 --method ode --init rows.h5|rows.h5: /x has rows of 2 numbers, the model has rows of 1
1|-m plane.h5 --method ode --init rows.h5 -n 300|rows.h5: holds 100 rows, 300 chains need as many to start from
END
  no_complaints
}

@test "a process of one step has samples by every method that needs no way down" {
  make_normal
  for method in $stochastic $deterministic; do
    outcome langevin-sample -m normal.h5 -n 3 --method $method --process ddpm --levels 1 -o rows.h5
    [ "$status" -eq 0 ] && [ ! -s err ] || complain "$method: $(cat err)"
  done
  no_complaints
}

@test "rows that blow up end with status 3, one line and no output" {
  make_normal
  remember_files
  for method in $stochastic $deterministic annealed; do
    outcome langevin-sample -m normal.h5 -n 5 --method $method --init normal:1e308 -o rows.h5
    expect_failure 3 langevin-sample "$method"
    grep -q "^langevin-sample: $method: \(chain\|row\) [0-4] " err || complain "$(cat err)"
  done
  outcome langevin-sample -m normal.h5 -n 5 --method annealed --step-size 1e3 -o rows.h5
  expect_failure 3 langevin-sample annealed
  grep -q 'annealed: chain 0 diverged at step .* of 1001; a shorter --step-size may be stable' err
  outcome langevin-sample -m normal.h5 -n 1 --method adaptive --atol 1e-30 --rtol 1e-30 -o rows.h5
  expect_failure 3 langevin-sample 'no tolerance'
  grep -q 'adaptive: row 0 is not done after 10000 steps, .*; a larger --atol or --rtol may help' err
  no_complaints
}

@test "SIGTERM ends ode, adaptive and pc with status 143 and no output; a full disk is status 1" {
  tensor-gen 8gaussians --model -o ring.h5
  for options in '--method ode -n 1e9' '--method adaptive -n 1e9' \
    '--method pc -n 2 --steps 1000000 --corrector-steps 20'; do
    stopped 0.4 langevin-sample -m ring.h5 $options -o rows.h5 2>err
    [ "$status" -eq 143 ] && [ ! -e rows.h5 ] || complain "$options: status $status"
  done
  for target in '-o /dev/full' '--trajectory /dev/full -o rows.h5' '--diagnostics /dev/full -o rows.h5'; do
    outcome langevin-sample -m ring.h5 -n 5 --method heun $target
    [ "$status" -eq 1 ] && [ "$(wc -l <err)" -eq 1 ] || complain "$target: status $status, $(cat err)"
  done
  no_complaints
}

@test "attributes that no score model has never crash a program" {
  for python in python3 /usr/bin/python3 none; do
    $python -c 'import h5py' 2>/dev/null && break
  done
  [ $python != none ] || skip 'h5py is not installed'
  tensor-gen 8gaussians --label -n 100 -o rows.h5
  for process in ve ddpm; do
    score-train --process $process --label --label-dropout 0.1 --steps 1 --hidden 4 \
      -o good-$process.h5 rows.h5
  done
  $python - <<'END'
import glob, h5py, shutil
count = 0
for good in sorted(glob.glob("good-*.h5")):
    with h5py.File(good) as file:
        names = list(file["model"].attrs)
    for name in names:
        for value in (None, -1, float("nan"), "x"):
            count += 1
            shutil.copy(good, f"broken-{count}.h5")
            with h5py.File(f"broken-{count}.h5", "r+") as file:
                del file["model"].attrs[name]
                if value is not None:
                    file["model"].attrs[name] = value
END
  for file in broken-*.h5; do
    outcome timeout 20 langevin-sample -m "$file" -n 2 --steps 2 --label 0 -o samples.h5
    case $status in
      0) ;;
      1 | 2 | 3) [ "$(wc -l <err)" -eq 1 ] || complain "$file: $(cat err)" ;;
      *) complain "$file: status $status: $(cat err)" ;;
    esac
  done
  no_complaints
}
