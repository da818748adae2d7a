# Flows of 8-bit data through the programs: whole numbers in, bits per dimension, whole numbers out.

load common

small='--flow realnvp --channels 8 --blocks 1 --batch 100 --dequantize uniform --logit 1e-6 --standardize'

make_images() {
  tensor-gen shapes --size 4 -n 400 -o images.h5
}

# column NAME: of the summary on standard input.
column() {
  awk -F '\t' -v want="$1" '
    NR == 1 { for (i = 1; i <= NF; ++i) if ($i == want) at = i }
    NR == 2 { print $at }'
}

# within VALUE LEAST MOST WHAT
within() {
  awk -v a="$1" -v low="$2" -v high="$3" 'BEGIN { exit !(a >= low && a <= high) }' ||
    complain "$4: $1 is not in $2..$3"
}

@test "uniform numbers cost 8 bits each, whatever the type they stand in" {
  awk 'BEGIN { srand(1); for (i = 0; i < 500; ++i) print int(256 * rand()) "," int(256 * rand()) }' >rows.csv
  tensor-import rows.csv -o rows.h5
  # The logit of a uniform number is logistic, and a flow starts as the identity.
  flow-train --layers 2 --hidden 4 --base logistic --dequantize uniform --logit 1e-12 --steps 1 \
    --lr 1e-12 rows.h5 -o model.h5
  for draws in 1 3; do
    bits=$(logdensity -m model.h5 rows.h5 --draws $draws --summary | column bits_per_dim)
    within "$bits" 7.999999 8.000001 "$draws draws"
  done
  no_complaints
}

@test "the probabilities of all rows sum to one, and draws tighten the bound" {
  seq 0 255 >all.csv
  tensor-import all.csv -o all.h5
  awk 'BEGIN { srand(2); for (i = 0; i < 2000; ++i) print int(255 * rand() * rand()) }' >rows.csv
  tensor-import rows.csv -o rows.h5
  flow-train --flow spline-ar --layers 2 --hidden 8 --dequantize uniform --logit 0.001 --standardize \
    --steps 300 rows.h5 -o model.h5
  logdensity -m model.h5 --draws 300 all.h5 -o sums.h5
  numbers sums.h5 log_density | awk '{ sum += exp($1) } END { exit !(sum > 0.98 && sum < 1.01) }'
  one=$(logdensity -m model.h5 rows.h5 --summary | column bits_per_dim)
  many=$(logdensity -m model.h5 rows.h5 --draws 100 --summary | column bits_per_dim)
  within "$(awk -v a="$one" -v b="$many" 'BEGIN { print a - b }')" 0.0001 1 "gain of draws"
  within "$many" 5 7.9 bits
  no_complaints
}

@test "threads, resuming, validation and shards keep every bit" {
  make_images
  for noise in variational uniform; do
    fit=${small/uniform/$noise}
    # shellcheck disable=SC2086
    for threads in 1 2; do
      flow-train $fit --steps 40 --validation 0.2 --threads $threads --no-history images.h5 \
        -o model$threads.h5
      logdensity -m model1.h5 --threads $threads --seed 3 --draws 2 --no-history images.h5 -o d$threads.h5
      flow-sample -m model1.h5 --encode images.h5 --threads $threads --seed 3 --no-history -o z$threads.h5
    done
    cmp model1.h5 model2.h5
    cmp d1.h5 d2.h5
    cmp z1.h5 z2.h5
    # The noise of a step is a function of the step: a run in two parts is the run.
    fit="flow-train $fit --schedule constant --log-every 17"
    $fit --steps 17 --checkpoint part.h5 images.h5 -o unused.h5
    $fit --steps 30 --resume part.h5 --no-history images.h5 -o resumed.h5
    $fit --steps 30 --no-history images.h5 -o whole.h5
    cmp whole.h5 resumed.h5
  done
  # shellcheck disable=SC2086
  outcome flow-train ${small/1e-6/1e-5} --schedule constant --log-every 17 --steps 30 --resume part.h5 images.h5 -o no.h5
  [ "$status" -eq 1 ]
  grep -q 'made with logit 1e-06, this run has 1e-05' err
  flow-sample -m model1.h5 -n 600 | numbers - x >all
  for part in 1 2 3; do flow-sample -m model1.h5 -n 600 --shard $part/3 | numbers - x; done | cmp all -
}

@test "variational noise is learned, and draws tighten its bound too" {
  tensor-gen shapes --size 8 -n 600 -o images.h5
  for kind in "glow --blocks 2 --channels 8" "realnvp --layers 4 --hidden 24"; do
    for noise in uniform variational; do
      # shellcheck disable=SC2086
      flow-train --flow $kind --dequantize $noise --logit 1e-6 --batch 50 --steps 150 --label \
        images.h5 -o $noise.h5
      for draws in 1 20; do
        logdensity -m $noise.h5 images.h5 --draws $draws --summary | column bits_per_dim >$noise.$draws
      done
    done
    within "$(awk -v a="$(cat uniform.1)" -v b="$(cat variational.1)" 'BEGIN { print a - b }')" 0.02 3 \
      "$kind: gain of the noise"
    within "$(awk -v a="$(cat variational.1)" -v b="$(cat variational.20)" 'BEGIN { print a - b }')" \
      0.001 1 "$kind: gain of draws"
    flow-sample -m variational.h5 --label 1 -n 5 | tensor-export --summary | grep -q '^/x	\[5, 1, 8, 8\]	uint8'
    flow-sample -m variational.h5 --encode images.h5 --precision float64 -o noise.h5
    flow-sample -m variational.h5 --latent noise.h5 --precision float64 -o back.h5
    cmp <(numbers images.h5 x) <(numbers back.h5 x)
  done
  no_complaints
}

@test "samples are whole numbers in the shape of the rows" {
  make_images
  # shellcheck disable=SC2086
  flow-train $small --steps 40 --trajectory film.h5 --trajectory-rows 3 --trajectory-every 20 images.h5 \
    -o model.h5
  flow-sample -m model.h5 -n 50 --log-density -o x.h5
  tensor-export --summary x.h5 | grep -q '^/x	\[50, 1, 4, 4\]	uint8'
  tensor-export --summary film.h5 | grep -q '^/x	\[3, 3, 1, 4, 4\]	uint8'
  tensor-export --summary x.h5 | awk -F '\t' '$1 == "/log_density" && $8 == 0 { found = 1 } END { exit !found }'
  logdensity -m model.h5 x.h5 --summary >summary
  [ "$(column n <summary)" -eq 50 ]
  [ "$(column nonfinite <summary)" -eq 0 ]
}

@test "noise of encoded rows decodes to the rows" {
  make_images
  for logit in 0 1e-6; do
    # shellcheck disable=SC2086
    flow-train ${small/1e-6/$logit} --steps 40 images.h5 -o model.h5
    flow-sample -m model.h5 --encode images.h5 --precision float64 -o noise.h5
    flow-sample -m model.h5 --latent noise.h5 --precision float64 -o back.h5
    cmp <(numbers images.h5 x) <(numbers back.h5 x)
  done
  flow-sample -m model.h5 --encode images.h5 --seed 1 --precision float64 | numbers - x >other
  ! cmp -s other <(numbers noise.h5 x)
}

@test "labels and whole numbers go together" {
  make_images
  flow-train --flow maf --layers 2 --hidden 16 --label --dequantize uniform --steps 20 images.h5 -o model.h5
  flow-sample -m model.h5 --label 1 -n 20 | logdensity -m model.h5 --draws 2 -o scored.h5
  tensor-export --summary scored.h5 | grep -q '^/x	\[20, 1, 4, 4\]	uint8'
}

@test "rows that are no whole numbers, and options that do not go together, are refused" {
  make_images
  printf '1,2\n3,4.5\n' >half.csv
  printf '1,2\n3,256\n' >large.csv
  printf '1,2\n-1,0\n' >negative.csv
  printf '1\n2\n3\n' >single.csv
  printf '1,2\n3,4\n5,6\n7,8\n9,0\n' >good.csv
  for name in half large negative single good; do tensor-import $name.csv -o $name.h5; done
  tensor-gen moons -n 50 -o moons.h5
  model='--layers 1 --hidden 4 --steps 2 --batch 2'
  # shellcheck disable=SC2086
  flow-train $model --dequantize uniform good.h5 -o model.h5
  # shellcheck disable=SC2086
  flow-train $model moons.h5 -o plain.h5
  whole='dequantization is for whole numbers from 0 to 255'
  # shellcheck disable=SC2086
  {
    refused 1 "half.h5: /x row 1 holds 4.5; $whole" flow-train $model --dequantize uniform half.h5
    refused 1 "large.h5: /x row 1 holds 256; $whole" flow-train $model --dequantize uniform large.h5
    refused 1 "negative.h5: /x row 1 holds -1; $whole" flow-train $model --dequantize uniform \
      --validation negative.h5 good.h5
    refused 2 '--logit needs --dequantize uniform or variational' flow-train $model --logit 0.1 good.h5
    refused 2 'option --logit' flow-train $model --dequantize uniform --logit 0.5 good.h5
    refused 2 'option --logit' flow-train $model --dequantize uniform --logit 1e-13 good.h5
    refused 2 'option --dequantize' flow-train $model --dequantize sideways good.h5
    refused 1 'rows have one column; --dequantize variational needs at least two' flow-train $model \
      --flow maf --dequantize variational single.h5
  }
  refused 1 "half.h5: /x row 1 holds 4.5; $whole" logdensity -m model.h5 half.h5
  refused 1 "half.h5: /x row 1 holds 4.5; $whole" flow-sample -m model.h5 --encode half.h5
  refused 2 'option --score' logdensity -m model.h5 --score good.h5
  refused 2 'option --draws' logdensity -m plain.h5 --draws 2 moons.h5
  refused 2 'option --seed' logdensity -m plain.h5 --seed 2 moons.h5
  refused 2 'option --draws' logdensity -m model.h5 --draws 0 good.h5
  no_complaints
}
