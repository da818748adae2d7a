# Rows to noise and back, and paths between rows: flow-sample and langevin-sample --encode, --between.

load common

# refused STATUS MESSAGE COMMAND...: it fails with the status, says the message and writes nothing.
refused() {
  local want=$1 message=$2
  shift 2
  remember_files
  outcome "$@" -o result
  expect_failure "$want" "$1" "$*"
  grep -qF -- "$message" err || complain "$*: said: $(cat err)"
}

# values FILE DATASETS: the numbers as text.
values() {
  tensor-export --format csv --columns "$2" "$1"
}

make_flow() {
  tensor-gen moons -n 1000 --no-history -o rows.h5
  flow-train --layers 4 --hidden 16 --depth 1 --batch 200 --steps "$1" --standardize rows.h5 -o model.h5
}

@test "a path begins and ends at its rows and keeps the length of their noise" {
  make_flow 50
  flow-sample -m model.h5 --encode rows.h5 --between 3,17,5 --steps 4 --precision float64 -o path.h5
  values path.h5 x >path
  [ "$(wc -l <path)" -eq 10 ] # 2 times 4 steps, and the first row, below a header
  # Rows 0, 4 and 8 are rows 3, 17 and 5 of the file.
  paste -d, <(sed -n '2p;6p;10p' path) <(values rows.h5 x | awk 'NR == 5 || NR == 19 || NR == 7 { row[NR] = $0 } END { print row[5] "\n" row[19] "\n" row[7] }') |
    awk -F, '{ d = $1 - $3; e = $2 - $4; if (d * d + e * e > 1e-13) bad = 1 } END { exit bad || NR != 3 }'
  # The noise of a linear path is even, that of a spherical one is not.
  for path in linear spherical; do
    flow-sample -m model.h5 --encode rows.h5 --between 3,17 --steps 2 --path $path --precision float64 |
      flow-sample -m model.h5 --encode - --precision float64 | values - x >$path
  done
  awk -F, 'NR > 1 { x[NR] = $1; y[NR] = $2 }
    END { d = x[3] - (x[2] + x[4]) / 2; e = y[3] - (y[2] + y[4]) / 2; exit d * d + e * e > 1e-13 }' linear
  # The middle of a spherical path: a (a + b) with |.|^2 between those of a and b for equal lengths.
  paste -d, linear spherical | awk -F, 'NR == 3 { cross = $1 * $4 - $2 * $3; longer = $3^2 + $4^2 > $1^2 + $2^2 }
    END { exit cross * cross > 1e-13 || !longer }'
  flow-sample -m model.h5 --encode rows.h5 --between 3,17 | tensor-export --summary | grep -q '^/x	\[9, 2\]'
}

@test "paths that lead nowhere are refused in a line" {
  make_flow 5
  refused 1 "rows.h5: has 1000 rows, counted from 0; there is no row 1000 to go between" \
    flow-sample -m model.h5 --encode rows.h5 --between 3,1000
  refused 2 "option --between: give two rows or more, such as 0,1" \
    flow-sample -m model.h5 --encode rows.h5 --between 3
  refused 2 "--between needs --encode INPUT, whose rows it goes between" flow-sample -m model.h5 --between 3,4
  refused 2 "--steps needs --between A,B" flow-sample -m model.h5 --steps 3
  refused 2 "--path needs --between A,B" flow-sample -m model.h5 --encode rows.h5 --path linear
  no_complaints
}
