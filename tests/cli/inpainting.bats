# langevin-sample --mask: what is known stays, what is drawn follows from it.

load common

# A normal distribution of the plane, correlation 0.8; the first number of a row is known.
make_known() {
  tensor-gen gaussian --dim 2 --correlation 0.8 --model -o model.h5
  printf '1,0\n' | tensor-import --header no - -o mask.h5
  printf '1,7\n' | tensor-import --header no - -o known.h5
}

# moments FILE: the means of both columns and the variance of the second.
moments() {
  numbers "$1" x | awk -F, '
    { ++n; a += $1; b += $2; c += $2 * $2 }
    END { printf "%.9g %.9g %.9g\n", a / n, b / n, c / n - (b / n) ^ 2 }'
}

# within VALUE EXPECTED TOLERANCE WHAT
within() {
  awk -v a="$1" -v b="$2" -v e="$3" 'BEGIN { exit !(a - b <= e && b - a <= e) }' ||
    complain "$4: $1 is not $2 within $3"
}

@test "where Langevin steps correct each level, rows follow from what is known of them" {
  make_known
  # x2 given x1 = 1 is normal of mean 0.8 and variance 0.36. Of 4000 rows the standard error of the
  # mean is 0.0095, that of the variance 0.008; the steps leave a few hundredths beside.
  for method in 'annealed --steps 300' 'pc --process ve --corrector-steps 5' \
    'pc --process vp --corrector-steps 5'; do
    # shellcheck disable=SC2086
    langevin-sample -m model.h5 --mask mask.h5 --known known.h5 -n 4000 --method $method -o rows.h5
    read -r first mean variance < <(moments rows.h5)
    [ "$first" = 1 ] || complain "$method: a known number was changed to $first"
    within "$mean" 0.8 0.06 "$method: mean"
    within "$variance" 0.36 0.05 "$method: variance"
  done
  no_complaints
}

@test "what does not depend on the known numbers is drawn as without them, by every method" {
  tensor-gen gaussian --dim 2 --model -o model.h5
  printf '1,0\n' | tensor-import --header no - -o mask.h5
  printf '3,0\n' | tensor-import --header no - -o known.h5
  for method in annealed pc euler-maruyama reverse-diffusion ancestral ddpm ddim heun \
    'heun --churn 10 --steps 60' dpm++; do
    # shellcheck disable=SC2086
    langevin-sample -m model.h5 --mask mask.h5 --known known.h5 -n 4000 --method $method -o rows.h5
    read -r first mean variance < <(moments rows.h5)
    [ "$first" = 3 ] || complain "$method: a known number was changed to $first"
    within "$mean" 0 0.08 "$method: mean"
    within "$variance" 1 0.12 "$method: variance"
  done
  no_complaints
}

@test "known numbers are in the units of the data, those of a trained model too" {
  tensor-gen gaussian --dim 2 --correlation 0.8 -n 4000 -o plain.h5
  numbers plain.h5 x | awk -F, '{ print 50 + 10 * $1 "," 20 + 2 * $2 }' | tensor-import --header no - -o rows.h5
  printf '1,0\n' | tensor-import --header no - -o mask.h5
  printf '60,0\n' | tensor-import --header no - -o known.h5
  for process in vp edm; do
    score-train -q --process $process --hidden 32 --depth 2 --steps 1500 rows.h5 -o model.h5
    langevin-sample -m model.h5 --mask mask.h5 --known known.h5 -n 1000 --method pc --steps 300 \
      --corrector-steps 2 -o drawn.h5
    read -r first mean _ < <(moments drawn.h5)
    [ "$first" = 60 ]
    within "$mean" 21.6 0.5 "$process: mean, deviation 1.2"
  done
  no_complaints
}

@test "each row has its own known numbers, and threads, shards and pipes change no bit" {
  make_known
  printf '1,2\n3,4\n5,6\n' | tensor-import --header no - -o known.h5
  printf '0,1\n1,0\n1,1\n' | tensor-import --header no - -o mask.h5
  langevin-sample -m model.h5 --mask mask.h5 --known known.h5 --method pc --steps 50 -o all.h5
  [ "$(numbers all.h5 x | awk -F, 'NR == 1 { print $2 } NR == 2 { print $1 }
    NR == 3' | tr '\n' ' ')" = '2 3 5,6 ' ]
  langevin-sample -m model.h5 --mask - --known known.h5 --method pc --steps 50 --threads 1 \
    <mask.h5 >piped.h5
  cmp <(numbers all.h5 x) <(numbers piped.h5 x)
  printf '1,0\n' | tensor-import --header no - -o mask.h5
  printf '1,7\n' | tensor-import --header no - -o known.h5
  langevin-sample -m model.h5 --mask mask.h5 --known known.h5 --method pc --steps 20 -n 600 \
    -o all.h5
  for part in 1 2; do
    langevin-sample -m model.h5 --mask mask.h5 --known known.h5 --method pc --steps 20 -n 600 \
      --shard $part/2 -o part-$part.h5
  done
  tensor-import part-1.h5 part-2.h5 -o joined.h5
  cmp <(numbers all.h5 x) <(numbers joined.h5 x)
  no_complaints
}

# refused STATUS MESSAGE COMMAND...: one line that has the message, and no file is left.
refused() {
  local status_wanted=$1 message=$2
  shift 2
  remember_files
  outcome "$@"
  expect_failure "$status_wanted" langevin-sample "$*"
  grep -qF -- "$message" err || complain "$*: $(cat err)"
}

@test "what does not go together is refused in one line" {
  make_known
  refused 2 '--known needs --mask' langevin-sample -m model.h5 --known known.h5
  refused 2 'has no dataset /mask beside its rows' langevin-sample -m model.h5 --mask mask.h5
  refused 2 'option --mask: --method ode does not use it' \
    langevin-sample -m model.h5 --mask mask.h5 --known known.h5 --method ode
  refused 2 'option --mask: --method mala does not use it' \
    langevin-sample -m model.h5 --mask mask.h5 --known known.h5
  set -- langevin-sample -m model.h5 --known known.h5 --method pc
  printf '1,0.5\n' | tensor-import --header no - -o half.h5
  refused 1 'half.h5: /x row 0 holds another number than 0' "$@" --mask half.h5
  printf '1,0,1\n' | tensor-import --header no - -o wide.h5
  refused 1 'wide.h5: /x: a mask of shape [1, 3]' "$@" --mask wide.h5
  printf '1,0\n0,1\n' | tensor-import --header no - -o two.h5
  refused 1 'holds 2 known rows for 3 to draw' \
    langevin-sample -m model.h5 --known two.h5 --mask mask.h5 --method pc -n 3
  printf '1,0\n0,1\n1,1\n' | tensor-import --header no - -o three.h5
  refused 1 'has 3 rows, and there are 2 known ones' \
    langevin-sample -m model.h5 --known two.h5 --mask three.h5 --method pc
  no_complaints
}
