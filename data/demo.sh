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

# line DATA MODEL ROWS [DENSITY_SUMMARY]: compares rows with those held out, adds to the table.
line() {
  fid-eval "$3" "$1-test.h5" --metrics frechet,sliced-wasserstein,mmd >"$1-$2.tsv"
  density=-
  [ -z "${4:-}" ] || density=$(awk -F '\t' 'NR == 2 { printf "%.3f +- %.3f", $2, $3 }' "$4")
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$density" "$(metric frechet "$1-$2.tsv")" \
    "$(metric sliced-wasserstein "$1-$2.tsv")" "$(metric mmd "$1-$2.tsv")" >>table.tsv
}

# learn DATA COUNT: everything that is done to a set of rows, DATA-train.h5 and DATA-test.h5.
# The arguments after COUNT go to flow-train.
learn() {
  data=$1
  count=$2
  shift 2
  say "$data: training a flow"
  flow-train "$data-train.h5" --flow realnvp --standardize "$@" -o "$data-flow.model.h5"
  say "$data: training a score model"
  score-train "$data-train.h5" --objective denoise --process edm --steps 4000 --ema 0.999 \
    --schedule cosine -o "$data-score.model.h5"
  say "$data: sampling both"
  flow-sample -m "$data-flow.model.h5" -n "$count" -o "$data-flow.h5"
  langevin-sample -m "$data-score.model.h5" -n "$count" --method heun -o "$data-score.h5"
  say "$data: scoring and evaluating both"
  for model in flow score; do
    logdensity -m "$data-$model.model.h5" --summary "$data-test.h5" >"$data-$model-density.tsv"
    line "$data" "$model" "$data-$model.h5" "$data-$model-density.tsv"
  done
  say "$data: drawing"
  tensor-plot "$data-train.h5" --kind scatter -o "$data-data.png"
  tensor-plot "$data-flow.h5" --kind scatter -o "$data-flow.png"
  tensor-plot "$data-score.h5" --kind scatter -o "$data-score.png"
  tensor-plot -m "$data-flow.model.h5" --kind density -o "$data-density.png"
  tensor-plot -m "$data-score.model.h5" --kind score -o "$data-field.png"
  tensor-plot "$data-flow.model.h5" --kind curve -o "$data-curve.png"
}

printf 'data\tmodel\tlog density (nats)\tfrechet\tsliced-wasserstein\tmmd\n' >table.tsv

tensor-gen 8gaussians -n 20000 --seed 1 -o ring-train.h5
tensor-gen 8gaussians -n 5000 --seed 2 -o ring-test.h5
tensor-gen 8gaussians -n 5000 --seed 3 -o ring-truth.h5
tensor-gen 8gaussians --model -o ring-truth.model.h5
logdensity -m ring-truth.model.h5 --summary ring-test.h5 >ring-truth-density.tsv
line ring truth ring-truth.h5 ring-truth-density.tsv
learn ring 5000 --steps 4000 --schedule cosine

tensor-import "$top/data/geyser.csv" --shuffle --split 0.75 -o geyser-train.h5 --rest geyser-test.h5
learn geyser 1000 --layers 4 --hidden 32 --steps 2000 --validation 0.2 --patience 5

say "done"
echo
if command -v column >/dev/null; then column -t -s "$(printf '\t')" table.tsv; else cat table.tsv; fi
echo
echo "Log density: the mean over rows held out, in nats, and its standard error; higher is better."
echo "The rest compares generated rows with those held out; lower is better. The line 'truth' is"
echo "what fresh rows of the true distribution reach."
echo "Pictures, models and rows are in $folder."
