# Rows to noise and back, and paths between rows: flow-sample and langevin-sample --encode, --between.

load common

# values FILE DATASETS: the numbers as text.
values() {
  tensor-export --format csv --columns "$2" "$1"
}

make_flow() {
  tensor-gen moons -n 1000 --no-history -o rows.h5
  flow-train --layers 4 --hidden 16 --depth 1 --batch 200 --steps "$1" --standardize rows.h5 -o model.h5
}

@test "a path begins and ends at its rows and keeps the length of their noise" {
  make_flow 50
  flow-sample -m model.h5 --encode rows.h5 --between 3,17,5 --steps 4 --precision float64 -o path.h5
  values path.h5 x >path
  [ "$(wc -l <path)" -eq 10 ] # 2 times 4 steps, and the first row, below a header
  # Rows 0, 4 and 8 are rows 3, 17 and 5 of the file.
  paste -d, <(sed -n '2p;6p;10p' path) <(values rows.h5 x | awk 'NR == 5 || NR == 19 || NR == 7 { row[NR] = $0 } END { print row[5] "\n" row[19] "\n" row[7] }') |
    awk -F, '{ d = $1 - $3; e = $2 - $4; if (d * d + e * e > 1e-13) bad = 1 } END { exit bad || NR != 3 }'
  # The noise of a linear path is even, that of a spherical one is not.
  for path in linear spherical; do
    flow-sample -m model.h5 --encode rows.h5 --between 3,17 --steps 2 --path $path --precision float64 |
      flow-sample -m model.h5 --encode - --precision float64 | values - x >$path
  done
  awk -F, 'NR > 1 { x[NR] = $1; y[NR] = $2 }
    END { d = x[3] - (x[2] + x[4]) / 2; e = y[3] - (y[2] + y[4]) / 2; exit d * d + e * e > 1e-13 }' linear
  # The middle of a spherical path: a (a + b) with |.|^2 between those of a and b for equal lengths.
  paste -d, linear spherical | awk -F, 'NR == 3 { cross = $1 * $4 - $2 * $3; longer = $3^2 + $4^2 > $1^2 + $2^2 }
    END { exit cross * cross > 1e-13 || !longer }'
  flow-sample -m model.h5 --encode rows.h5 --between 3,17 | tensor-export --summary | grep -q '^/x	\[9, 2\]'
}

@test "paths that lead nowhere are refused in a line" {
  make_flow 5
  refused 1 "rows.h5: has 1000 rows, counted from 0; there is no row 1000 to go between" \
    flow-sample -m model.h5 --encode rows.h5 --between 3,1000
  refused 2 "option --between: give two rows or more, such as 0,1" \
    flow-sample -m model.h5 --encode rows.h5 --between 3
  refused 2 "--between needs --encode INPUT, whose rows it goes between" flow-sample -m model.h5 --between 3,4
  refused 2 "--steps needs --between A,B" flow-sample -m model.h5 --steps 3
  refused 2 "--path needs --between A,B" flow-sample -m model.h5 --encode rows.h5 --path linear
  no_complaints
}

# largest FILE FILE: the largest difference between the numbers of two files.
largest() {
  paste -d, <(values "$1" x) <(values "$2" x) |
    awk -F, 'NR > 1 { for (j = 1; j <= NF / 2; ++j) { d = $j - $(j + NF / 2); if (d < 0) d = -d; if (d > most) most = d } }
      END { printf "%.3g\n", most }'
}

# below A B: whether A < B.
below() {
  awk -v a="$1" -v b="$2" 'BEGIN { exit !(a + 0 < b + 0) }'
}

# The equation takes a Gaussian of mean m and deviation s from level a to level b by a change of scale:
# x -> m + (x - m) sqrt((s^2 + b^2) / (s^2 + a^2)).
@test "the noise of a Gaussian's rows is what its equation says, normal but for the highest level" {
  printf '1\n' >weights.csv
  printf '3,-1\n' >means.csv
  printf '4,0,0,0.25\n' >covariances.csv
  tensor-gen mixture --model --weights weights.csv --means means.csv --covariances covariances.csv -o truth.h5
  tensor-gen mixture -n 4000 --weights weights.csv --means means.csv --covariances covariances.csv -o rows.h5
  langevin-sample -m truth.h5 --process edm --encode rows.h5 --precision float64 --atol 1e-9 --rtol 1e-9 -o noise.h5
  paste -d, <(values rows.h5 x) <(values noise.h5 x) | awk -F, '
    function noise(x, m, s) { return (m + (x - m) * sqrt((s^2 + 80^2) / (s^2 + 0.002^2))) / 80 }
    NR > 1 { d = $3 - noise($1, 3, 2); e = $4 - noise($2, -1, 0.5); if (d * d + e * e > 1e-12) bad = 1
      n += 2; a = $3 - 3 / 80; b = $4 + 1 / 80; squares += a * a + b * b; fourth += a^4 + b^4 }
    END { v = squares / n; k = fourth / n / v^2; exit bad || v < 0.95 || v > 1.05 || k < 2.8 || k > 3.2 || NR != 4001 }'
}

@test "rows that are encoded come back, the closer the finer the steps, by every process" {
  tensor-gen 8gaussians -n 200 -o rows.h5
  tensor-gen 8gaussians --model -o truth.h5
  for process in ve vp subvp ddpm edm; do
    for tolerance in 1e-6 1e-9; do
      run="-m truth.h5 --process $process --precision float64 --atol $tolerance --rtol $tolerance"
      # shellcheck disable=SC2086
      langevin-sample $run --encode rows.h5 -o noise.h5
      # shellcheck disable=SC2086
      langevin-sample $run --method ode --init noise.h5 --denoise no -o back.$tolerance.h5
    done
    coarse=$(largest rows.h5 back.1e-6.h5) fine=$(largest rows.h5 back.1e-9.h5)
    below "$coarse" 1e-3 || complain "$process: $coarse at 1e-6"
    below "$fine" 1e-6 || complain "$process: $fine at 1e-9"
  done
  # Solvers with steps of their own take the same noise to the same rows, at their orders.
  langevin-sample -m truth.h5 --process edm --encode rows.h5 --precision float64 --atol 1e-9 --rtol 1e-9 -o noise.h5
  for method in heun dpm++; do
    for steps in 100 200; do
      langevin-sample -m truth.h5 --process edm --method $method --steps $steps --denoise no --precision float64 \
        --init noise.h5 -o back.$steps.h5
    done
    gain=$(awk -v a="$(largest rows.h5 back.100.h5)" -v b="$(largest rows.h5 back.200.h5)" 'BEGIN { print a / b }')
    { below 3.2 "$gain" && below "$gain" 5; } || complain "$method: twice the steps, error $gain times smaller"
  done
  no_complaints
}

@test "the noise of a row is the same bits whatever the threads and shards, a path ends at its rows" {
  tensor-gen moons -n 600 --label -o rows.h5
  score-train rows.h5 --process edm --label --steps 100 --hidden 16 -o model.h5
  run='-m model.h5 --label 1 --no-history'
  for threads in 1 2; do
    # shellcheck disable=SC2086
    langevin-sample $run --encode rows.h5 --threads $threads -o $threads.h5
  done
  cmp 1.h5 2.h5
  # shellcheck disable=SC2086
  for shard in 1 2 3; do
    langevin-sample $run --encode rows.h5 --shard $shard/3 | values - x,label | tail -n +2
  done | cmp - <(values 1.h5 x,label | tail -n +2)
  # shellcheck disable=SC2086
  langevin-sample $run --precision float64 --atol 1e-8 --rtol 1e-8 --encode rows.h5 --between 0,599 --steps 5 -o path.h5
  paste -d, <(values path.h5 x,label | sed -n '2p;7p') <(values rows.h5 x | sed -n '2p;601p') |
    awk -F, '{ d = $1 - $4; e = $2 - $5; if (d * d + e * e > 1e-8 || $3 != 1) bad = 1 } END { exit bad || NR != 2 }'
}

@test "what --encode of scores cannot do is said in a line" {
  make_flow 5
  tensor-gen 8gaussians --model -o truth.h5
  encode='langevin-sample -m truth.h5 --encode rows.h5'
  refused 1 "model.h5: a flow, whose rows flow-sample --encode maps to noise" langevin-sample -m model.h5 --encode rows.h5
  # shellcheck disable=SC2086
  {
    refused 2 "--encode follows the equation of --method ode; leave out --method heun" $encode --method heun
    refused 2 "--denoise ends what is drawn; --encode alone draws nothing" $encode --denoise yes
    refused 2 "option --steps: 20000 is outside 1..10000, the range for --between" $encode --between 0,1 --steps 20000
    refused 1 "rows.h5: has 1000 rows, counted from 0; there is no row 1000" $encode --between 0,1000
    refused 2 "--encode and --count exclude each other" $encode -n 3
    refused 2 "option --chains: --method ode does not use it" $encode --chains 2
  }
  refused 2 "--between needs --encode INPUT" langevin-sample -m truth.h5 --between 0,1
  no_complaints
}
