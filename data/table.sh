#!/bin/sh
# From a table to its odd rows, a report and synthetic rows: sh data/table.sh [TABLE.csv] [FOLDER]
#
# TABLE.csv has a header. Columns of texts become columns of 0 and 1, missing values the mean of their
# column, whole steps continuous; KEEP names columns that only stay beside the rows. Without a table,
# the eruptions of the Old Faithful geyser (data/geyser.csv). The programs are those on PATH, else in
# build/bin. STEPS and DRAWS make it shorter.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
table=$(realpath "${1:-$top/data/geyser.csv}")
folder=${2:-build/table}
PATH=$PATH:$top/build/bin
mkdir -p "$folder"
cd "$folder"

# Which columns hold texts: the messages of a first try name them.
texts=$(tensor-import ${KEEP:+--keep "$KEEP"} --missing mean "$table" -o /dev/null 2>&1 |
  sed -n 's/.*column [0-9]* (\(.*\)): ".*is not a number.*/\1/p' | sort -u | paste -sd,)
tensor-import ${KEEP:+--keep "$KEEP"} ${texts:+--one-hot "$texts"} --missing mean --jitter all \
  "$table" -o rows.h5
tensor-import rows.h5 --shuffle --split 0.8 -o train.h5 --rest test.h5

# A spline flow with the defaults, and what it says of rows that it has not seen.
# shellcheck disable=SC2086
flow-train --flow spline ${STEPS:+--steps $STEPS} train.h5 -o flow.h5
echo 'Log density of held-out rows, in nats:'
logdensity -m flow.h5 test.h5 --summary

# The ten rows that the flow finds least likely, with all their columns.
logdensity -m flow.h5 rows.h5 | tensor-export --sort /log_density --rows 0:10 -o odd.csv
echo 'The least likely rows:'
cat odd.csv

# Rows of the same header that nobody has seen, and how near they come.
flow-sample -m flow.h5 -n "${DRAWS:-1000}" -o synthetic.h5
tensor-export synthetic.h5 -o synthetic.csv
fid-eval synthetic.h5 test.h5 --metrics sliced-wasserstein,mmd
tensor-plot rows.h5 synthetic.h5 --kind pairs -o report.pdf
echo "In $folder: flow.h5, odd.csv, synthetic.csv, report.pdf"
