# data/table.mk: the table of held-out log density, on rows whose density is known.

bats_require_minimum_version 1.5.0
load common

table() {
  make -s -f "$PUSHFORWARD_SOURCE/data/table.mk" OUT=out BIN="$PUSHFORWARD_BIN" SKLEARN=files \
    SETS=wine STEPS=100 FLOWS='gaussian nice realnvp' "$@"
}

@test "a line for each flow; the normal distribution finds what the rows were drawn from" {
  mkdir files
  { echo 2000,3,a,b
    tensor-gen gaussian --dim 3 --correlation 0.9 -n 2000 --seed 1 | tensor-export --format csv |
      sed '1d; s/$/,0/'
  } >files/wine_data.csv
  table >lines.tsv
  [ "$(head -n 1 lines.tsv | tr '\t' ' ')" = \
    "data flow dimension rows ln_p standard_error steps seconds" ]
  [ "$(cut -f 1-4 lines.tsv | tail -n +2 | tr '\t\n' ' |')" = \
    "wine gaussian 3 400|wine nice 3 400|wine realnvp 3 400|" ]
  tensor-gen gaussian --dim 3 --correlation 0.9 --model -o truth.h5
  truth=$(logdensity -m truth.h5 --summary out/wine/test.h5 | awk 'NR == 2 { print $2 }')
  awk -v truth="$truth" '$2 == "gaussian" { good = ($5 - truth)^2 < 0.03^2 && $6 > 0 }
    END { exit !good }' lines.tsv
  awk '$2 == "realnvp" { good = $7 > 0 && $7 <= 100 } END { exit !good }' lines.tsv
}

@test "what is done is not done again, and a word adds a flow" {
  mkdir files
  tensor-gen gaussian --dim 2 -n 100 | tensor-export --format csv | sed '1d; s/$/,0/' \
    >files/wine_data.csv
  table >lines.tsv
  stat -c '%n %y' out/wine/* >before
  table FLOWS='gaussian nice realnvp planar' >more.tsv
  stat -c '%n %y' out/wine/* | grep -v /planar >after
  cmp before after
  head -n 4 more.tsv | cmp - lines.tsv
  [ "$(tail -n 1 more.tsv | cut -f 2)" = planar ]
}

@test "a missing file is named, with the package that has it" {
  run -2 table
  grep -qF 'files/wine_data.csv is missing; install it with: apt-get install python3-sklearn' \
    <<<"$output"
}
