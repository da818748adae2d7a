# data/table.sh: a table to outliers, a report and synthetic rows.

load common

@test "outliers are rows of the table, synthetic rows have its header, and reports are drawn" {
  { echo name,x,y,z
    tensor-gen gaussian --dim 3 --correlation 0.5 -n 200 | tensor-export --format csv |
      sed '1d; s/^/a,/'
    echo far,9,-9,9; } >my.csv
  TABLE=my.csv IMPORT='--keep name' BIN=$PUSHFORWARD_BIN FLOW=realnvp STEPS=60 OUTLIERS=3 ROWS=50 \
    sh "$PUSHFORWARD_SOURCE/data/table.sh" out >log 2>&1 || complain "$(tail -n 3 log)"
  no_complaints
  [ "$(wc -l <out/outliers.csv)" -eq 4 ]
  sed -n 2p out/outliers.csv | grep -q far
  [ "$(head -n 1 out/synthetic.csv)" = x,y,z ]
  [ "$(wc -l <out/synthetic.csv)" -eq 51 ]
  for report in report training; do [ "$(head -c 4 out/$report.pdf)" = %PDF ]; done
}
