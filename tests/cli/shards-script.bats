# data/shards.sh: an array of jobs, and their rows in one file.

load common

@test "parts are made in any order, and together they are the rows of a single run" {
  export BIN=$PUSHFORWARD_BIN PARTS=3 ROWS=900 STEPS=30 CHECK=yes
  script=$PUSHFORWARD_SOURCE/data/shards.sh
  # A letter that xargs could take for the number of a part.
  mkdir I && sh "$script" I/once >log 2>&1 || complain "$(tail -n 3 log)"
  grep -qx 'the 3 parts are the rows of a single run' log || complain "$(cat log)"
  for step in train 'part 3' 'part 1' 'part 2' merge; do
    # shellcheck disable=SC2086
    sh "$script" apart $step >log 2>&1 || complain "$step: $(tail -n 3 log)"
  done
  grep -qx 'the 3 parts are the rows of a single run' log || complain "$(cat log)"
  cmp I/once/whole.csv apart/whole.csv
  # A part that is lost is made again, the others are left as they are.
  rm apart/rows.2.h5 apart/scored.2.h5
  touch -d 2020-01-01 apart/rows.1.h5
  for i in 1 2 3; do sh "$script" apart part $i; done
  [ "$(date -r apart/rows.1.h5 +%Y)" = 2020 ]
  sh "$script" apart merge | grep -qx 'the 3 parts are the rows of a single run' || complain "after a part was lost"
  outcome sh "$script" apart nothing
  [ "$status" -eq 2 ]
  no_complaints
}
