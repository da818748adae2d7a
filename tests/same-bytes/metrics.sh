# shellcheck shell=sh disable=SC2086,SC2154
# Metrics: of rows, pictures, models' features and the Inception network.

all=frechet,kid,precision,recall,density,coverage,mmd,sliced-wasserstein
record fid-eval --save-stats moons.stats.h5 moons.h5
record fid-eval --merge --save-stats both.stats.h5 first.h5 second.h5
record fid-eval --features model -w maf.64.h5 --save-features latent.h5 rings.h5
record fid-eval --features model -w maf.64.h5 --save-stats latent.stats.h5 moons.h5
each - fid-eval <<END
moons.h5 rings.h5
moons.h5 rings.h5 --json
moons.h5 rings.h5 --metrics $all --jackknife 5 --extrapolate
moons.h5 rings.h5 --metrics $all --json --jackknife 5 --extrapolate
moons.h5 rings.h5 --metrics kid,mmd --subset-size 100 --subsets 5 --seed 3 --bandwidths 0.5,1
moons.h5 rings.h5 --metrics precision,recall,density,coverage --neighbours 5 --subset-size 200
moons.h5 rings.h5:/x --metrics sliced-wasserstein --projections 20 --features identity
rings.h5 moons.stats.h5
moons.h5 rings.npz
geyser.h5 both.stats.h5
moons.h5 rings.npy
moons.h5 rings.h5 --features model -w maf.64.h5
latent.h5 latent.h5
moons.h5 rings.h5 --features model -w edm.h5 --sigma 0.5 --layer 1
--features latent.h5:/x latent.stats.h5
pictures pictures --metrics kid,mmd
shapes.h5 shapes.h5 --features model -w edm.unet.h5
END

# The weights of the Inception network are made up.
tensor-gen gaussian --dim 1000 -n 1000 --seed 3 | tensor-export --format npy | tail -c 4000000 >numbers
sh "$tests/same-bytes/inception-weights.sh" numbers >inception.safetensors
inception='--features inception -w inception.safetensors'
record fid-eval $inception --metrics frechet,kid,is,precision,coverage --splits 2 first-shapes.h5 pictures
record fid-eval $inception --layer 64 --resize clean --save-stats clean.npz first-shapes.h5
record fid-eval $inception --layer 64 --range 0,255 --metrics frechet edm.unet.rows.h5 first-shapes.h5
each - fid-eval $inception pictures pictures --metrics frechet,kid <<END
--layer 64 --resize bilinear
--layer 192 --resize bicubic
--layer 768 --resize clean
--layer 2048 --resize tensorflow
--layer 192 --precision bf16
END
