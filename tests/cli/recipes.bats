# The scripts in data/ that README names, at sizes that take seconds.

load common

@test "a table to its odd rows, a report and synthetic rows" {
  { echo id,height,sex,year
    tensor-gen gaussian --dim 1 -n 200 | tensor-export | tail -n +2 |
      awk '{ print "p" NR "," $1 "," (NR % 2 ? "f" : "m") "," 2000 + NR % 7 }'
    echo odd,30,f,2003
  } >my.csv
  STEPS=300 DRAWS=50 KEEP=id sh "$PUSHFORWARD_SOURCE/data/table.sh" my.csv out >log 2>&1
  [ "$(head -n 1 out/odd.csv)" = 'height,sex=f,sex=m,year,log_density,id' ]
  sed -n 2p out/odd.csv | grep -q ',odd$'
  [ "$(head -n 1 out/synthetic.csv)" = 'height,sex=f,sex=m,year' ]
  [ "$(wc -l <out/synthetic.csv)" -eq 51 ]
  head -c 4 out/report.pdf | grep -q %PDF
  # Without a table: that of the geyser.
  STEPS=20 DRAWS=5 sh "$PUSHFORWARD_SOURCE/data/table.sh" '' geyser >log 2>&1
  [ -s geyser/odd.csv ]
}

@test "the pictures of README" {
  STEPS=20 sh "$PUSHFORWARD_SOURCE/data/gallery.sh" pictures
  for name in density score film pairs trace curve; do
    head -c 4 pictures/$name.png | grep -q PNG || complain "$name"
    [ -s "$PUSHFORWARD_SOURCE/data/gallery/$name.png" ] || complain "$name is not in data/gallery"
  done
  no_complaints
}
