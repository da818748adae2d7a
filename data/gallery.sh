#!/bin/sh
# The pictures of README.md: sh data/gallery.sh [FOLDER], by default data/gallery.
# A minute on two cores. The programs are those on PATH, else in build/bin. STEPS makes it shorter.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$top/data/gallery}
PATH=$PATH:$top/build/bin
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
steps=${STEPS:-4000}
size=--size=480x260

# A spline flow's density beside its rows.
tensor-gen pinwheel -n 20000 -o pinwheel.h5
flow-train -q --flow spline --steps "$steps" pinwheel.h5 -o flow.h5
tensor-plot -m flow.h5 pinwheel.h5 --kind density "$size" -o "$folder/density.png"

# The score that a diffusion model has learned, and how it turns noise into rows.
tensor-gen moons -n 20000 -o moons.h5
score-train -q --process edm --steps "$steps" moons.h5 -o edm.h5
tensor-plot -m edm.h5 moons.h5 --kind score "$size" -o "$folder/score.png"
langevin-sample -m edm.h5 -n 1500 --steps 40 --trajectory film.h5 --trajectory-every 8 -o rows.h5
tensor-plot film.h5 --kind film --frames 2:6:1 --range=-7:7,-7:7 --size 960x250 -o "$folder/film.png"

# A table of the reader's own, and a flow's idea of it.
tensor-import "$top/data/geyser.csv" --jitter waiting -o geyser.h5
flow-train -q --flow spline geyser.h5 -o geyser.flow.h5
tensor-plot -m geyser.flow.h5 geyser.h5 --kind pairs --size 400x400 -o "$folder/pairs.png"

# Two modes that four chains do not cross, and the R-hat that says so.
tensor-gen 8gaussians --model -o modes.h5
langevin-sample -q -m modes.h5 --method ula --step-size 0.01 --chains 4 -n 4000 --thin 10 -o chains.h5
tensor-plot chains.h5 --kind trace --x-column 0 "$size" -o "$folder/trace.png"

# The curve of a training run that overfits.
tensor-import geyser.h5 --rows 0:100 -o few.h5
flow-train -q --flow spline --steps 400 few.h5 --log log.tsv -o few.flow.h5
tensor-plot log.tsv --kind curve "$size" -o "$folder/curve.png"
