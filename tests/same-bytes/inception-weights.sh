#!/bin/sh
# Made-up weights of the FID Inception network, as a safetensors file of 96 MB on standard output:
# sh tests/inception-weights.sh NUMBERS
# NUMBERS is a file of float32 numbers, standard normal ones, that are repeated as often as needed.
# The variances of the batch normalisation keep the activations of a layer about as large as those
# of the layer before; those of the last layer make features of about 1/32, so that the classes are
# not certain.
set -eu
LC_ALL=C
export LC_ALL

# A line for each convolution: name, outputs, inputs, height and width of the kernel.
convolutions() {
  awk '
    function one(name, from, to, height, width) { print name, to, from, height, width }
    function block_a(b, from, pool) {
      one(b ".branch1x1", from, 64, 1, 1); one(b ".branch5x5_1", from, 48, 1, 1)
      one(b ".branch5x5_2", 48, 64, 5, 5); one(b ".branch3x3dbl_1", from, 64, 1, 1)
      one(b ".branch3x3dbl_2", 64, 96, 3, 3); one(b ".branch3x3dbl_3", 96, 96, 3, 3)
      one(b ".branch_pool", from, pool, 1, 1)
    }
    function block_b(b, from) {
      one(b ".branch3x3", from, 384, 3, 3); one(b ".branch3x3dbl_1", from, 64, 1, 1)
      one(b ".branch3x3dbl_2", 64, 96, 3, 3); one(b ".branch3x3dbl_3", 96, 96, 3, 3)
    }
    function block_c(b, c) {
      one(b ".branch1x1", 768, 192, 1, 1); one(b ".branch7x7_1", 768, c, 1, 1)
      one(b ".branch7x7_2", c, c, 1, 7); one(b ".branch7x7_3", c, 192, 7, 1)
      one(b ".branch7x7dbl_1", 768, c, 1, 1); one(b ".branch7x7dbl_2", c, c, 7, 1)
      one(b ".branch7x7dbl_3", c, c, 1, 7); one(b ".branch7x7dbl_4", c, c, 7, 1)
      one(b ".branch7x7dbl_5", c, 192, 1, 7); one(b ".branch_pool", 768, 192, 1, 1)
    }
    function block_d(b) {
      one(b ".branch3x3_1", 768, 192, 1, 1); one(b ".branch3x3_2", 192, 320, 3, 3)
      one(b ".branch7x7x3_1", 768, 192, 1, 1); one(b ".branch7x7x3_2", 192, 192, 1, 7)
      one(b ".branch7x7x3_3", 192, 192, 7, 1); one(b ".branch7x7x3_4", 192, 192, 3, 3)
    }
    function block_e(b, from) {
      one(b ".branch1x1", from, 320, 1, 1); one(b ".branch3x3_1", from, 384, 1, 1)
      one(b ".branch3x3_2a", 384, 384, 1, 3); one(b ".branch3x3_2b", 384, 384, 3, 1)
      one(b ".branch3x3dbl_1", from, 448, 1, 1); one(b ".branch3x3dbl_2", 448, 384, 3, 3)
      one(b ".branch3x3dbl_3a", 384, 384, 1, 3); one(b ".branch3x3dbl_3b", 384, 384, 3, 1)
      one(b ".branch_pool", from, 192, 1, 1)
    }
    BEGIN {
      one("Conv2d_1a_3x3", 3, 32, 3, 3); one("Conv2d_2a_3x3", 32, 32, 3, 3)
      one("Conv2d_2b_3x3", 32, 64, 3, 3); one("Conv2d_3b_1x1", 64, 80, 1, 1)
      one("Conv2d_4a_3x3", 80, 192, 3, 3)
      block_a("Mixed_5b", 192, 32); block_a("Mixed_5c", 256, 64); block_a("Mixed_5d", 288, 64)
      block_b("Mixed_6a", 288)
      block_c("Mixed_6b", 128); block_c("Mixed_6c", 160); block_c("Mixed_6d", 160)
      block_c("Mixed_6e", 192)
      block_d("Mixed_7a"); block_e("Mixed_7b", 1280); block_e("Mixed_7c", 2048)
    }'
}

classes=1008 features=2048

# The header: all kernels and the weights of the classes, then shifts and means, which are 0, then
# scales, which are 1, then variances.
header() {
  convolutions | awk -v classes=$classes -v features=$features '
    function tensor(name, shape, count) {
      printf "%s\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}",
             comma, name, shape, 4 * at, 4 * (at + count)
      comma = ","
      at += count
    }
    { name[NR] = $1; to[NR] = $2; from[NR] = $3; height[NR] = $4; width[NR] = $5 }
    END {
      printf "{"
      for (i = 1; i <= NR; ++i)
        tensor(name[i] ".conv.weight", to[i] "," from[i] "," height[i] "," width[i],
               to[i] * from[i] * height[i] * width[i])
      tensor("fc.weight", classes "," features, classes * features)
      tensor("fc.bias", classes, classes)
      split("bias running_mean weight running_var", part, " ")
      for (k = 1; k <= 4; ++k)
        for (i = 1; i <= NR; ++i) tensor(name[i] ".bn." part[k], to[i], to[i])
      printf "}"
    }'
}

# The variances, powers of two close to half the inputs of an output: their bytes, with letters for
# those that awk cannot write.
variances() {
  convolutions | awk '{
    exponent = 127 + int(log($3 * $4 * $5 / 2) / log(2) + 0.5)
    if ($1 ~ /^Mixed_7c.*(1x1|_2[ab]|_3[ab]|pool)$/) exponent += 10
    number = "zz" (exponent % 2 ? "h" : "z") sprintf("%c", int(exponent / 2))
    for (i = 0; i < $2; ++i) printf "%s", number
  }' | tr zh '\000\200'
}

text=$(header)
size=${#text}
kernels=$(convolutions | awk -v sum=$((classes * features)) '{ sum += $2 * $3 * $4 * $5 } END { print 4 * sum }')
channels=$(convolutions | awk '{ sum += $2 } END { print sum }')
for byte in $((size % 256)) $((size / 256 % 256)) $((size / 65536)) 0 0 0 0 0; do
  # shellcheck disable=SC2059
  printf "\\$(printf %03o "$byte")"
done
printf %s "$text"
length=$(wc -c <"$1")
for _ in $(seq $((kernels / length + 1))); do cat "$1"; done | head -c "$kernels"
head -c $((4 * (classes + 2 * channels))) /dev/zero
awk -v count="$channels" 'BEGIN { for (i = 0; i < count; ++i) printf "zzh?" }' | tr zh '\000\200'
variances
