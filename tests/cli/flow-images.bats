# Convolutional flows of images through the programs.

load common

small='--channels 6 --batch 20 --dequantize uniform --logit 0.05'

make_images() {
  tensor-gen shapes --size 8 -n 60 -o images.h5
}

# refused STATUS MESSAGE ARGUMENTS...: of flow-train
refused() {
  local want=$1 message=$2
  shift 2
  remember_files
  outcome flow-train "$@" -o result
  expect_failure "$want" flow-train "$*"
  grep -qF -- "$message" err || complain "$*: said: $(cat err)"
}

@test "images are fitted, drawn, encoded and decoded, whatever the threads and shards" {
  make_images
  for flow in "glow --blocks 2" "realnvp --blocks 1" "nice --blocks 1"; do
    for threads in 1 2; do
      mkdir -p $threads
      # shellcheck disable=SC2086
      {
        common="--threads $threads --no-history"
        flow-train --flow $flow $small --steps 6 --label $common images.h5 -o $threads/model.h5
        flow-sample -m $threads/model.h5 --label 1 -n 30 --log-density $common -o $threads/drawn.h5
        logdensity -m $threads/model.h5 images.h5 $common -o $threads/scored.h5
      }
    done
    diff -r 1 2 || complain "$flow: threads"
    for part in 1 2; do
      flow-sample -m 1/model.h5 --label 1 -n 300 --temperature 0.7 --shard $part/2 -o part.h5
      numbers part.h5 x
    done >parts.txt
    flow-sample -m 1/model.h5 --label 1 -n 300 --temperature 0.7 -o whole.h5
    numbers whole.h5 x | cmp - parts.txt || complain "$flow: shards"
    flow-sample -m 1/model.h5 --label 2 -n 300 --temperature 0.7 -o other.h5
    ! numbers other.h5 x | cmp -s - parts.txt || complain "$flow: labels"
    flow-sample -m 1/model.h5 --encode images.h5 --precision float64 -o noise.h5
    flow-sample -m 1/model.h5 --latent noise.h5 --precision float64 -o back.h5
    numbers images.h5 x >images.txt
    numbers back.h5 x | cmp - images.txt || complain "$flow: there and back"
  done
  no_complaints
}

@test "training images brings down the loss, and goes on to the same bits" {
  make_images
  fit="flow-train --flow glow --blocks 2 $small --no-history --steps 40"
  $fit images.h5 -o whole.h5 --checkpoint run.h5 --checkpoint-every 15 --log log.tsv
  $fit images.h5 -o again.h5 --resume run.h5
  cmp whole.h5 again.h5
  density() { logdensity -m "$1" images.h5 --summary | awk 'NR == 2 { print $2 }'; }
  flow-train --flow glow --blocks 2 $small --steps 1 images.h5 -o first.h5
  awk -v a="$(density first.h5)" -v b="$(density whole.h5)" 'BEGIN { exit !(b > a + 20) }'
  outcome flow-train --flow glow --blocks 1 $small --steps 40 images.h5 --resume run.h5 -o result
  [ "$status" -eq 1 ] && grep -q 'image' err || complain "other blocks: $status, $(cat err)"
  no_complaints
}

@test "images that do not halve, and options of the other sort of rows, are refused" {
  make_images
  tensor-gen shapes --size 6 -n 10 -o six.h5
  tensor-gen moons -n 100 -o moons.h5
  refused 1 "images of 6 x 6 pixels are to be halved 2 times by --scales 2 of --flow glow: their sides allow --scales 1 at most" \
    --flow glow six.h5
  refused 2 "--layers is of dense flows, so no --channels" --flow glow --layers 3 --channels 4 images.h5
  flow-train -q --flow nice --hidden 3 --steps 1 images.h5 -o dense.h5
  flow-sample -m dense.h5 -n 2 | tensor-export --summary | grep -q '^/x	\[2, 1, 8, 8\]'
  refused 2 "rows are no images, [C, H, W] or [H, W], so no --channels" --channels 3 moons.h5
  refused 2 "--flow maf is not convolutional, so no --scales" --flow maf --scales 2 images.h5
  no_complaints
}
