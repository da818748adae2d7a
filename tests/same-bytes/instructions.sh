# shellcheck shell=sh disable=SC2086,SC2154
# Other sets of instructions, whose bits are theirs, and rounded products.

for set in baseline avx2; do
  export PUSHFORWARD_INSTRUCTION_SET=$set
  record flow-train --flow spline-ar $size --steps 5 moons.h5 -o $set.flow.h5
  record score-train $net -o $set.unet.h5
  record langevin-sample -m $set.unet.h5 -n 4 --steps 3 -o $set.rows.h5
done
unset PUSHFORWARD_INSTRUCTION_SET
export PUSHFORWARD_BF16=rounded
each h5 score-train --precision bf16 <<END
$dense moons.h5
$net
END
record fid-eval $inception --layer 192 --precision bf16 pictures pictures --metrics frechet
