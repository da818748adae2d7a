# score-train --net unet: pictures through every process, sampler and density, and what is refused.

load common

net='--net unet --channels 4 --multipliers 1,2 --blocks 1 --attention 4 --batch 16 --no-history'

shapes() {
  tensor-gen shapes --size 8 -n "${1:-64}" -o shapes.h5
}

@test "every process trains on pictures and is sampled from in their shape" {
  shapes
  for process in edm ve 've --levels continuous' vp subvp ddpm; do
    outcome score-train $net --process $process --steps 2 shapes.h5 -o model.h5
    [ "$status" -eq 0 ] && [ ! -s err ] || complain "$process: $(cat err)"
    for method in heun dpm++ 'ddim --eta 1' 'pc --corrector-steps 1' euler-maruyama ancestral ode; do
      steps='--steps 3'
      [ "$method" = ode ] && steps='--rtol 0.3 --atol 0.3'
      outcome langevin-sample -m model.h5 -n 3 --method $method $steps -o samples.h5
      [ "$status" -eq 0 ] || { complain "$process, $method: $(cat err)"; continue; }
      tensor-export --summary samples.h5 | grep -q '\[3, 1, 8, 8\]' ||
        complain "$process, $method: $(tensor-export --summary samples.h5)"
    done
  done
  outcome score-train $net --process none --steps 2 shapes.h5 -o model.h5
  [ "$status" -eq 0 ] || complain "none: $(cat err)"
  outcome langevin-sample -m model.h5 -n 3 --method ula --steps 3 --step-size 1 -o samples.h5
  [ "$status" -eq 0 ] || complain "none: $(cat err)"
  no_complaints
}

@test "sides may be odd" {
  tensor-gen shapes --size 7 -n 32 -o shapes.h5
  score-train --net unet --channels 4 --multipliers 1,2,2 --blocks 1 --steps 2 shapes.h5 -o odd.h5
  langevin-sample -m odd.h5 -n 2 --steps 2 -o samples.h5
  tensor-export --summary samples.h5 | grep -q '\[2, 1, 7, 7\]'
}

@test "one thread and two give the same bits; a resumed run those of one that was not stopped" {
  shapes
  common="$net --process ddpm --dropout 0.1 --flip --label --label-dropout 0.2 --validation 0.25"
  score-train $common --threads 1 --steps 6 --validate-every 2 shapes.h5 -o one.h5
  score-train $common --threads 2 --steps 6 --validate-every 2 shapes.h5 -o two.h5
  cmp one.h5 two.h5
  score-train $common --steps 4 --validate-every 2 --checkpoint run.h5 shapes.h5 -o part.h5
  score-train $common --steps 6 --validate-every 2 --resume run.h5 shapes.h5 -o resumed.h5
  cmp one.h5 resumed.h5
  # A preview changes nothing, and is a picture.
  score-train $common --steps 6 --validate-every 2 --preview grid.png --preview-every 4 shapes.h5 \
    -o viewed.h5
  cmp one.h5 viewed.h5
  [ "$(head -c 4 grid.png | tail -c 3)" = PNG ]
  remember_files
  outcome score-train ${common/channels 4/channels 8} --steps 6 --validate-every 2 --resume run.h5 shapes.h5 \
    -o other.h5
  expect_failure 1 score-train 'another --channels'
  # Rows do not depend on those drawn with them.
  langevin-sample -m one.h5 --label 1 -n 40 --steps 4 -o all.h5 --no-history
  for part in 1 2; do
    langevin-sample -m one.h5 --label 1 -n 40 --steps 4 --shard $part/2 -o part$part.h5 --no-history
    numbers part$part.h5 x >>parts.csv
  done
  numbers all.h5 x | cmp - parts.csv
}

@test "levels of a U-Net that are not given are in units of the data" {
  shapes 200
  deviation=$(score-train $net --steps 1 shapes.h5 -o edm.h5 && h5dump -d /model/preprocess/sigma_data edm.h5 |
    sed -n 's/.*(0): \([0-9.e+-]*\),.*/\1/p')
  for pair in sigma_min:0.004 sigma_max:160; do
    value=$(h5dump -a /model/${pair%:*} edm.h5 | sed -n 's/.*(0): \([0-9.e+-]*\).*/\1/p')
    awk -v v="$value" -v d="$deviation" -v f="${pair#*:}" \
      'BEGIN { exit !(v / (f * d) > 0.999 && v / (f * d) < 1.001) }' ||
      complain "$pair: $value for a deviation of $deviation"
  done
  score-train $net --steps 1 --sigma-min 3 --p-mean 2 shapes.h5 -o edm.h5
  h5dump -a /model/sigma_min edm.h5 | grep -q '(0): 3$' || complain 'a given sigma_min is changed'
  h5dump -a /model/p_mean edm.h5 | grep -q '(0): 2$' || complain 'a given p_mean is changed'
  no_complaints
}

@test "densities of 8-bit pictures in bits per dimension, right to the constant" {
  # Whole numbers about 128 with a deviation of 10, whose entropy is 1/2 log2(2 pi e 100.1) = 5.37
  # bits. A network of zeros is the exact model of their normal law where it predicts as edm does.
  # The bound has to tell the row under the noise of the first step, of deviation 0.1, from that
  # law: 1/2 log2(10^2 / 0.1^2) = 6.64 bits; the whole number is then known.
  tensor-gen gaussian --dim 64 -n 100 | tensor-export --format csv | tail -n +2 |
    LC_ALL=C awk -F, 'BEGIN { printf "%c%c", 0, 0 }
      { for (i = 1; i <= NF; ++i) printf "%c", int(128.5 + 10 * $i) }' >pixels
  { printf '\000\000\010\003\000\000\000\144\000\000\000\010\000\000\000\010'; tail -c 6400 pixels; } >noise.idx
  tensor-import noise.idx -o noise.h5
  score-train $net --process ddpm --parametrization edm --steps 1 --lr 1e-30 noise.h5 -o model.h5
  logdensity -m model.h5 noise.h5 --method ode --trace hutchinson --probes 2 --summary >ode.tsv
  logdensity -m model.h5 noise.h5 --method bound --summary >bound.tsv
  awk -F '\t' 'NR == 2 { exit !($8 > 5.34 && $8 < 5.40) }' ode.tsv || complain "$(cat ode.tsv)"
  awk -F '\t' 'NR == 2 { exit !($8 > 6.60 && $8 < 6.68) }' bound.tsv || complain "$(cat bound.tsv)"
  no_complaints
}

@test "what a U-Net cannot be is refused in one line" {
  shapes
  tensor-gen moons -n 20 -o rows.h5
  remember_files
  outcome score-train --net unet --steps 1 rows.h5 -o model.h5
  expect_failure 1 score-train 'rows that are no pictures'
  grep -q 'rows of shape \[2\] are not pictures' err || complain "$(cat err)"
  outcome score-train --flip --steps 1 rows.h5 -o model.h5
  expect_failure 1 score-train 'a flip of rows that are no pictures'
  outcome score-train --net unet --attention 16 --steps 1 shapes.h5 -o model.h5
  expect_failure 1 score-train 'attention at no side'
  grep -q 'theirs are 8, 4, 2' err || complain "$(cat err)"
  outcome score-train --net unet --multipliers 1,1,1,1,1 --steps 1 shapes.h5 -o model.h5
  expect_failure 1 score-train 'too many levels'
  grep -q 'halve 3 times at most, not 4' err || complain "$(cat err)"
  outcome score-train --net unet --hidden 8 --steps 1 shapes.h5 -o model.h5
  expect_failure 2 score-train 'hidden units of a U-Net'
  outcome score-train --channels 8 --steps 1 rows.h5 -o model.h5
  expect_failure 2 score-train 'channels of a dense network'
  outcome score-train --net unet --objective ssm --dropout 0.1 --steps 1 shapes.h5 -o model.h5
  expect_failure 2 score-train 'dropout in sliced score matching'
  outcome score-train --net unet --preview-every 5 --steps 1 shapes.h5 -o model.h5
  expect_failure 2 score-train 'an interval of no preview'
  outcome score-train --net unet --preview grid.png --preview-every 5h --steps 1 shapes.h5 -o model.h5
  expect_failure 2 score-train 'an interval in hours'
  outcome score-train --steps 1 --preview grid.png rows.h5 -o model.h5
  expect_failure 1 score-train 'a preview of points'
  outcome score-train --net unet --process none --preview grid.png --steps 1 shapes.h5 -o model.h5
  expect_failure 2 score-train 'a preview of one level'
  no_complaints
}
