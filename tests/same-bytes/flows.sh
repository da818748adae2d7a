# shellcheck shell=sh disable=SC2086,SC2154
# Flows: every kind in both precisions and directions, conditions, images, bases, options.

for kind in planar radial nice realnvp glow maf iaf spline spline-ar; do
  case $kind in planar | radial) size='--layers 3' ;; *) size='--layers 2 --hidden 8 --depth 1' ;; esac
  record flow-train --flow $kind $size --steps 20 --standardize geyser.h5 -o $kind.h5
  record flow-train --flow $kind $size --steps 5 --precision float64 moons.h5 -o $kind.64.h5
  record flow-sample -m $kind.h5 -n 300 --log-density -o $kind.rows.h5
  record flow-sample -m $kind.64.h5 --encode moons.h5 --precision float64 -o $kind.noise.h5
  record flow-sample -m $kind.64.h5 --latent $kind.noise.h5 --precision float64 -o $kind.back.h5
  record logdensity -m $kind.h5 --score geyser.h5 -o $kind.scored.h5
  record logdensity -m $kind.64.h5 --precision float64 --summary moons.h5
done
size='--layers 2 --hidden 8 --depth 1'
for kind in nice realnvp glow maf iaf spline spline-ar; do
  record flow-train --flow $kind $size --steps 5 --label moons.h5 -o $kind.label.h5
  record flow-sample -m $kind.label.h5 --label 1 -n 100 --log-density -o $kind.one.h5
  record flow-sample -m $kind.label.h5 --context moons.h5 -o $kind.all.h5
  record logdensity -m $kind.label.h5 moons.h5 --summary
  record flow-train --flow $kind $size --steps 5 --context /force --standardize contexts.h5 -o $kind.context.h5
  record flow-sample -m $kind.context.h5 --context contexts.h5 -o $kind.given.h5
  record logdensity -m $kind.context.h5 contexts.h5 --score -o $kind.told.h5
done
for kind in nice realnvp glow; do
  image="--flow $kind --channels 4 --blocks 1 --batch 20 --steps 3"
  record flow-train $image --standardize shapes.h5 -o $kind.image.h5
  for noise in uniform variational; do
    record flow-train $image --label --dequantize $noise --logit 0.05 shapes.h5 -o $kind.$noise.h5
    record flow-sample -m $kind.$noise.h5 --label 1 -n 20 --temperature 0.7 -o $kind.$noise.rows.h5
    record flow-sample -m $kind.$noise.h5 --encode shapes.h5 --seed 3 -o $kind.$noise.noise.h5
    record logdensity -m $kind.$noise.h5 --draws 2 shapes.h5 -o $kind.$noise.scored.h5
  done
done
record flow-train --scales 3 --channels 4 --blocks 1 --steps 2 --batch 20 shapes.h5 -o scales.h5
for base in normal logistic student mixture rad; do
  for kind in 'planar --layers 2' "glow $size" "spline-ar $size"; do
    case "$base $kind" in 'mixture planar'* | 'rad planar'*) kind="$kind --hidden 8 --depth 1" ;; esac
    record flow-train --flow $kind --base $base --steps 5 moons.h5 -o $base.${kind%% *}.h5
    record flow-sample -m $base.${kind%% *}.h5 -n 100 --log-density -o $base.${kind%% *}.rows.h5
  done
done
each h5 flow-train --layers 2 --steps 20 --hidden 8 <<END
--flow maf --batch-norm --order random moons.h5
--flow glow --batch-norm --base mixture --components 3 moons.h5
--flow spline --bins 5 --bound 4 --order reversed moons.h5
--flow spline --dequantize uniform --logit 1e-6 --standardize --batch 50 shapes.h5
--flow maf --dequantize variational --batch 50 shapes.h5
--ema 0.9 --validation 0.1 --validate-every 5 --patience 2 --log validated.log --log-every 5 moons.h5
--validation second.h5 --schedule step --warmup 5 first.h5
--schedule constant --weight-decay 0.1 --l2 0.01 --clip-norm 0.5 --lr 0.01 --seed 2 moons.h5
--batch 100 --trajectory film.h5 --trajectory-every 5 --trajectory-rows 50 moons.h5
--dequantize uniform --batch 50 --trajectory images.h5 --trajectory-every 8 --trajectory-rows 9 shapes.h5
--precision bf16 moons.h5
--depth 3 geyser.h5:/x
END
run="$size --schedule constant --ema 0.9 --log-every 2 moons.h5"
record flow-train $run --steps 5 --checkpoint flow.checkpoint.h5 --checkpoint-every 2 --log flow.log -o short.h5
record flow-train $run --steps 10 --resume flow.checkpoint.h5 --log resumed.log -o long.h5
record flow-train --epochs 3 $size moons.h5 -o epochs.h5
record flow-train --steps 4 $size -o piped.h5 <moons.h5
for part in 1 2 3; do
  record flow-sample -m maf.h5 -n 700 --seed 4 --shard $part/3 -o part.$part.h5
done
record flow-sample -m maf.h5 -n 3
