#!/bin/sh
# Samples and their densities by an array of jobs, and one file of them all:
#   sh data/shards.sh [OUTPUT_FOLDER]           everything on this machine, two parts at a time
#   sh data/shards.sh OUTPUT_FOLDER train       the three steps by themselves, for a batch system:
#   sh data/shards.sh OUTPUT_FOLDER part I      I from 1 to PARTS, anywhere, in any order
#   sh data/shards.sh OUTPUT_FOLDER merge
# With Slurm, for example: sbatch --array=1-8 --wrap \
#   'sh data/shards.sh /scratch/me/out part $SLURM_ARRAY_TASK_ID'
#
# A row depends on the model, the seed and its number, never on the part it is in: the parts in order
# are the rows of a single run, to the bit. So a part that failed is run again by itself, and the
# number of parts may be chosen by what the machines have room for.
# The programs are those in BIN, or build/bin of this folder.
#   PARTS=4  ROWS=20000   parts, and rows of all of them together
#   STEPS=3000            of training
#   CHECK=                not empty: makes all rows in one run as well, and compares
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
PATH=$(cd "${BIN:-$top/build/bin}" && pwd):$PATH
mkdir -p "${1:-$top/build/shards}"
cd "${1:-$top/build/shards}"
parts=${PARTS:-4} rows=${ROWS:-20000}
draw="langevin-sample -q -m score.h5 --method heun -n $rows --seed 1 --no-history"

train() {
  tensor-gen pinwheel -n 20000 -o data.h5
  score-train -q data.h5 --process edm --steps "${STEPS:-3000}" -o score.h5
}

# The density of a row depends on that row alone, so a part is scored where it was drawn. Files
# appear whole or not at all: one that is there is done, and is not made again.
part() {
  [ -f "rows.$1.h5" ] || $draw --threads 1 --shard "$1/$parts" -o "rows.$1.h5"
  [ -f "scored.$1.h5" ] || logdensity -q -m score.h5 --threads 1 "rows.$1.h5" -o "scored.$1.h5"
}

merge() {
  set --
  for i in $(seq "$parts"); do set -- "$@" "scored.$i.h5"; done
  tensor-import "$@" -o all.h5
  tensor-export --summary all.h5
  [ -n "${CHECK:-}" ] || return 0
  $draw | logdensity -q -m score.h5 | tensor-export >whole.csv
  tensor-export all.h5 | cmp - whole.csv && echo "the $parts parts are the rows of a single run"
}

case "${2:-all}" in
train) train ;;
part) part "$3" ;;
merge) merge ;;
all)
  train
  # xargs stops with an error where a part does.
  seq "$parts" | BIN=$(dirname "$(command -v logdensity)") xargs -P 2 -n 1 sh "$top/data/shards.sh" "$PWD" part
  merge
  ;;
*) echo "shards.sh: $2 is not train, part or merge" >&2; exit 2 ;;
esac
