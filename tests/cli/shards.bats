# Parts of a job: the parts in order are the whole.

load common

@test "densities of parts are those of the whole, to the bit" {
  tensor-gen moons -n 3000 --label -o rows.h5
  flow-train -q --steps 20 --layers 2 --hidden 8 rows.h5 -o flow.h5
  score-train -q --steps 20 --hidden 8 rows.h5 -o score.h5
  for options in '-m flow.h5' '-m flow.h5 --score' '-m score.h5' '-m score.h5 --trace hutchinson --seed 3'; do
    # shellcheck disable=SC2086
    logdensity $options rows.h5 | tensor-export >whole.csv
    for part in 1 2 3; do
      # shellcheck disable=SC2086
      logdensity $options --shard $part/3 rows.h5 -o part$part.h5
    done
    tensor-import part1.h5 part2.h5 part3.h5 | tensor-export | cmp - whole.csv || complain "$options"
  done
  # Fewer rows than blocks: a row or two each.
  tensor-import rows.h5 --rows 0:3 -o few.h5
  for part in 1 2; do logdensity -m flow.h5 --shard $part/2 few.h5 | tensor-export | tail -n +2; done |
    cmp - <(logdensity -m flow.h5 few.h5 | tensor-export | tail -n +2)
  outcome logdensity -m flow.h5 --shard 1/4 few.h5
  [ "$status" -eq 2 ]
  outcome logdensity -m flow.h5 --shard 3 rows.h5
  [ "$status" -eq 2 ]
  no_complaints
}

@test "features and statistics of parts are those of the whole" {
  tensor-gen gaussian --dim 3 -n 2000 -o rows.h5
  fid-eval rows.h5 --save-features whole.h5 --save-stats whole.stats.h5
  for part in 1 2 3; do
    fid-eval rows.h5 --shard $part/3 --save-features f$part.h5 --save-stats s$part.h5
  done
  tensor-import f1.h5 f2.h5 f3.h5 | tensor-export | cmp - <(tensor-export whole.h5)
  fid-eval s1.h5 s2.h5 s3.h5 --merge --save-stats merged.h5
  tensor-gen gaussian --dim 3 -n 2000 --seed 1 -o other.h5
  a=$(fid-eval other.h5 whole.stats.h5 --metrics frechet | tail -n 1 | cut -f2)
  b=$(fid-eval other.h5 merged.h5 --metrics frechet | tail -n 1 | cut -f2)
  awk -v a="$a" -v b="$b" 'BEGIN { d = a - b; exit !(d < 1e-9 && d > -1e-9 && a > 0) }'
  outcome fid-eval other.h5 rows.h5 --shard 1/2
  [ "$status" -eq 2 ]
  outcome fid-eval whole.stats.h5 --shard 1/2 --save-stats x.h5
  [ "$status" -eq 1 ]
}
