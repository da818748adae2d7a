# fid-eval: numbers that are known, statistics, pipes, and what is refused.

load common

# metric NAME FILE: the value of a line.
metric() {
  awk -F '\t' -v name="$1" '$1 == name { print $2; found = 1 } END { exit !found }' "$2"
}

# between LOW VALUE HIGH
between() {
  awk -v low="$1" -v value="$2" -v high="$3" 'BEGIN { exit !(value + 0 >= low && value + 0 <= high) }'
}

@test "rows through a pipe against a file" {
  tensor-gen 8gaussians -n 2000 --seed 1 -o ref.h5
  tensor-gen moons -n 500 | fid-eval - ref.h5 >far
  tensor-gen 8gaussians -n 2000 --seed 2 | fid-eval ref.h5 - >near
  head -n 1 far | grep -q "^metric	value$"
  [ "$(metric features far)" = identity ]
  [ "$(metric n_generated far)" = 500 ]
  [ "$(metric n_reference far)" = 2000 ]
  [ "$(metric dimension far)" = 2 ]
  between 1 "$(metric frechet far)" 2
  between 0.03 "$(metric mmd far)" 0.1
  between 0.5 "$(metric sliced-wasserstein far)" 1.2
  between 0 "$(metric frechet near)" 0.05
  between -0.002 "$(metric mmd near)" 0.002
  between 0 "$(metric sliced-wasserstein near)" 0.2
}

@test "a set is at no distance from itself" {
  tensor-gen spirals -n 1000 -o rows.h5
  fid-eval rows.h5 rows.h5 >same
  between 0 "$(metric frechet same)" 1e-12
  between -0.01 "$(metric mmd same)" 0
  [ "$(metric sliced-wasserstein same)" = 0 ]
}

@test "three known points" {
  # {0, 2} and {1, 5} on a line: means 1, 3; variances 2, 8; W2^2 = (1 + 9) / 2.
  printf '0\n2\n' | tensor-import --header no - -o a.h5
  printf '1\n5\n' | tensor-import --header no - -o b.h5
  fid-eval --bandwidths 1 a.h5 b.h5 >known
  between 5.9999999 "$(metric frechet known)" 6.0000001
  between 2.2360679 "$(metric sliced-wasserstein known)" 2.2360680
  # exp(-2) + exp(-8) - (exp(-1/2) + exp(-25/2) + exp(-1/2) + exp(-9/2)) / 2
  between -0.47641628 "$(metric mmd known)" -0.47641627
  ! metric mmd_bandwidth known
}

@test "the numbers depend on the seed, not on the threads" {
  tensor-gen rings -n 3000 --seed 1 -o a.h5
  tensor-gen rings -n 2500 --seed 2 -o b.h5
  fid-eval --threads 1 --subset-size 1000 a.h5 b.h5 >one
  fid-eval --threads 3 --subset-size 1000 a.h5 b.h5 >three
  cmp one three
  fid-eval --seed 9 --subset-size 1000 a.h5 b.h5 >other
  [ "$(metric frechet one)" = "$(metric frechet other)" ]
  [ "$(metric mmd one)" != "$(metric mmd other)" ]
  [ "$(metric sliced-wasserstein one)" != "$(metric sliced-wasserstein other)" ]
  [ "$(metric mmd_n_generated one)" = 1000 ]
  fid-eval --projections 1 a.h5 b.h5 >few
  [ "$(metric sliced-wasserstein one)" != "$(metric sliced-wasserstein few)" ]
}

@test "metrics can be chosen" {
  tensor-gen moons -n 100 -o a.h5
  fid-eval --metrics mmd a.h5 a.h5 | cut -f 1 >names
  grep -q '^mmd$' names
  ! grep -q '^frechet$' names
  fid-eval --metrics sliced-wasserstein,frechet a.h5 a.h5 | cut -f 1 | tail -n 2 | tr '\n' ' ' >order
  [ "$(cat order)" = "frechet sliced-wasserstein " ]
}

@test "--json is one object with the same numbers" {
  tensor-gen moons -n 100 -o a.h5
  tensor-gen rings -n 100 -o b.h5
  fid-eval a.h5 b.h5 >table
  fid-eval --json a.h5 b.h5 >object
  [ "$(wc -l <object)" -eq 1 ]
  for name in frechet mmd sliced-wasserstein n_generated; do
    grep -qF "\"$name\": $(metric $name table)" object || complain "$name: $(cat object)"
  done
  no_complaints
}

@test "statistics stand for their rows in the Frechet distance alone" {
  tensor-gen moons -n 300 -o a.h5
  tensor-gen rings -n 300 -o b.h5
  fid-eval --save-stats stats.h5 b.h5 >out
  [ ! -s out ]
  fid-eval --metrics frechet a.h5 b.h5 >from-rows
  fid-eval --metrics frechet a.h5 stats.h5 >from-stats
  cmp from-rows from-stats
  fid-eval --metrics mmd a.h5 b.h5 --save-stats again.h5 >/dev/null
  fid-eval --metrics frechet a.h5 again.h5 | cmp - from-rows
  fid-eval a.h5 stats.h5 | cmp - from-rows
  remember_files
  outcome fid-eval --metrics frechet,mmd a.h5 stats.h5
  expect_failure 1 fid-eval "mmd of statistics"
  grep -q 'stats.h5: holds statistics alone' err
  no_complaints
}

@test "statistics as NPZ, with and without the number of rows" {
  tensor-gen gaussian --dim 3 -n 300 -o a.h5
  tensor-gen gaussian --dim 3 -n 300 --seed 1 -o b.h5
  fid-eval --metrics frechet a.h5 b.h5 >from-rows
  fid-eval --save-stats b.npz b.h5
  fid-eval a.h5 b.npz >from-npz
  [ "$(metric n_reference from-npz)" = 300 ]
  a=$(metric frechet from-rows) b=$(metric frechet from-npz)
  awk -v a="$a" -v b="$b" 'BEGIN { exit !(a - b < 1e-12 && b - a < 1e-12) }'
  # What the members say is what another program would read.
  tensor-import b.npz -o members.h5
  tensor-export --summary members.h5 >summary
  for name in /mu /sigma /n; do grep -q "^$name	" summary || complain "no $name: $(cat summary)"; done
  # Of another program: mu and sigma alone.
  if python3 -c 'import numpy' 2>/dev/null; then
    python3 -c 'import numpy as np
a = np.load("b.npz"); np.savez_compressed("c.npz", mu=a["mu"], sigma=a["sigma"])'
    fid-eval a.h5 c.npz >out 2>err
    grep -q '^fid-eval: warning: c.npz: does not say of how many rows it is' err || complain "$(cat err)"
    ! metric n_reference out || complain "a number of rows out of nowhere"
    [ "$(metric frechet out | cut -c 1-10)" = "$(metric frechet from-rows | cut -c 1-10)" ] ||
      complain "$(cat out)"
  fi
  no_complaints
}

@test "shards are merged to the statistics of the whole" {
  tensor-gen gaussian --dim 3 -n 300 -o all.h5
  tensor-import --rows 0:100 all.h5 -o one.h5
  tensor-import --rows 100:101 all.h5 -o two.h5
  tensor-import --rows 101:300 all.h5 -o three.h5
  tensor-gen gaussian --dim 3 -n 300 --seed 1 -o other.h5
  fid-eval --save-stats one.stats.h5 one.h5
  remember_files
  outcome fid-eval --merge --save-stats merged.h5 one.stats.h5 two.h5
  expect_failure 1 fid-eval "a shard of one row"
  tensor-import --rows 100:102 all.h5 -o two.h5
  tensor-import --rows 102:300 all.h5 -o three.h5
  fid-eval --merge --save-stats merged.h5 one.stats.h5 two.h5 three.h5
  fid-eval --metrics frechet other.h5 all.h5 >whole
  fid-eval other.h5 merged.h5 >merged
  [ "$(metric n_reference merged)" = 300 ]
  a=$(metric frechet whole) b=$(metric frechet merged)
  awk -v a="$a" -v b="$b" 'BEGIN { exit !(a - b < 1e-12 && b - a < 1e-12) }'
  tensor-gen gaussian --dim 2 -n 300 -o narrow.h5
  remember_files
  outcome fid-eval --merge --save-stats bad.h5 one.stats.h5 narrow.h5
  expect_failure 1 fid-eval "shards of different dimensions"
  grep -q 'narrow.h5: rows have 2 numbers' err || complain "$(cat err)"
  no_complaints
}

@test "every metric that rows have" {
  tensor-gen 8gaussians -n 1500 --seed 1 -o a.h5
  tensor-gen 8gaussians -n 1500 --seed 2 -o b.h5
  all=frechet,kid,precision,recall,density,coverage,mmd,sliced-wasserstein
  fid-eval --metrics $all --jackknife 10 --extrapolate a.h5 b.h5 >near
  for name in precision recall coverage; do
    between 0.8 "$(metric $name near)" 1 || complain "$name: $(metric $name near)"
    between 0.001 "$(metric ${name}_stderr near)" 0.05 || complain "$name: $(cat near)"
  done
  between 0.9 "$(metric density near)" 1.1 || complain "density: $(cat near)"
  for name in kid kid_deviation kid_stderr kid_subset_size frechet_stderr frechet_extrapolated \
    frechet_extrapolated_fit_error; do
    metric $name near >/dev/null || complain "no $name"
  done
  fid-eval --metrics $all --threads 1 --jackknife 10 --extrapolate a.h5 b.h5 | cmp - near ||
    complain "threads change numbers"
  fid-eval --metrics kid --subset-size 200 --subsets 7 a.h5 b.h5 >few
  [ "$(metric kid_subset_size few)" = 200 ] || complain "$(cat few)"
  remember_files
  outcome fid-eval --metrics is a.h5 b.h5
  expect_failure 1 fid-eval "classes of rows"
  grep -q 'a.h5: has no class probabilities' err || complain "$(cat err)"
  no_complaints
}

@test "precomputed features keep their name, and are only compared with their like" {
  tensor-gen gaussian --dim 4 -n 200 -o a.h5
  tensor-gen gaussian --dim 4 -n 200 --seed 1 -o b.h5
  flow-train -q --steps 20 a.h5 -o flow.h5
  fid-eval --features model -w flow.h5 --metrics frechet,kid a.h5 b.h5 >direct
  [ "$(metric features direct)" = latent ]
  metric weights direct >/dev/null
  fid-eval --features model -w flow.h5 --save-features fa.h5 a.h5
  fid-eval --features model -w flow.h5 --save-stats sb.h5 --save-features fb.h5 b.h5
  fid-eval --metrics frechet,kid fa.h5 fb.h5 | cmp - direct || complain "saved features differ"
  fid-eval --metrics frechet fa.h5 sb.h5 >stats
  [ "$(metric frechet stats)" = "$(metric frechet direct)" ] || complain "saved statistics differ"
  fid-eval --metrics frechet --features fa.h5:/x sb.h5 | cmp - stats || complain "FILE:/path"
  fid-eval --metrics frechet --features model -w flow.h5 a.h5 sb.h5 | cmp - stats ||
    complain "rows against statistics"
  flow-train -q --steps 21 a.h5 -o other.h5
  remember_files
  outcome fid-eval fa.h5 b.h5
  expect_failure 1 fid-eval "features against rows"
  grep -q 'fa.h5: has features latent, weights [0-9a-f]*, and b.h5 has identity' err ||
    complain "$(cat err)"
  outcome fid-eval --features model -w other.h5 a.h5 fb.h5
  expect_failure 1 fid-eval "another model"
  no_complaints
}

@test "hidden units of a score model, and models without features" {
  tensor-gen moons -n 200 -o a.h5
  tensor-gen rings -n 200 -o b.h5
  tensor-gen gaussian --dim 3 -n 20 -o wide.h5
  score-train -q --steps 20 --hidden 16 a.h5 -o score.h5
  tensor-gen 8gaussians --model -o analytic.h5
  fid-eval --features model -w score.h5 --metrics frechet a.h5 b.h5 >last
  [ "$(metric features last)" = hidden-3 ]
  [ "$(metric dimension last)" = 16 ]
  fid-eval --features model -w score.h5 --layer 1 --sigma 0.5 --metrics frechet a.h5 b.h5 >first
  [ "$(metric level first)" = 0.5 ]
  [ "$(metric frechet first)" != "$(metric frechet last)" ]
  tensor-gen shapes --size 8 -n 100 -o pictures.h5
  score-train -q --net unet --channels 8 --multipliers 1,3 --steps 2 --batch 8 pictures.h5 \
    -o unet.h5
  fid-eval --features model -w unet.h5 --layer 1 --metrics frechet pictures.h5 pictures.h5 >first
  fid-eval --features model -w unet.h5 --metrics frechet pictures.h5 pictures.h5 >last
  [ "$(metric dimension first) $(metric dimension last)" = '8 24' ]
  between -1e-6 "$(metric frechet last)" 1e-6
  remember_files
  outcome fid-eval --features model -w analytic.h5 a.h5 b.h5
  expect_failure 1 fid-eval "an analytic model"
  outcome fid-eval --features model -w score.h5 --layer 4 a.h5 b.h5
  expect_failure 1 fid-eval "a layer too many"
  outcome fid-eval --features model -w score.h5 --sigma 1000000 a.h5 b.h5
  expect_failure 1 fid-eval "a level too high"
  outcome fid-eval --features model -w score.h5 wide.h5 b.h5
  expect_failure 1 fid-eval "rows of another width"
  outcome fid-eval --features model -w a.h5 a.h5 b.h5
  expect_failure 1 fid-eval "rows for a model"
  outcome fid-eval --features model -w score.h5 --layer 1x a.h5 b.h5
  expect_failure 2 fid-eval "a layer that is no number"
  no_complaints
}

@test "folders of pictures" {
  tensor-gen shapes --size 8 -n 12 -o shapes.h5
  mkdir all
  for i in 0 1 2 3 4 5; do
    tensor-export --rows $i:$((i + 1)) shapes.h5 -o all/$i.png
  done
  mkdir -p nested/deeper
  cp all/[012].png nested
  cp all/[345].png nested/deeper
  echo text >nested/notes.txt
  fid-eval --metrics frechet all nested >out 2>err
  grep -q '^fid-eval: warning: nested: 1 file' err || complain "$(cat err)"
  between 0 "$(metric frechet out)" 1e-6 || complain "$(cat out)"
  [ "$(metric dimension out)" = 192 ]
  tensor-gen shapes --size 9 -n 1 | tensor-export -o nested/9.png
  remember_files
  outcome fid-eval all nested
  expect_failure 1 fid-eval "mixed sizes"
  grep -q 'nested: its pictures have different sizes' err || complain "$(cat err)"
  rm nested/9.png
  head -c 60 all/0.png >nested/broken.png
  outcome fid-eval all nested
  expect_failure 1 fid-eval "a broken picture"
  grep -q 'nested/broken.png: ' err || complain "$(cat err)"
  mkdir one
  cp all/0.png one
  remember_files
  outcome fid-eval all one
  expect_failure 1 fid-eval "one picture"
  grep -q 'one: has 1 row' err || complain "$(cat err)"
  outcome fid-eval all all/0.png
  expect_failure 1 fid-eval "a picture file"
  no_complaints
}

@test "weights that are none" {
  tensor-gen shapes --size 8 -n 4 -o a.h5
  echo no weights >text
  remember_files
  for file in a.h5 text missing; do
    outcome fid-eval --features inception -w $file a.h5 a.h5
    expect_failure 1 fid-eval "weights from $file"
  done
  no_complaints
}

@test "a dataset of a file, images, and rows of one number" {
  tensor-gen shapes --size 8 -n 200 -o shapes.h5
  tensor-gen shapes --size 8 -n 200 --seed 1 -o others.h5
  fid-eval shapes.h5 others.h5 >images
  [ "$(metric dimension images)" = 64 ]
  fid-eval shapes.h5:/label others.h5:/label >labels
  [ "$(metric dimension labels)" = 1 ]
}

@test "too few rows for the dimension: a warning, and the distance all the same" {
  tensor-gen gaussian --dim 50 -n 20 -o few.h5
  tensor-gen gaussian --dim 50 -n 500 -o many.h5
  fid-eval few.h5 many.h5 >out 2>err
  [ "$(wc -l <err)" -eq 1 ]
  grep -q '^fid-eval: warning: few.h5: the covariance of 20 rows in 50 dimensions is rank-deficient' err
  between 5 "$(metric frechet out)" 60
  fid-eval -q few.h5 many.h5 >out 2>err
  [ ! -s err ]
}

@test "what can not be compared is refused" {
  tensor-gen moons -n 100 -o a.h5
  tensor-gen moons -n 1 -o one.h5
  tensor-gen gaussian --dim 3 -n 100 -o wide.h5
  tensor-gen 8gaussians --model -o model.h5
  printf '1,1\n1,1\n1,1\n' | tensor-import --header no - -o equal.h5
  remember_files
  for pair in "a.h5 one.h5" "one.h5 a.h5" "a.h5 wide.h5" "a.h5 model.h5" "missing.h5 a.h5" \
    "a.h5 ." "a.h5 a.h5:/nothing" "a.h5 equal.h5"; do
    # shellcheck disable=SC2086
    outcome fid-eval $pair
    expect_failure 1 fid-eval "$pair"
  done
  outcome fid-eval a.h5 wide.h5
  grep -q '^fid-eval: a.h5: rows have 2 numbers and those of wide.h5 have 3' err || complain "$(cat err)"
  outcome fid-eval one.h5 a.h5
  grep -q '^fid-eval: one.h5: /x has 1 row, a distance needs at least 2' err || complain "$(cat err)"
  fid-eval --bandwidths 1 a.h5 equal.h5 >out
  outcome fid-eval --save-stats missing/stats.h5 a.h5
  expect_failure 1 fid-eval "statistics into a missing folder"
  no_complaints
}

@test "a row that is not finite is named" {
  tensor-gen gaussian -n 3 -o rows.h5
  # Weights are imported as they are: 3 x 2 numbers, the fourth of them not a number.
  header='{"x":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]}}'
  {
    printf '\x39\0\0\0\0\0\0\0%s' "$header"
    printf '\x00\x00\x80\x3f%.0s' 1 2 3
    printf '\x00\x00\xc0\x7f'
    printf '\x00\x00\x80\x3f%.0s' 5 6
  } >bad.safetensors
  tensor-import bad.safetensors -o bad.h5
  remember_files
  outcome fid-eval rows.h5 bad.h5
  expect_failure 1 fid-eval "not a number"
  grep -q '^fid-eval: bad.h5: /x row 1 holds NaN' err || complain "$(cat err)"
  outcome fid-eval --save-stats stats.h5 bad.h5
  expect_failure 1 fid-eval "statistics of not a number"
  no_complaints
}

@test "command lines that make no sense" {
  tensor-gen moons -n 100 -o a.h5
  remember_files
  while read -r line; do
    # shellcheck disable=SC2086
    outcome fid-eval $line
    expect_failure 2 fid-eval "$line"
  done <<END
a.h5
- -
a.h5 a.h5 --metrics fid
a.h5 a.h5 --metrics frechet,
a.h5 a.h5 --features inception
a.h5 a.h5 --features vgg
a.h5 a.h5 --features model
a.h5 a.h5 --layer 2048
a.h5 a.h5 --resize clean
a.h5 a.h5 --range 0,1
a.h5 a.h5 --features a.h5:/x
a.h5 a.h5 --features inception -w a.h5 --range 1,0
a.h5 a.h5 --features inception -w a.h5 --layer 100
a.h5 a.h5 --merge
a.h5 a.h5 --merge --save-stats s.h5 --metrics frechet
a.h5 a.h5 --save-stats s.h5 --save-features s.h5
a.h5 a.h5 --subsets 0
a.h5 a.h5 --neighbours 0
a.h5 a.h5 --jackknife 1
a.h5 a.h5 --subset-size 1
a.h5 a.h5 --bandwidths 0
a.h5 a.h5 --bandwidths 1,x
a.h5 a.h5 --projections 0
a.h5 a.h5 --threads -1
a.h5 a.h5 --save-stats -
END
  no_complaints
}

# The metrics that --help names.
metrics() {
  fid-eval --help | sed -n '/--metrics LIST/,/;/ { s/--metrics LIST//; s/;.*//; s/,//g; p }' | xargs
}

@test "an option is refused where no metric looks at it" {
  tensor-gen moons -n 100 -o a.h5
  while read -r option value users; do
    for metric in $(metrics); do
      [[ " $users " == *" $metric "* ]] && continue
      outcome fid-eval a.h5 a.h5 --metrics "$metric" "--$option" "$value"
      [ "$status" -eq 2 ] || complain "--$option for $metric: status $status"
      [ "$(cat err)" = "fid-eval: option --$option: belongs to --metrics ${users// /, }, not to $metric" ] ||
        complain "$(cat err)"
    done
  done <<END
subset-size 50 kid precision recall density coverage mmd
subsets 2 kid
neighbours 5 precision recall density coverage
splits 2 is
bandwidths 1 mmd
projections 5 sliced-wasserstein
jackknife 5 frechet
END
  no_complaints
}

@test "messages name options as they are typed" {
  tensor-gen moons -n 100 -o a.h5
  outcome fid-eval a.h5 a.h5 --metrics density --neighbours 100
  [ "$(cat err)" = "fid-eval: a.h5: has too few rows for --neighbours 100, more than that are needed" ] ||
    complain "$(cat err)"
  outcome fid-eval a.h5 a.h5 --metrics is
  [ "$(cat err)" = "fid-eval: a.h5: has no class probabilities; --metrics is needs --features inception and pictures" ] ||
    complain "$(cat err)"
  no_complaints
}

@test "every metric has a paragraph of the manual page" {
  for metric in $(metrics); do
    grep -A 1 '^\.TP' "$PUSHFORWARD_SOURCE/man/fid-eval.1" | grep -qwF "${metric//-/\\-}" ||
      complain "the manual does not describe $metric"
  done
  no_complaints
}

@test "numbers too small for their squares are refused, not taken for zeros" {
  for seed in 1 2; do
    tensor-gen gaussian -n 50 --seed $seed | tensor-export |
      awk -F , 'NR > 1 { print $1 "e-200," $2 "e-200" }' | sed 's/e-[0-9]*e-200/e-205/g' |
      tensor-import - --precision float64 -o $seed.h5
  done
  remember_files
  for metric in frechet sliced-wasserstein mmd; do
    outcome fid-eval --metrics $metric 1.h5 2.h5
    expect_failure 1 fid-eval "$metric"
    grep -q '^fid-eval: 2.h5: the numbers are too small to be squared, scale them up' err ||
      grep -q '^fid-eval: 1.h5: the numbers are too small to be squared, scale them up' err ||
      complain "$metric: $(cat err)"
  done
  no_complaints
}

@test "a full disk is noticed" {
  tensor-gen moons -n 100 -o a.h5
  status=0
  fid-eval a.h5 a.h5 >/dev/full 2>err || status=$?
  [ "$status" -eq 1 ]
  [ "$(wc -l <err)" -eq 1 ]
}

@test "several generated sets make one table, of the numbers of each alone" {
  for seed in 1 2; do tensor-gen moons -n 1500 --seed $seed -o "moons$seed.h5"; done
  tensor-gen 8gaussians -n 700 -o other.h5
  tensor-gen moons -n 2000 --seed 9 -o reference.h5
  local -r options='-q --metrics frechet,kid,precision,mmd --subset-size 300 --subsets 5'
  # shellcheck disable=SC2086
  fid-eval moons1.h5 moons2.h5 other.h5 reference.h5 $options >table
  [ "$(cut -f 1 table | xargs)" = 'generated moons1.h5 moons2.h5 other.h5' ]
  for file in moons1.h5 moons2.h5 other.h5; do
    # shellcheck disable=SC2086
    fid-eval $file reference.h5 $options | tail -n +2 | sort >alone
    awk -F '\t' -v file=$file 'NR == 1 { for (i = 2; i <= NF; ++i) name[i] = $i }
      $1 == file { for (i = 2; i <= NF; ++i) if ($i != "") print name[i] "\t" $i }' table |
      sort | cmp - alone
  done
  fid-eval moons1.h5 other.h5 reference.h5 --metrics mmd --json | grep -q '"generated": \["moons1.h5", "other.h5"\]'
  # Every set is checked before any is read.
  tensor-gen gaussian --dim 3 -n 10 -o wide.h5
  outcome fid-eval moons1.h5 wide.h5 reference.h5
  [ "$status" -eq 1 ] && [ ! -s out ]
  grep -q '^fid-eval: wide.h5: rows have 3 numbers and those of reference.h5 have 2' err
}
