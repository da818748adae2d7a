# A table of mixed columns, from the file to a model and back: texts, classes, missing values, whole
# steps, names of columns, and the rows in order.

load common

people() {
  cat >people.csv <<'END'
id,age,fare,sex,town,kind
a1,22,7.25,male,Rome,adelie
b2,38,71.28,female,Oslo,gentoo
c3,26,7.9,female,"Bonn, West",adelie
d4,NA,53.1,female,Bonn,gentoo
e5,35,8.05,male,Rome,adelie
END
}

@test "texts stay beside the rows or become columns, missing values means" {
  people
  tensor-import --keep id,town --one-hot sex --missing mean --label-column kind people.csv -o people.h5 2>err
  [ "$(cat err)" = 'tensor-import: warning: people.csv: column 2 (age): 1 of 5 values is missing and becomes the mean of the others, 30.2' ]
  tensor-export people.h5 >out
  diff out - <<'END'
age,fare,sex=female,sex=male,label,id,town
22,7.25,0,1,0,a1,Rome
38,71.28,1,0,1,b2,Oslo
26,7.9,1,0,0,c3,"Bonn, West"
30.25,53.1,1,0,1,d4,Bonn
35,8.05,0,1,0,e5,Rome
END
  # What was written is read again.
  tensor-import --keep id,town --label-column label out | tensor-export | cmp - out
}

@test "all faults of a file are told at once" {
  people
  outcome tensor-import people.csv -o people.h5
  [ "$status" -eq 1 ]
  [ ! -e people.h5 ]
  [ "$(wc -l <err)" -eq 5 ]
  for column in '1 (id): "a1" is not a number' '4 (sex): "male" is not a number; 4 more in this column' \
    '5 (town): "Rome" is not a number' '6 (kind)' '2 (age): "NA" is a missing value'; do
    grep -qF "column $column" err || complain "$column: $(cat err)"
  done
  # Of very many, ten and a count.
  awk 'BEGIN { for (i = 0; i < 30; ++i) { line = ""
    for (j = 0; j < 15; ++j) line = line (j ? "," : "") (i % 2 ? "x" : j); print line } }' >bad.csv
  outcome tensor-import --header no bad.csv -o bad.h5
  [ "$status" -eq 1 ]
  [ "$(wc -l <err)" -le 11 ]
  no_complaints
}

@test "the least likely rows with their names and texts, in one pipe" {
  tensor-gen gaussian --dim 2 -n 300 --seed 4 | tensor-export | tail -n +2 |
    awk -F, 'BEGIN { print "name,height,weight" } { print "n" NR "," $1 "," $2 } END { print "odd,9,-9" }' >table.csv
  tensor-import --keep name table.csv -o table.h5
  flow-train -q --steps 300 --layers 2 --hidden 8 table.h5 -o flow.h5
  logdensity -m flow.h5 table.h5 | tensor-export --sort /log_density --rows 0:10 >lowest.csv
  [ "$(head -n 1 lowest.csv)" = height,weight,log_density,name ]
  [ "$(sed -n 2p lowest.csv | cut -d, -f1,2,4)" = 9,-9,odd ]
  [ "$(wc -l <lowest.csv)" -eq 11 ]
  tail -n +2 lowest.csv | cut -d, -f3 | sort -gc
  tensor-export --sort weight --descending --rows 0:2 table.h5 | tail -n +2 | cut -d, -f2 | sort -gcr
  # Drawn rows have the header of the table.
  [ "$(flow-sample -m flow.h5 -n 3 | tensor-export | head -n 1)" = height,weight ]
  score-train -q --steps 3 --hidden 4 table.h5 | langevin-sample -m - -n 3 -o drawn.h5
  [ "$(tensor-export drawn.h5 | head -n 1)" = height,weight ]
  outcome tensor-export --sort length table.h5
  [ "$status" -eq 1 ]
  grep -q 'no column "length"' err
}

@test "classes are asked for by name, and several share the rows" {
  { echo x,y,kind
    tensor-gen moons -n 200 --label | tensor-export | tail -n +2 | sed 's/,0$/,boot/; s/,1$/,bag/'
  } >shop.csv
  tensor-import --label-column kind shop.csv -o shop.h5
  flow-train -q --label --steps 20 --layers 2 --hidden 8 shop.h5 -o flow.h5
  # In the order of their texts: bag is 0, boot 1.
  [ "$(flow-sample -m flow.h5 --label boot,bag -n 4 | tensor-export | tail -n +2 | cut -d, -f3 | xargs)" = '1 1 0 0' ]
  flow-sample -m flow.h5 --label boot -n 4 --no-history >name.h5
  flow-sample -m flow.h5 --label 1 -n 4 --no-history >number.h5
  cmp name.h5 number.h5
  outcome flow-sample -m flow.h5 --label hat -n 4
  [ "$status" -eq 2 ]
  [ "$(cat err)" = 'flow-sample: option --label: the model has no class "hat", it has bag and boot' ]
  score-train -q --label --steps 5 --hidden 8 shop.h5 -o score.h5
  [ "$(langevin-sample -m score.h5 --label bag -n 2 | tensor-export | tail -n +2 | cut -d, -f3 | xargs)" = '0 0' ]
}

@test "noise makes columns of whole steps continuous, and rounding undoes it" {
  tensor-gen gaussian --dim 2 -n 500 | tensor-export | tail -n +2 |
    awk -F, 'BEGIN { print "year,price,free" } { printf "%d,%.2f,%s\n", 2000 + 10 * $1, int(20 * $2 + 100) * 0.05, $1 }' >t.csv
  tensor-import t.csv -o plain.h5
  tensor-import --jitter all -v t.csv -o noisy.h5 2>err
  grep -q 'noise is added: year by steps of 1, price by steps of 0.05' err
  paste -d, <(tensor-export plain.h5) <(tensor-export noisy.h5) | tail -n +2 | awk -F, '
    function off(a, b) { return a > b ? a - b : b - a }
    off($1, $4) > 0.5001 || off($2, $5) > 0.02501 || $3 != $6 { exit 1 }'
  flow-train --steps 1 --layers 1 --hidden 4 plain.h5 -o m.h5 2>err
  grep -q 'tensor-import --jitter' err
  flow-train --steps 1 --layers 1 --hidden 4 noisy.h5 -o m.h5 2>err
  [ ! -s err ]
  outcome tensor-import --jitter free t.csv -o no.h5
  [ "$status" -eq 1 ]
  grep -q 'column free has no steps' err
  # Means that are filled in stand between the steps and do not hide them.
  { echo age,one; for i in $(seq 97); do echo "$((i * i % 31)),$i.5"; done; echo NA,1.5; echo ,2.5; } >ages.csv
  tensor-import --missing mean --jitter age -v ages.csv -o ages.h5 2>err
  grep -q 'noise is added: age by steps of 1$' err
  cat ages.csv ages.csv | awk 'NR == 1 || !/age/' >twice.csv
  tensor-import --missing mean --jitter age -v ages.csv twice.csv -o both.h5 2>err
  grep -q 'noise is added: age by steps of 1$' err
}

@test "messages about other encodings are UTF-8, and what cannot be transposed is said" {
  printf 'sort,x\nGr\374n,1\nRos\351,2\n' >latin.csv
  outcome tensor-import latin.csv -o no.h5
  [ "$status" -eq 1 ]
  iconv -f UTF-8 err >/dev/null
  grep -q '"Grün" is not a number' err
  outcome tensor-import --transpose --keep sort latin.csv -o no.h5
  [ "$status" -eq 2 ]
  grep -q -e '--keep' err
}
