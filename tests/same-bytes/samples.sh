# shellcheck shell=sh disable=SC2086,SC2154
# Sampling: chains on densities, every method with every process, options.

for method in ula mala hmc underdamped; do
  each h5 langevin-sample --method $method --burn-in 5 --steps 10 -n 50 <<END
-m 8gaussians.model.h5
-m 8gaussians.model.h5 --sigma 0.5
-m tilted.model.h5 --precision float64
-m funnel.model.h5 --step-size 0.01
-m banana.model.h5 --init normal:2 --step-size 0.01 --trajectory $method.path.h5 --trajectory-every 3
-m 25gaussians.model.h5 --step-size 0.0001
-m maf.64.h5 --step-size 0.01
-m tilted.model.h5 --preconditioner covariance.csv
-m maf.label.h5 --label 1 --step-size 0.01
END
  record langevin-sample -m tilted.model.h5 --method $method --chains 4 -n 400 --thin 2 --burn-in 50 --diagnostics $method.tsv -o $method.chains.h5
done

for method in annealed pc euler-maruyama reverse-diffusion ancestral ddpm adaptive heun dpm++ ddim ode; do
  case $method in adaptive | ode) steps= ;; *) steps='--steps 5' ;; esac
  for process in ve vp subvp edm ddpm; do
    record langevin-sample -m 8gaussians.model.h5 -n 40 --method $method --process $process $steps -o exact.$process.$method.h5
    record langevin-sample -m $process.h5 -n 40 --method $method $steps --denoise no -o $process.$method.h5
  done
  each h5 langevin-sample --method $method $steps -n 40 <<END
-m 25gaussians.model.h5 --precision float64
-m cosine.h5
-m continuous.h5
-m guided.h5
-m guided.h5 --label 3 --guidance 1.5
END
  record langevin-sample -m edm.unet.h5 -n 4 --method $method $steps -o drawn.$method.h5
  case $method in adaptive | ode) continue ;; esac
  record langevin-sample -m vp.h5 -n 40 --method $method $steps --init gaussian.h5 --trajectory $method.path.h5 -o $method.end.h5
  record langevin-sample -m edm.h5 -n 40 --method $method $steps --mask mask.h5 --known known.h5 -o $method.slice.h5
done
for process in none ve vp subvp ddpm edm; do
  record langevin-sample -m $process.unet.h5 -n 4 --steps 3 -o $process.unet.rows.h5
done
each h5 langevin-sample -n 300 <<END
-m none.h5 --method ula --steps 10
-m ve.h5 --method underdamped --sigma 0.1 --steps 10
-m tilted.model.h5 --method hmc --leapfrog 4 --jitter 0 --adapt no --step-size 0.3 --steps 5
-m tilted.model.h5 --method mala --chains 3 --adapt yes --burn-in 20 --diagnostics adapted.tsv
-m tilted.model.h5 --method underdamped --friction 2 --steps 10
-m 8gaussians.model.h5 --method annealed --levels 5 --sigma-min 0.05 --sigma-max 5 --steps 3
-m 8gaussians.model.h5 --process vp --beta-min 0.2 --beta-max 15 --method ancestral --steps 5
-m 8gaussians.model.h5 --process ddpm --levels 20 --beta-schedule cosine
-m 8gaussians.model.h5 --method heun --churn 3 --s-min 0.1 --s-max 20 --s-noise 1.01 --rho 5
-m 8gaussians.model.h5 --method heun --shard 2/2 --seed 3
-m 8gaussians.model.h5 --method pc --corrector-steps 2 --snr 0.1 --steps 5 --diagnostics corrected.tsv
-m 8gaussians.model.h5 --method ddim --eta 0.5 --steps 5
-m 8gaussians.model.h5 --method ddpm --variance fixed-large --steps 5
-m 8gaussians.model.h5 --method ode --atol 1e-3 --rtol 1e-3 --diagnostics ode.tsv
-m 8gaussians.model.h5 --method adaptive --atol 0.1 --rtol 0.1 --process vp --diagnostics adaptive.tsv
-m learned.h5 --method ddpm
-m learned.h5 --variance fixed-small --steps 5
-m ve.h5 --precision bf16 --steps 2
-m guided.h5 --method dpm++ --label 1
-m label.unet.h5 --label 1 --guidance 1 --method ddim --steps 2
END
record langevin-sample -m tilted.model.h5 -n 2000 --method hmc --chains 4 --strict -o strict.h5
record langevin-sample -m tilted.model.h5 -n 5 --steps 3

# Log densities.

each - logdensity gaussian.h5 --summary <<END
-m 8gaussians.model.h5
-m 25gaussians.model.h5 --json
-m funnel.model.h5 --precision float64
-m banana.model.h5
-m 8gaussians.model.h5 --sigma 0.5
-m 8gaussians.model.h5 --process vp --time 0.3
-m 8gaussians.model.h5 --process subvp --time 0.3
-m 8gaussians.model.h5 --process ve --sigma-min 0.1 --sigma-max 10 --time 0.5
-m 8gaussians.model.h5 --process edm --sigma 2
-m 8gaussians.model.h5 --process ddpm --levels 100 --beta-schedule cosine --sigma 1
-m 8gaussians.model.h5 --method ode --process vp --time 0.3 --beta-min 0.2 --beta-max 10
-m 8gaussians.model.h5 --method ode --process edm --trace hutchinson --probes 2 --seed 4
-m learned.h5 --method bound --probes 2
END
each h5 logdensity 8gaussians.h5 --atol 1e-3 --rtol 1e-3 <<END
-m ve.h5
-m vp.h5 --score
-m subvp.h5 --time 0.2
-m ddpm.h5 --precision float64
-m edm.h5 --sigma 0.5
-m continuous.h5 --trace hutchinson
-m cosine.h5 --method ode
-m guided.h5
END
each h5 logdensity <<END
-m mixture.model.h5 --score mixture.h5
-m 8gaussians.model.h5 --process vp --sigma 0.5 --score moons.h5
-m cosine.h5 --method bound --variance fixed-small 8gaussians.h5
-m learned.unet.h5 --method bound first-shapes.h5
-m edm.unet.h5 --atol 0.1 --rtol 0.1 --trace hutchinson --probes 1 first-shapes.h5
END
record logdensity -m maf.h5 <geyser.h5
