# Every kind of flow and of base, as flow-train, flow-sample and logdensity know them.

load common

kinds='planar radial nice realnvp glow maf iaf spline spline-ar'
small='--layers 3 -q --no-history --standardize'
networks='--hidden 12 --depth 1'

# options_of KIND: what makes the kind small.
options_of() {
  case $1 in planar | radial) echo "$small" ;; *) echo "$small $networks" ;; esac
}

# 272 eruptions of the Old Faithful geyser.
make_rows() {
  tensor-import "$PUSHFORWARD_SOURCE/data/geyser.csv" --no-history -o rows.h5
}

@test "every flow trains, draws and scores real rows, with the same bits for any threads" {
  make_rows
  for kind in $kinds; do
    for threads in 1 2; do
      # shellcheck disable=SC2046
      flow-train --flow "$kind" $(options_of "$kind") --steps 40 --threads $threads rows.h5 \
        -o model$threads.h5
      flow-sample -m model1.h5 -n 400 --log-density --no-history --threads $threads -o x$threads.h5
      logdensity -m model1.h5 --score --no-history --threads $threads rows.h5 -o d$threads.h5
    done
    cmp model1.h5 model2.h5 || complain "$kind: the model"
    cmp x1.h5 x2.h5 || complain "$kind: the samples"
    cmp d1.h5 d2.h5 || complain "$kind: the densities"
    logdensity -m model1.h5 rows.h5 --summary |
      awk -F '\t' 'NR == 2 { exit !($1 == 272 && $7 == 0) }' || complain "$kind: not finite"
  done
  no_complaints
}

@test "for every flow and base a sample has the density told, and noise gives the row back" {
  make_rows
  subjects=()
  for kind in $kinds; do subjects+=("$kind $(options_of "$kind")"); done
  subjects+=(
    "planar $small --base student"
    "planar $small --base mixture --components 3 $networks"
    "planar $small --base rad $networks"
    "maf $small $networks --batch-norm --base student"
    "glow $small $networks --batch-norm --base rad"
    "iaf $small $networks --order random"
    "spline $small $networks --bins 64 --bound 100 --order reversed"
    "spline-ar $small $networks --bins 2 --batch-norm"
  )
  for subject in "${subjects[@]}"; do
    # shellcheck disable=SC2086
    flow-train --flow $subject --steps 30 rows.h5 -o model.h5
    flow-sample -m model.h5 -n 300 --precision float64 --log-density -o x.h5
    logdensity -m model.h5 --precision float64 x.h5 -o scored.h5
    numbers x.h5 log_density >told
    numbers scored.h5 log_density >computed
    numbers_close told computed 1e-6 300 || complain "$subject: densities"
    flow-sample -m model.h5 --encode rows.h5 --precision float64 -o noise.h5
    flow-sample -m model.h5 --latent noise.h5 --precision float64 -o back.h5
    numbers rows.h5 x >rows
    numbers back.h5 x >back
    numbers_close rows back 1e-5 272 || complain "$subject: noise and back"
  done
  no_complaints
}

@test "a resumed run gives the bits of one that was not stopped, whatever starts from the rows" {
  make_rows
  # Glow's activation normalisation starts from the rows, and only once; batch normalisation is
  # measured on them again and again; a random order comes from the seed.
  for subject in 'glow' 'maf --batch-norm --ema 0.9' 'iaf --base student' 'spline --order random' \
    'spline-ar --batch-norm --validation 0.2 --validate-every 7' 'realnvp --base rad'; do
    # shellcheck disable=SC2086
    run="--flow $subject $small $networks --schedule constant --log-every 7 --seed 5"
    # shellcheck disable=SC2086
    flow-train $run --steps 40 rows.h5 -o whole.h5
    # shellcheck disable=SC2086
    flow-train $run --steps 14 --checkpoint part.h5 rows.h5 -o unused.h5
    # shellcheck disable=SC2086
    flow-train $run --steps 40 --resume part.h5 rows.h5 -o resumed.h5
    cmp whole.h5 resumed.h5 || complain "$subject"
  done
  # Another order, or another shape of spline, is another run.
  # shellcheck disable=SC2086
  flow-train --flow spline $small $networks --schedule constant --steps 3 --checkpoint part.h5 \
    rows.h5 -o unused.h5
  for change in '--order reversed' '--bound 3.0000001' '--bins 9' '--batch-norm' '--base student'; do
    # shellcheck disable=SC2086
    outcome flow-train --flow spline $small $networks $change --schedule constant --steps 6 \
      --resume part.h5 rows.h5 -o no.h5
    [ "$status" -eq 1 ] || complain "$change is taken for the same"
    grep -q "^flow-train: part.h5: was made with" err || complain "$change: $(cat err)"
  done
  no_complaints
}

@test "one column, one row, few units, no hidden layer, a batch larger than the rows" {
  tensor-gen gaussian --dim 1 -n 40 --no-history -o narrow.h5
  tensor-gen gaussian --dim 20 -n 40 --no-history -o wide.h5
  tensor-gen gaussian --dim 2 -n 1 --no-history -o one.h5
  remember_files
  for kind in nice realnvp glow spline; do
    outcome flow-train --flow $kind --steps 2 narrow.h5 -o no.h5
    expect_failure 1 flow-train "$kind of one column"
    grep -qxF "flow-train: rows have one column; --flow $kind needs at least two" err
  done
  subjects=()
  for kind in maf iaf spline-ar; do
    subjects+=("$kind narrow" "$kind narrow --depth 0" "$kind wide --hidden 3 --batch 5000"
      "$kind wide --hidden 1" "$kind wide --depth 0")
  done
  subjects+=('planar narrow' 'radial narrow' 'spline wide --depth 0' 'glow wide --hidden 1'
    'maf one' 'spline one --bins 2' 'nice one' 'maf narrow --batch-norm --base rad'
    'spline-ar narrow --base mixture --components 1')
  for subject in "${subjects[@]}"; do
    read -r kind rows options <<<"$subject"
    # shellcheck disable=SC2086
    outcome flow-train -q --flow "$kind" --layers 2 --steps 3 $options "$rows.h5" -o model.h5
    [ "$status" -eq 0 ] && [ ! -s err ] || complain "$subject: $(cat err)"
    flow-sample -m model.h5 -n 5 | logdensity -m model.h5 --summary |
      awk -F '\t' 'NR == 2 { exit !($1 == 5 && $7 == 0) }' || complain "$subject: not finite"
  done
  no_complaints
}

@test "rows of 1e30 end with numbers or with status 3, never otherwise" {
  printf '1e30,2e30\n-1e30,5\n3,4e30\n1e30,-1e30\n' | tensor-import --header no - -o large.h5
  for kind in $kinds; do
    for options in '' --standardize; do
      # shellcheck disable=SC2086
      outcome flow-train -q --flow "$kind" --layers 2 --steps 3 $options large.h5 -o model.h5
      case $status in
        0) [ ! -s err ] ;;
        3) grep -qxE 'flow-train: (the loss or its gradient is not finite at|a weight or its moments are not finite after) step [1-3]; .*' err ;;
        *) false ;;
      esac || complain "$kind $options: status $status, $(cat err)"
    done
  done
  no_complaints
}

@test "rows that come out not finite are status 3 and no file" {
  make_rows
  # shellcheck disable=SC2086
  flow-train --flow nice $small $networks --steps 5 rows.h5 -o model.h5
  printf '1,2\n1,3e38\n' | tensor-import --header no - -o large.h5
  remember_files
  outcome flow-sample -m model.h5 -n 5 --temperature 1e300 -o no.h5
  expect_failure 3 flow-sample "a temperature of 1e300"
  outcome flow-sample -m model.h5 --latent large.h5 -o no.h5
  expect_failure 3 flow-sample "noise of 3e38"
  [ "$(cat err)" = "flow-sample: model.h5: row 1 comes out as a number that is not finite; \
--precision float64 may help" ] || complain "$(cat err)"
  no_complaints
  flow-sample -m model.h5 --latent large.h5 --precision float64 -o yes.h5
  # What stands beside a row is held to the same.
  # shellcheck disable=SC2086
  flow-train --flow realnvp $small $networks --steps 5 rows.h5 -o model.h5
  flow-sample -m model.h5 -n 20 --temperature 1e30 -o finite.h5
  remember_files
  outcome flow-sample -m model.h5 -n 20 --temperature 1e30 --log-density -o no.h5
  expect_failure 3 flow-sample "a log density at a temperature of 1e30"
  grep -q '^flow-sample: model.h5: /log_density of row 0 comes out as a number that is not' err ||
    complain "$(cat err)"
  no_complaints
}

@test "options that the flow or the base does not look at are refused" {
  make_rows
  remember_files
  while IFS=: read -r options message; do
    # shellcheck disable=SC2086
    outcome flow-train $options --steps 1 rows.h5 -o no.h5
    expect_failure 2 flow-train "$options"
    [ "$(cat err)" = "flow-train: $message" ] || complain "$options: $(cat err)"
  done <<'END'
--flow planar --hidden 4:--flow planar has no networks, so no --hidden
--flow radial --depth 1:--flow radial has no networks, so no --depth
--flow maf --bins 4:--flow maf has no splines, so no --bins
--flow glow --bound 2:--flow glow has no splines, so no --bound
--flow glow --order random:--flow glow has no order to choose, so no --order
--flow realnvp --order reversed:--flow realnvp has no order to choose, so no --order
--flow maf --components 4:only --base mixture has components, so no --components
--flow maf --batch-norm --batch 15:--batch-norm needs --batch 16 or more
--flow spline --bins 65:option --bins: 65 is outside 2..64
--flow spline --bins 1:option --bins: 1 is outside 2..64
--base mixture --components 0:option --components: 0 is outside 1..1024
END
  for options in '--flow spline --bound 0' '--flow spline --bound nan' '--flow spline --bound 1e7' \
    '--flow none' '--base uniform' '--flow maf --order backward'; do
    # shellcheck disable=SC2086
    outcome flow-train $options --steps 1 rows.h5 -o no.h5
    expect_failure 2 flow-train "$options"
  done
  no_complaints
}

@test "a flow on another flow's noise: the log-determinant and its density add up" {
  make_rows
  # shellcheck disable=SC2086
  flow-train --flow maf $small $networks --steps 60 rows.h5 -o a.h5
  flow-sample -m a.h5 --encode rows.h5 --precision float64 -o noise.h5
  # shellcheck disable=SC2086
  flow-train --flow spline --layers 2 $networks -q --steps 200 noise.h5 -o b.h5
  flow-sample -m b.h5 -n 200 --precision float64 --log-density -o latents.h5
  flow-sample -m a.h5 --latent latents.h5 --precision float64 -o x.h5
  tensor-export --summary x.h5 | grep -q '^/x	\[200, 2\]'
  # The density of the rows that were drawn, from the rows alone, is what the parts tell.
  flow-sample -m a.h5 --encode x.h5 --precision float64 | logdensity -m b.h5 --precision float64 \
    -o parts.h5
  numbers latents.h5 log_density >told
  numbers parts.h5 log_density >computed
  numbers_close told computed 1e-5 200
  # As a base of a, b is at least as good as the one that a was trained with.
  logdensity -m b.h5 noise.h5 | numbers - log_det,log_density |
    awk -F, '{ sum += $1 + $2 } END { print sum / NR }' >together
  logdensity -m a.h5 rows.h5 --summary | awk -F '\t' 'NR == 2 { print $2 }' >alone
  awk 'NR == 1 { together = $1 } NR == 2 { exit !(together > $1) }' together alone
}
