#!/bin/sh
# The quick start: sh data/demo.sh [OUTPUT_FOLDER]
#
# Builds the programs, then trains a flow and a score model on two sets of rows, samples both,
# scores both, evaluates both, draws pictures and prints a table. The sets are eight Gaussians in a
# ring, whose density is known, and the 272 eruptions of the Old Faithful geyser in data/geyser.csv
# (minutes each lasted, minutes until the next; Haerdle 1991).
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "${1:-$top/build/demo}"
folder=$(cd "${1:-$top/build/demo}" && pwd)

cd "$top"
. tests/setup.sh
need
if [ -f build/CMakeCache.txt ]; then build; else build -DPUSHFORWARD_TESTS=OFF; fi
PATH=$top/build/bin:$PATH
cd "$folder"

# say TEXT: what happens now, with the seconds since the build.
start=$(date +%s)
say() {
  printf '%3d s  %s\n' $(($(date +%s) - start)) "$1"
}

# metric NAME FILE: a value from the `metric value` lines of fid-eval.
metric() {
  awk -F '\t' -v name="$1" '$1 == name { printf "%.4f", $2 }' "$2"
}

# density MODEL ROWS: the mean log density of the rows under the model, and its standard error.
density() {
  logdensity -m "$1" --summary "$2" | awk -F '\t' 'NR == 2 { printf "%.3f +- %.3f", $2, $3 }'
}

# line DATA MODEL: compares the rows DATA-MODEL.h5 with those held out, and adds to the table. Where
# the truth is known, the rows are scored under it; the rows held out are scored under the model.
line() {
  fid-eval "$1-$2.h5" "$1-test.h5" --metrics frechet,sliced-wasserstein,mmd >"$1-$2.tsv"
  under_truth=-
  [ ! -f "$1-truth.model.h5" ] || under_truth=$(density "$1-truth.model.h5" "$1-$2.h5")
  held_out=$(density "$1-$2.model.h5" "$1-test.h5")
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$held_out" "$under_truth" \
    "$(metric frechet "$1-$2.tsv")" "$(metric sliced-wasserstein "$1-$2.tsv")" \
    "$(metric mmd "$1-$2.tsv")" >>table.tsv
}

# learn DATA COUNT: all that is done to a set of rows, DATA-train.h5 and DATA-test.h5.
# Whatever the rows, the settings are the defaults. options goes to the training programs.
learn() {
  data=$1
  say "$data: training a flow"
  # shellcheck disable=SC2086
  flow-train "$data-train.h5" --flow spline $options -o "$data-flow.model.h5"
  say "$data: training a score model"
  # shellcheck disable=SC2086
  score-train "$data-train.h5" --process edm $options -o "$data-score.model.h5"
  say "$data: sampling both"
  flow-sample -m "$data-flow.model.h5" -n "$2" -o "$data-flow.h5"
  langevin-sample -m "$data-score.model.h5" -n "$2" --method heun --steps 40 -o "$data-score.h5"
  say "$data: scoring and evaluating both"
  line "$data" flow
  line "$data" score
  say "$data: drawing"
  tensor-plot "$data-train.h5" --kind scatter --title "$data: data" -o "$data-data.png"
  tensor-plot "$data-flow.h5" --kind scatter --title "$data: flow" -o "$data-flow.png"
  tensor-plot "$data-score.h5" --kind scatter --title "$data: score model" -o "$data-score.png"
  tensor-plot -m "$data-flow.model.h5" "$data-train.h5" --kind density -o "$data-density.png"
  tensor-plot -m "$data-score.model.h5" "$data-train.h5" --kind score -o "$data-field.png"
  tensor-plot "$data-flow.model.h5" --kind curve -o "$data-curve.png"
}

printf 'data\tmodel\tln p(held out)\tln truth(drawn)\tfrechet\tsliced-w\tmmd^2\n' >table.tsv

tensor-gen 8gaussians -n 20000 --seed 1 -o ring-train.h5
tensor-gen 8gaussians -n 10000 --seed 2 -o ring-test.h5
tensor-gen 8gaussians -n 10000 --seed 3 -o ring-truth.h5
tensor-gen 8gaussians --model -o ring-truth.model.h5
line ring truth
options=
learn ring 10000

# 204 rows are few: a tenth of them, held out, ends training before it learns them by heart. The
# second column is in whole minutes, of which flow-train warns unless it is quiet.
tensor-import "$top/data/geyser.csv" --shuffle --split 0.75 -o geyser-train.h5 --rest geyser-test.h5
options=-q
learn geyser 1000

say "done"
echo
awk -F '\t' '{ printf "%-7s %-6s %-17s %-17s %-8s %-9s %s\n", $1, $2, $3, $4, $5, $6, $7 }' table.tsv
cat <<END

ln p(held out): mean log density of held-out rows under the model, in nats; higher is better.
ln truth(drawn): mean log density of the drawn rows under the truth, where that is known; it should
    be that of rows drawn from the truth itself, the line 'truth'.
The rest compares drawn rows with held-out ones; lower is better, and the line 'truth' is what
    chance leaves.
Pictures, models and rows are in $folder.
END
