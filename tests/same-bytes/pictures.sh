# shellcheck shell=sh disable=SC2086,SC2154
# Pictures of every kind.

each png tensor-plot --size 320x240 <<END
moons.h5
--kind scatter --label moons.h5 rings.h5 --title a --title b
--kind hist2d --log moons.h5
--kind hist --x-column 1 --log --range=-1:1 moons.h5
--x-column 2 --y-column 0 solid.h5
-m 8gaussians.model.h5
-m 8gaussians.model.h5 --sigma 0.5 --log --range=-5:5,-5:5
-m maf.h5 geyser.h5
-m maf.64.h5 moons.h5 --kind score --overlay
-m maf.label.h5 --model-label 1 --overlay moons.h5
-m maf.64.h5 -m 8gaussians.model.h5 --overlay moons.h5 --title a --title b
-m edm.h5 --kind score --sigma 0.2
-m edm.h5 --kind density moons.h5
-m guided.h5 --model-label 2 --kind score
--kind curve maf.h5 --title curve
flow.log --log
flow.log --columns step,loss --log-x
flow.log resumed.log --columns step,grad_norm,lr --kind scatter
film.h5
--kind film images.h5
--kind film hmc.path.h5
--kind film descent.path.h5
--kind trajectory mala.path.h5 film.h5
--kind trace hmc.chains.h5
--kind trace --x-column 1 --range 0:20 ula.chains.h5
--kind rhat mala.chains.h5 hmc.chains.h5
--kind rhat --log --x-column 0 underdamped.chains.h5
END
record tensor-plot moons.h5 --width 300 -o width.png
record tensor-plot moons.h5 --height 300 -o height.png
record tensor-plot <moons.h5
