# shellcheck shell=sh disable=SC2086,SC2154
# Denoising diffusion GANs and Sobolev descent.

each h5 ddgan-train --hidden 8 --depth 2 --steps 6 <<END
8gaussians.h5 --precision float64
8gaussians.h5 --loss nonsaturating --r1 0.02 --r2 0 --r1-every 3
8gaussians.h5 --denoise-steps 2 --latent-dim 3 --beta-min 0.2 --beta-max 15 --sigma-data 2
8gaussians.h5 --lr-discriminator 0.001 --ema 0.5 --log gan.log --log-every 2 --seed 2
8gaussians.h5 --schedule step --warmup 2 --weight-decay 0.1 --l2 0.01 --clip-norm 0.5 --batch 100
8gaussians.h5 --precision bf16
END
run='--hidden 8 --schedule constant --label 8gaussians.h5'
record ddgan-train $run --steps 4 --checkpoint gan.checkpoint.h5 -o gan.h5
record ddgan-train $run --steps 8 --resume gan.checkpoint.h5 -o longer.gan.h5
record ddgan-train --hidden 8 --epochs 2 --lr 0.002 --checkpoint every.gan.h5 --checkpoint-every 3 moons.h5 -o epochs.gan.h5
record ddgan-train --hidden 8 --steps 4 --latent-flow student.glow.h5 moons.h5 -o latent.gan.h5
record ddgan-train $unet --multipliers 1,2 --steps 2 --heads 2 --flip --dropout 0.1 --preview gan.png --preview-every 1 shapes.h5 -o unet.gan.h5
each h5 langevin-sample -n 50 <<END
-m gan.h5 --label 3 --method ddgan --trajectory gan.path.h5 --diagnostics gan.tsv
-m latent.gan.h5 --init gaussian.h5
-m unet.gan.h5 --precision float64
END

each h5 sobolev-descent --steps 6 --hidden 16 --depth 2 --batch 200 gaussian.h5 moons.h5 <<END
--trajectory descent.path.h5 --trajectory-every 2 --log descent.tsv --log-every 2
--unbalanced 0.2 --alpha 2 --log births.tsv --log-every 3
--schedule constant --critic-steps 3 --lr 0.01 --rho 0.2 --step-size 0.05 --seed 2
--precision float64
END
record sobolev-descent --steps 3 --depth 0 moons.h5 rings.h5 -o linear.h5
