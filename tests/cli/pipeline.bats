# Data flowing through all programs: as one shell pipe, through files, and under make.

load common

training='--flow realnvp --layers 4 --hidden 32 --steps 300 --seed 5'

# Training, sampling, scoring and measuring through pipes alone.
through_pipes() {
  tensor-gen 8gaussians -n 5000 --seed 3 -o ref.h5
  tensor-gen 8gaussians --model -o truth.h5
  # shellcheck disable=SC2086
  tensor-gen 8gaussians -n 20000 --seed 1 | flow-train $training |
    flow-sample -m - -n 5000 --seed 7 | logdensity -m truth.h5 | fid-eval - ref.h5
}

# frechet_below LIMIT FILE: does the report have that metric, and is it small enough?
frechet_below() {
  awk -F '\t' -v limit="$1" '$1 == "frechet" { good = $2 < limit } END { exit !good }' "$2"
}

@test "one pipe through five programs" {
  set -o pipefail
  through_pipes >numbers
  cat numbers
  # Rows of a flow that learned nothing would be a standard normal: far off.
  frechet_below 0.5 numbers
}

@test "the same through files under make gives the same numbers" {
  set -o pipefail
  through_pipes >numbers
  mkdir made
  cat >Makefile <<END
.DELETE_ON_ERROR:
distance.tsv: scored.h5 ref.h5
	fid-eval \$^ > \$@
scored.h5: rows.h5 truth.h5
	logdensity -m truth.h5 -o \$@ rows.h5
rows.h5: model.h5
	flow-sample -m \$< -n 5000 --seed 7 -o \$@
model.h5: train.h5
	flow-train $training -o \$@ \$<
truth.h5:
	tensor-gen 8gaussians --model -o \$@
train.h5:
	tensor-gen 8gaussians -n 20000 --seed 1 -o \$@
ref.h5:
	tensor-gen 8gaussians -n 5000 --seed 3 -o \$@
END
  make -C made -f ../Makefile
  diff numbers made/distance.tsv
}

@test "a pipe and a file carry the same bytes" {
  tensor-gen moons -n 1000 --no-history -o file.h5
  tensor-gen moons -n 1000 --no-history >pipe.h5
  cmp file.h5 pipe.h5
  tensor-gen moons -n 1000 --no-history | cat >cat.h5
  cmp file.h5 cat.h5
  tensor-gen 8gaussians --model -o model.h5
  logdensity -m model.h5 --no-history -o from-file.h5 file.h5
  logdensity -m model.h5 --no-history - <file.h5 >from-input.h5
  cmp from-file.h5 from-input.h5
  cat file.h5 | logdensity -m model.h5 --no-history | cat >from-pipe.h5
  cmp from-file.h5 from-pipe.h5
}

@test "one thread and two give the same bits, all the way" {
  tensor-gen pinwheel -n 3000 -o rows.h5
  for threads in 1 2; do
    mkdir "$threads"
    common="--threads $threads --no-history"
    small='--hidden 32 --steps 50'
    # shellcheck disable=SC2086
    {
      flow-train --flow realnvp --layers 2 $small $common -o $threads/flow.h5 rows.h5
      flow-sample -m $threads/flow.h5 -n 3000 --log-density $common -o $threads/rows.h5
      score-train --objective dsm --process ve $small $common -o $threads/score.h5 rows.h5
      langevin-sample -m $threads/score.h5 -n 300 --steps 3 $common -o $threads/langevin.h5
      logdensity -m $threads/flow.h5 $common -o $threads/density.h5 rows.h5
      fid-eval rows.h5 $threads/rows.h5 >$threads/distance.tsv
    }
  done
  diff -r 1 2
}

@test "a score model from data to distance" {
  tensor-gen moons -n 5000 --seed 1 |
    score-train --objective denoise --process edm --hidden 64 --steps 1500 -o score.h5
  tensor-gen moons -n 2000 --seed 2 -o ref.h5
  langevin-sample -m score.h5 -n 2000 --method heun --steps 18 | fid-eval - ref.h5 >numbers
  cat numbers
  frechet_below 0.05 numbers
}

@test "companions of the rows pass through logdensity, newest history first" {
  printf 'a,b,label\n0,0,3\n1,1,4\n2,3,5\n' >rows.csv
  tensor-gen gaussian --dim 2 --model -o model.h5
  tensor-import --label-column label rows.csv | logdensity -m model.h5 -o scored.h5
  tensor-export --summary scored.h5 >summary
  cat summary
  grep -q '^/label' summary
  grep -q '^/log_density' summary
  if command -v h5dump >/dev/null; then
    h5dump -a /history scored.h5 | grep -oE 'tensor-import|logdensity' | head -n 1 |
      grep -q logdensity
  fi
}

@test "a reader that leaves early ends a program quietly" {
  tensor-gen 8gaussians -n 200000 2>err | head -c 100 >/dev/null
  statuses=("${PIPESTATUS[@]}")
  [ "${statuses[0]}" -eq 141 ] || [ "${statuses[0]}" -eq 0 ]
  [ ! -s err ]
}

@test "a pipe that breaks off upstream fails downstream too" {
  tensor-gen 8gaussians --model -o model.h5
  tensor-gen 8gaussians -n 1000 -o rows.h5
  remember_files
  outcome logdensity -m model.h5 < <(head -c 9000 rows.h5)
  expect_failure 1 logdensity "half a file in a pipe"
  outcome logdensity -m model.h5 < <(:)
  expect_failure 1 logdensity "nothing in a pipe"
  no_complaints
}

@test "every instruction set tells the same story" {
  tensor-gen moons -n 500 -o rows.h5
  for set in baseline avx2 avx512; do
    export PUSHFORWARD_INSTRUCTION_SET=$set
    flow-train --layers 4 --hidden 16 --steps 60 --no-history rows.h5 -o $set.h5
    flow-sample -m $set.h5 -n 300 --no-history | logdensity -m $set.h5 --summary >$set.tsv
    score-train --steps 20 --no-history rows.h5 -o score.h5
    langevin-sample -m score.h5 -n 20 >x.h5
  done
  # A processor without a set falls back to the one below. The sets with fused multiply-add agree to
  # the last bit; the baseline rounds differently.
  cmp avx2.h5 avx512.h5
  cmp avx2.tsv avx512.tsv
  paste baseline.tsv avx2.tsv | awk -F '\t' 'NR == 2 { d = $2 - $10; exit !(d * d < 1e-4) }'
}

@test "what does not go on with the rows is named, in one line" {
  tensor-gen gaussian --dim 3 -n 60 -o rows.h5
  tensor-import --pca 2 rows.h5 -o pca.h5
  tensor-gen gaussian --dim 2 --model -o model.h5
  flow-train --layers 2 --hidden 4 --steps 2 pca.h5 -o flow.h5
  for command in 'tensor-import pca.h5 -o out.h5' 'logdensity -m model.h5 pca.h5 -o out.h5' \
    'sobolev-descent --steps 1 pca.h5 pca.h5 -o out.h5' \
    'flow-sample -m flow.h5 --encode pca.h5 -o out.h5' \
    'flow-sample -m flow.h5 --latent pca.h5 -o out.h5' \
    'langevin-sample -m model.h5 --method ula --steps 1 --init pca.h5 -o out.h5'; do
    # shellcheck disable=SC2086
    outcome $command
    [ "$status" -eq 0 ] || complain "$command: status $status"
    [ "$(cat err)" = "${command%% *}: warning: pca.h5: not passed on: /pca/components, /pca/deviation, /pca/mean" ] ||
      complain "$command: $(cat err)"
    outcome $command --quiet
    [ ! -s err ] || complain "$command --quiet: $(cat err)"
  done
  # All that these have goes on, or is computed anew.
  logdensity -m model.h5 out.h5 -o scored.h5 2>err
  logdensity -m model.h5 scored.h5 -o again.h5 2>>err
  flow-sample -m flow.h5 --encode scored.h5 -o noise.h5 2>>err
  cat err
  [ ! -s err ] || complain "warnings without a reason"
  no_complaints
}
