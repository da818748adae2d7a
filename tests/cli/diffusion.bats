# data/diffusion.mk: the tables of samplers and models, at sizes that take seconds.

bats_require_minimum_version 1.5.0
load common

diffusion() {
  make -s -f "$PUSHFORWARD_SOURCE/data/diffusion.mk" OUT=out BIN="$PUSHFORWARD_BIN" SETS=8gaussians \
    MODELS='ncsn edm' STEPS=300 FLOW_STEPS=300 ROWS=500 LONG=3 SHORT='2 20' A_LEVEL=1 ODE_TOLERANCES=0.1 "$@"
}

@test "a line for each sample, with what it cost; a model learns, more steps are better" {
  diffusion -j2 >lines.tsv
  [ "$(cut -f 1-4 out/table.tsv | tail -n +2 | tr '\t\n' ' |')" = "8gaussians ncsn annealed 1|\
8gaussians edm euler-maruyama 3|8gaussians edm heun 2|8gaussians edm heun 20|\
8gaussians edm dpm++ 2|8gaussians edm dpm++ 20|8gaussians edm ode 0.1|8gaussians fresh - -|" ]
  # 15 levels and the last mean; heun takes two evaluations a step but one at the end.
  awk -F '\t' 'NF != 9 { bad = 1 }
    $3 == "annealed" && $5 != 16 || $3 == "heun" && $5 != 2 * $4 - 1 { bad = 1 }
    $3 == "heun" { mmd[$4] = $7; truth[$4] = $8 }
    $2 == "fresh" { entropy = $8 }
    END { exit bad || !(mmd[2] > 10 * mmd[20] && truth[2] < truth[20] &&
      entropy > -3 && entropy < -2.7) }' out/table.tsv
  [ "$(cut -f 1-3 out/density.tsv | tail -n +2 | tr '\t\n' ' |')" = "8gaussians truth 500|\
8gaussians spline 500|8gaussians ncsn 500|8gaussians edm 500|" ]
  # KL is the truth's mean less the model's; its error is of their difference, row by row.
  awk -F '\t' '$2 == "truth" { p = $4 }
    $2 == "edm" { good = (p - $4 - $6) ^ 2 < 2e-4 ^ 2 && $6 > 0 && $6 < 1 && $7 > 0 }
    $2 == "spline" && !($7 < $5) { bad = 1 }
    END { exit bad || !good }' out/density.tsv
  cat out/table.tsv out/density.tsv | cmp - lines.tsv
  [ "$(head -c 4 out/8gaussians.png | tail -c 3)" = PNG ]
  # What is done is not done again.
  find out -name '*.h5' -exec stat -c '%n %y' {} + | sort >before
  diffusion LONG='3 4' >more.tsv
  find out -name '*.h5' -exec stat -c '%n %y' {} + | sort | grep -v euler-maruyama/4 | cmp - before
  [ "$(wc -l <more.tsv)" -eq $(($(wc -l <lines.tsv) + 1)) ]
}

@test "Fashion-MNIST is left out with a word where it is not installed" {
  diffusion SETS=fashion FASHION=nowhere -n all >words
  grep -qx 'fashion is left out: install it with: apt-get install dataset-fashion-mnist' words
}
