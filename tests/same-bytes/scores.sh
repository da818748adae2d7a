# shellcheck shell=sh disable=SC2086,SC2154
# Score models: every objective with every process, parametrizations, networks, restoration.

dense='--hidden 8 --depth 2 --steps 4'
for objective in ism ssm ssm-vr dsm ml denoise; do
  each h5 score-train --objective $objective $dense moons.h5 <<END
--process ve
--process vp
--process subvp
--process ddpm --levels 50
--process ddpm --levels 50 --beta-schedule cosine
--process edm
END
  [ $objective = ml ] || each h5 score-train --objective $objective $dense moons.h5 <<END
--process none --sigma 0.3
--process ve --levels continuous
END
done
for parametrization in score noise data velocity edm; do
  for process in none ve vp subvp ddpm edm; do
    name=$process.$parametrization
    record score-train $dense --process $process --parametrization $parametrization --precision float64 moons.h5 -o $name.h5
    record langevin-sample -m $name.h5 -n 20 --steps 3 --precision float64 -o $name.rows.h5
  done
done
each h5 score-train $dense <<END
--objective ism moons.h5
--objective ssm --projection normal moons.h5
--objective ssm-vr --projection rademacher moons.h5
--process ve --levels auto moons.h5
--process ve --levels auto --embedding fourier --sigma-max 4 moons.h5
--process ve --levels 5 --sigma-min 0.1 --sigma-max 3 --embedding log-sigma moons.h5
--process vp --beta-min 3 --beta-max 3 --embedding none moons.h5
--process ddpm --beta-min 0.001 --beta-max 0.03 --levels 100 geyser.h5
--process ddpm --levels 50 --variance learned moons.h5
--process subvp --sigma-data 2 moons.h5
--p-mean -1 --p-std 1 --sigma-min 0.01 --sigma-max 20 moons.h5
--ema 0.9 --validation 0.1 --validate-every 2 --patience 1 --schedule cosine --warmup 2 --log score.log --log-every 1 moons.h5
--schedule step --weight-decay 0.1 --l2 0.01 --clip-norm 0.5 --lr 0.01 --batch 100 --seed 2 moons.h5
--precision bf16 moons.h5
END
for process in ve vp subvp ddpm edm; do
  record score-train $dense --process $process 8gaussians.h5 -o $process.h5
done
record score-train $dense --process ve --levels continuous 8gaussians.h5 -o continuous.h5
record score-train $dense --process ddpm --levels 40 --beta-schedule cosine 8gaussians.h5 -o cosine.h5
record score-train $dense --process none --sigma 0.2 8gaussians.h5 -o none.h5
record score-train $dense --process ddpm --levels 40 --variance learned 8gaussians.h5 -o learned.h5
record score-train $dense --process vp --label --label-dropout 0.2 8gaussians.h5 -o guided.h5
run='--hidden 8 --process vp --schedule constant --log-every 2'
record score-train $run --steps 4 --checkpoint score.checkpoint.h5 --checkpoint-every 3 moons.h5 -o short.score.h5
record score-train $run --steps 8 --resume score.checkpoint.h5 --log again.log moons.h5 -o long.score.h5
record score-train --hidden 8 --epochs 2 moons.h5 -o epochs.score.h5

unet='--net unet --channels 4 --blocks 1 --attention 4 --batch 16'
net="$unet --multipliers 1,2 --steps 2 shapes.h5"
for process in none ve vp subvp ddpm edm; do
  record score-train $net --process $process -o $process.unet.h5
done
each h5 score-train $net <<END
--process ve --levels continuous --precision float64
--objective ssm --process vp
--objective denoise --process subvp --parametrization velocity
--dropout 0.1 --flip --heads 2 --preview preview.png --validation 0.25
--schedule cosine --ema 0.9
END
record score-train $net --process ddpm --beta-schedule cosine --levels 30 --variance learned -o learned.unet.h5
record score-train $unet --multipliers 1,2,2 --steps 2 shapes.h5 -o deep.unet.h5
run="$unet --process ddpm --label --label-dropout 0.2 --schedule constant shapes.h5"
record score-train $run --steps 2 --checkpoint unet.checkpoint.h5 -o label.unet.h5
record score-train $run --steps 4 --resume unet.checkpoint.h5 -o longer.unet.h5
while read -r name model; do
  record score-train --process $model $dense shapes.h5 -o $name.mlp.h5
  record langevin-sample -m $name.mlp.h5 -n 20 --trajectory $name.path.h5 -o $name.mlp.rows.h5
  record score-train --process $model $net --flip --dropout 0.1 --precision float64 -o $name.net.h5
  record langevin-sample -m $name.net.h5 -n 20 --precision float64 -o $name.net.rows.h5
  record langevin-sample -m $name.net.h5 --init shapes.h5 --start-level 1 -n 10 -o $name.restored.h5
done <<END
blur blur --levels 4 --blur-min 0.4 --blur-max 5
cold cold --degradation blur --levels 3
pixelate cold --degradation pixelate
mask cold --degradation mask --levels 3
noise cold --degradation noise --levels 3
END
record score-train --process blur --levels 3 $net --preview blur.png --preview-every 1 -o viewed.h5
each h5 langevin-sample <<END
-m pixelate.mlp.h5 -n 20 --algorithm 1
-m pixelate.mlp.h5 -n 20 --start rows
-m pixelate.mlp.h5 -n 20 --start gaussian --delta 0.1
-m pixelate.mlp.h5 --init shapes.h5 --init-degraded
-m blur.mlp.h5 -n 20 --method blur --start rows --delta 0.02
-m cold.mlp.h5 -n 300 --method cold --shard 2/2
END
