#!/bin/sh
# A table from CSV to outliers, a report and synthetic rows: sh data/table.sh [OUTPUT_FOLDER]
#
# TABLE=my.csv takes your own table, the eruptions of a geyser by default. Columns of text need an
# option of tensor-import, in IMPORT: IMPORT='--keep name --label-column kind --missing mean'.
# The programs are those in BIN, or build/bin of this folder.
#   FLOW=spline  STEPS=   the flow, and its steps: as many as the held-out rows ask for, if empty
#   OUTLIERS=10  ROWS=1000   lines of outliers.csv and of synthetic.csv
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
table=$(realpath "${TABLE:-$top/data/geyser.csv}")
PATH=$(cd "${BIN:-$top/build/bin}" && pwd):$PATH
mkdir -p "${1:-$top/build/table}"
cd "${1:-$top/build/table}"

# Columns of whole steps, such as years, get noise as wide as a step: a density has no bound where
# many rows have the very same number. A fifth of the rows is kept to judge the model by.
# shellcheck disable=SC2086
tensor-import "$table" --jitter all ${IMPORT:-} -o all.h5
tensor-import all.h5 --shuffle --split 0.8 -o train.h5 --rest test.h5

# Of train.h5 a tenth is held out again: it decides when training ends and which weights are kept.
# shellcheck disable=SC2086
flow-train train.h5 --flow "${FLOW:-spline}" ${STEPS:+--steps $STEPS} --log training.tsv -o model.h5

# Mean log density of rows the flow has not seen, in nats: the number to compare models by.
logdensity -m model.h5 --summary test.h5 | tee summary.tsv

# The least likely rows of the whole table first, with all their columns.
logdensity -m model.h5 all.h5 |
  tensor-export --sort /log_density --rows "0:${OUTLIERS:-10}" -o outliers.csv

# New rows under the same header; how far they are from the held-out ones.
flow-sample -m model.h5 -n "${ROWS:-1000}" -o synthetic.h5
tensor-export synthetic.h5 -o synthetic.csv
fid-eval synthetic.h5 test.h5 --metrics sliced-wasserstein,mmd | tee distances.tsv

# All pairs of up to eight columns: the table in one colour, the model's rows in the other.
tensor-plot all.h5 synthetic.h5 --kind pairs --legend table --legend synthetic -o report.pdf
tensor-plot training.tsv -o training.pdf
echo "outliers.csv, synthetic.csv, report.pdf and training.pdf are in $PWD"
