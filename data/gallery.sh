#!/bin/sh
# The pictures of README.md: sh data/gallery.sh [OUTPUT_FOLDER]
#
# Takes two to five minutes on two cores, after the build. The programs are those in BIN, or build/bin
# of this folder. FASTER=N makes all trainings N times shorter, for a look at how it works.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "${1:-$top/data/gallery}"
folder=$(cd "${1:-$top/data/gallery}" && pwd)
PATH=$(cd "${BIN:-$top/build/bin}" && pwd):$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# steps N: N, or fewer with FASTER.
steps() {
  echo $(($1 / ${FASTER:-1}))
}

# A flow bends a normal distribution into a pinwheel: frames of the training.
tensor-gen pinwheel -n 20000 -o pinwheel.h5
flow-train pinwheel.h5 --flow spline --steps "$(steps 2000)" --trajectory film.h5 \
  --trajectory-every "$(steps 60)" --trajectory-rows 500 -o pinwheel.model.h5
tensor-plot film.h5 --frames 0:4 --size 760x230 -o "$folder/film.png"

# Its density, beside rows of the data.
tensor-plot pinwheel.h5 -m pinwheel.model.h5 --kind density --size 520x260 -o "$folder/density.png"

# A table: 272 eruptions of a geyser, and as many drawn from a flow that was fitted to them.
tensor-import "$top/data/geyser.csv" --jitter all -o geyser.h5
flow-train -q geyser.h5 --flow spline --steps "$(steps 2000)" -o geyser.model.h5
flow-sample -m geyser.model.h5 -n 272 -o drawn.h5
tensor-plot geyser.h5 drawn.h5 --overlay --legend measured --legend drawn --size 340x300 \
  -o "$folder/table.png"

# The score of a denoiser: arrows point to where rows are likely.
tensor-gen moons -n 2000 -o moons.h5
score-train moons.h5 --process edm --steps "$(steps 3000)" -o moons.model.h5
tensor-plot moons.h5 -m moons.model.h5 --kind score --overlay --size 320x250 -o "$folder/score.png"

# Chains on a density that is known: the paths of Langevin dynamics over a ring of eight Gaussians.
tensor-gen 8gaussians --model -o ring.h5
langevin-sample -m ring.h5 -n 24 --method ula --step-size 0.02 --steps 200 --trajectory path.h5 \
  --trajectory-every 4 -o ends.h5
tensor-plot path.h5 --kind trajectory --size 340x300 -o "$folder/chains.png"

# Pictures: a small U-Net learns shapes of 16 x 16 pixels, and draws new ones.
tensor-gen shapes --size 16 -n 5000 -o shapes.h5
score-train shapes.h5 --net unet --channels 16 --process edm --batch 32 --steps "$(steps 800)" \
  -o shapes.model.h5
langevin-sample -m shapes.model.h5 -n 32 --method heun --steps 18 -o pictures.h5
tensor-export pictures.h5 --grid 16 --scale 3 -o "$folder/pictures.png"
