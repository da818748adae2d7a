# Flows conditioned on labels and on vectors, through all programs that know them.

load common

small='--layers 3 --hidden 12 --depth 1 -q --no-history'

# labels.h5: two moons with /label 0 and 1.
make_labels() {
  tensor-gen moons -n 600 --label --no-history -o labels.h5
}

# contexts.h5: rows of 2 with vectors of 3 beside them, /force, and 4 other columns, /other: by way
# of a safetensors file, 50 rows of 0.5 and of -2.
make_contexts() {
  local header='{"x":{"dtype":"F32","shape":[50,2],"data_offsets":[0,400]},"force":{"dtype":"F32","shape":[50,3],"data_offsets":[400,1000]},"other":{"dtype":"F32","shape":[50,4],"data_offsets":[1000,1800]},"short":{"dtype":"F32","shape":[20,5],"data_offsets":[1800,2200]},"bad":{"dtype":"F32","shape":[50],"data_offsets":[2200,2400]}}'
  {
    # shellcheck disable=SC2059
    printf "\\x$(printf %x $((${#header} % 256)))\\x$(printf %x $((${#header} / 256)))"
    printf '\x00\x00\x00\x00\x00\x00%s' "$header"
    for ((i = 0; i < 275; ++i)); do printf '\x00\x00\x00\x3f\x00\x00\x00\xc0'; done
    for ((i = 0; i < 25; ++i)); do printf '\x00\x00\x00\x3f\x00\x00\xc0\x7f'; done
  } >contexts.safetensors
  tensor-import contexts.safetensors --no-history -o contexts.h5
}

# refused STATUS MESSAGE PROGRAM ARGUMENT...: that very message, and nothing else.
refused() {
  local expected=$1 message=$2
  shift 2
  outcome "$@"
  expect_failure "$expected" "$1" "$*"
  [ "$(cat err)" = "$1: $message" ] || complain "$*: $(cat err)"
}

@test "every flow that takes a condition trains on labels, draws a class and scores given it" {
  make_labels
  for kind in nice realnvp glow maf iaf spline spline-ar; do
    # shellcheck disable=SC2086
    flow-train $small --flow $kind --label --steps 150 --lr 0.01 labels.h5 -o model.h5
    for label in 0 1; do
      flow-sample -m model.h5 --label $label -n 500 --precision float64 --log-density -o x$label.h5
      [ "$(numbers x$label.h5 label | sort -u)" = $label ] || complain "$kind: /label"
      logdensity -m model.h5 --precision float64 x$label.h5 -o scored.h5
      numbers x$label.h5 log_density >told
      numbers scored.h5 log_density >computed
      numbers_close told computed 1e-6 500 || complain "$kind: densities"
      numbers x$label.h5 x | awk -F, '{ sum += $2 } END { print sum / NR }' >mean$label
    done
    # The first moon lies above the second.
    paste mean0 mean1 | awk '{ exit !($1 > $2 + 0.3) }' || complain "$kind: $(cat mean0 mean1)"
    flow-sample -m model.h5 --encode labels.h5 --precision float64 -o noise.h5
    flow-sample -m model.h5 --latent noise.h5 --precision float64 -o back.h5
    cmp <(numbers labels.h5 label) <(numbers back.h5 label) || complain "$kind: labels on the way"
    numbers labels.h5 x >rows
    numbers back.h5 x >back
    numbers_close rows back 1e-5 600 || complain "$kind: noise and back"
  done
  no_complaints
}

@test "labels of files and of the command line: the same rows, in shards, for any threads" {
  make_labels
  # shellcheck disable=SC2086
  flow-train $small --flow maf --label --steps 60 labels.h5 -o model.h5
  flow-sample -m model.h5 --label 1 -n 1000 --threads 1 --no-history -o whole.h5
  flow-sample -m model.h5 --label 1 -n 1000 --threads 2 --no-history | cmp - whole.h5
  for i in 1 2 3; do
    flow-sample -m model.h5 --label 1 -n 1000 --shard $i/3 | numbers - x,label
  done >parts
  numbers whole.h5 x,label | cmp - parts
  # Row i has its own label of the file and the noise of row i.
  flow-sample -m model.h5 --context labels.h5 -o mixed.h5
  cmp <(numbers labels.h5 label) <(numbers mixed.h5 label)
  numbers whole.h5 x,label | head -n 600 >ones
  numbers mixed.h5 x,label >mixed
  [ "$(paste -d' ' ones mixed | awk '$2 ~ /,1$/ && $1 != $2' | wc -l)" -eq 0 ]
  [ "$(paste -d' ' ones mixed | awk '$2 ~ /,0$/ && $1 == $2' | wc -l)" -eq 0 ]
  for i in 1 2; do
    flow-sample -m model.h5 --context labels.h5 --shard $i/2 | numbers - x,label
  done | cmp - mixed
  # A label that is asked for comes before those of a file.
  flow-sample -m model.h5 --label 0 --encode labels.h5 -o noise.h5
  [ "$(numbers noise.h5 label | sort -u)" = 0 ]
}

@test "a conditional run resumes to the same bits, and needs its condition again" {
  make_labels
  run="$small --flow maf --batch-norm --schedule constant --log-every 5"
  # shellcheck disable=SC2086
  flow-train $run --label --steps 30 labels.h5 -o whole.h5
  # shellcheck disable=SC2086
  flow-train $run --label --steps 15 --checkpoint part.h5 labels.h5 -o unused.h5
  # shellcheck disable=SC2086
  flow-train $run --label --steps 30 --resume part.h5 labels.h5 -o resumed.h5
  cmp whole.h5 resumed.h5
  # shellcheck disable=SC2086
  outcome flow-train $run --steps 30 --resume part.h5 labels.h5 -o no.h5
  [ "$status" -eq 1 ]
  grep -q 'was made with context /label' err
}

@test "labels that are missing, wrong or not asked for" {
  make_labels
  tensor-gen moons -n 50 -o plain.h5
  printf '1,2,0\n3,4,1.5\n' | tensor-import --header no --label-column 3 - -o words.h5
  printf '1,2,0\n3,4,3\n2,2,1\n' | tensor-import --header no --label-column 3 - -o more.h5
  tensor-gen gaussian --model -o analytic.h5
  # shellcheck disable=SC2086
  flow-train $small --flow maf --label --steps 5 labels.h5 -o model.h5
  # shellcheck disable=SC2086
  flow-train $small --flow maf --steps 5 labels.h5 -o free.h5
  remember_files
  refused 1 'plain.h5: no dataset /label, which the model is conditioned on' \
    flow-train --label --steps 1 plain.h5 -o no.h5
  refused 1 'plain.h5: no dataset /label, which the model is conditioned on' \
    flow-train --label --steps 1 --validation plain.h5 labels.h5 -o no.h5
  refused 1 'more.h5: /label row 1 is 3; a label is a whole number from 0 to 1' \
    flow-train --label --steps 1 --validation more.h5 labels.h5 -o no.h5
  refused 1 'more.h5: /label row 1 is 3; a label is a whole number from 0 to 1' \
    logdensity -m model.h5 more.h5
  refused 1 'plain.h5: no dataset /label, which the model is conditioned on' \
    logdensity -m model.h5 plain.h5
  refused 1 'plain.h5: no dataset /label, which the model is conditioned on' \
    flow-sample -m model.h5 --encode plain.h5
  refused 1 'model.h5: this flow is conditioned on /label; give --label K or --context FILE' \
    flow-sample -m model.h5
  refused 1 'model.h5: --label 2, but its labels are 0 to 1' flow-sample -m model.h5 --label 2
  refused 2 'option --label: "-1" is no whole number from 0 to 65535, and the model has no names of classes' flow-sample -m model.h5 --label -1
  refused 2 'option --label: "0.5" is no whole number from 0 to 65535, and the model has no names of classes' flow-sample -m model.h5 --label 0.5
  refused 1 'free.h5: --label 0, but this model is not conditional' \
    flow-sample -m free.h5 --label 0
  refused 1 'free.h5: this flow is not conditional; leave out --context' \
    flow-sample -m free.h5 --context labels.h5
  refused 2 '--context and --label exclude each other' \
    flow-sample -m model.h5 --context labels.h5 --label 1
  for option in context encode latent; do
    refused 2 "only one of --model and --$option can come from standard input" \
      flow-sample -m - --$option -
  done
  refused 2 '--context and --count exclude each other' \
    flow-sample -m model.h5 --context labels.h5 -n 5
  for kind in planar radial; do
    refused 2 "--flow $kind cannot be conditioned, so no --label" \
      flow-train --flow $kind --label labels.h5 -o no.h5
    refused 2 "--flow $kind cannot be conditioned, so no --context" \
      flow-train --flow $kind --context /label labels.h5 -o no.h5
  done
  refused 2 '--label and --context exclude each other' \
    flow-train --label --context /label labels.h5 -o no.h5
  refused 1 'model.h5: this flow is conditioned on a label, 0 to 1; say which by --label (tensor-plot: --model-label)' \
    langevin-sample -m model.h5 --steps 2 -n 5
  refused 1 'model.h5: --label 2, but its labels are 0 to 1' \
    langevin-sample -m model.h5 --label 2 --steps 2 -n 5
  refused 1 'analytic.h5: --label 0, but this model is not conditional' \
    langevin-sample -m analytic.h5 --label 0 --steps 2 -n 5
  no_complaints
}

@test "Langevin chains of a class, with their label" {
  make_labels
  # shellcheck disable=SC2086
  flow-train $small --flow maf --label --steps 150 --lr 0.01 labels.h5 -o model.h5
  for label in 0 1; do
    langevin-sample -m model.h5 --label $label --steps 300 -n 300 -o x.h5
    [ "$(numbers x.h5 label | sort -u)" = $label ]
    [ "$(numbers x.h5 label | wc -l)" -eq 300 ]
    logdensity -m model.h5 x.h5 --summary | awk -F '\t' 'NR == 2 { exit !($1 == 300 && $7 == 0) }'
    numbers x.h5 x | awk -F, '{ sum += $2 } END { print sum / NR }' >mean$label
  done
  paste mean0 mean1 | awk '{ exit !($1 > $2 + 0.3) }'
  # Starting rows have labels of their own, which the label asked for replaces.
  langevin-sample -m model.h5 --label 1 --steps 1 -n 10 --init labels.h5 -o x.h5 2>err
  ! grep -q 'not passed on' err
}

@test "vectors beside the rows" {
  make_contexts
  tensor-gen moons -n 10 -o plain.h5
  # shellcheck disable=SC2086
  flow-train $small --flow spline --context /force --steps 5 --standardize contexts.h5 -o model.h5
  flow-sample -m model.h5 --context contexts.h5 --log-density --precision float64 -o x.h5
  numbers contexts.h5 force | cmp - <(numbers x.h5 force)
  logdensity -m model.h5 --precision float64 x.h5 -o scored.h5
  numbers x.h5 log_density >told
  numbers scored.h5 log_density >computed
  numbers_close told computed 1e-6 50
  # A row may be conditioned on one number, too.
  # shellcheck disable=SC2086
  flow-train $small --flow maf --context /label --steps 5 <(tensor-gen moons -n 20 --label) -o one.h5
  tensor-gen moons -n 20 --label | logdensity -m one.h5 --summary >/dev/null
  remember_files
  refused 1 'contexts.h5: no dataset /none, which the model is conditioned on' \
    flow-train --context /none --steps 1 contexts.h5 -o no.h5
  refused 1 'contexts.h5: /short has shape [20, 5]; an entry for each of the 50 rows is needed' \
    flow-train --context /short --steps 1 contexts.h5 -o no.h5
  refused 1 'contexts.h5: /bad row 1 holds NaN; rows must be finite' \
    flow-train --context /bad --steps 1 contexts.h5 -o no.h5
  for path in force /x /log_density /log_det /score / /a/b ''; do
    refused 2 "option --context: '$path' is no dataset beside the rows; name one such as /label" \
      flow-train --context "$path" --steps 1 contexts.h5 -o no.h5
  done
  refused 1 'plain.h5: no dataset /force, which the model is conditioned on' \
    logdensity -m model.h5 plain.h5
  refused 1 'model.h5: this flow is conditioned on /force; give --context FILE' \
    flow-sample -m model.h5
  refused 1 'model.h5: --label 1, but this flow is conditioned on vectors, /force' \
    flow-sample -m model.h5 --label 1
  refused 1 'model.h5: this flow is conditioned on vectors, which only flow-sample and logdensity can give it' \
    langevin-sample -m model.h5 --steps 2 -n 5
  no_complaints
}

@test "vectors of another width than the flow was trained with" {
  make_contexts
  tensor-gen moons -n 30 --label -o narrow.h5
  # shellcheck disable=SC2086
  flow-train $small --flow maf --context /label --steps 3 narrow.h5 -o model.h5
  sed 's/"force"/"label"/; s/"short"/"shore"/' contexts.safetensors >wide.safetensors
  tensor-import wide.safetensors -o wide.h5
  remember_files
  refused 1 "wide.h5: /label has 3 columns, the flow's context has 1" logdensity -m model.h5 wide.h5
  refused 1 "wide.h5: /label has 3 columns, the flow's context has 1" \
    flow-sample -m model.h5 --context wide.h5
  refused 1 'wide.h5: /label has 3 columns, that of the training rows has 1' \
    flow-train --context /label --steps 1 --validation wide.h5 narrow.h5 -o no.h5
  refused 1 'wide.h5: /label has shape [50, 3]; labels are one whole number per row' \
    flow-train --label --steps 1 wide.h5 -o no.h5
  no_complaints
}

@test "vectors beside the rows that lie far from 0 are warned of" {
  local i header='{"x":{"dtype":"F32","shape":[50,1],"data_offsets":[0,200]},"far":{"dtype":"F64","shape":[50,1],"data_offsets":[200,600]},"wide":{"dtype":"F32","shape":[50,1],"data_offsets":[600,800]}}'
  {
    # shellcheck disable=SC2059
    printf "\\x$(printf %x ${#header})\\x00\\x00\\x00\\x00\\x00\\x00\\x00%s" "$header"
    for ((i = 0; i < 25; ++i)); do printf '\x00\x00\x00\x3f\x00\x00\x00\xc0'; done
    # 1e9 and 1e9 + 1 in turn; 1e6 and 0.
    for ((i = 0; i < 25; ++i)); do printf '\x00\x00\x00\x00\x65\xcd\xcd\x41\x00\x00\x80\x00\x65\xcd\xcd\x41'; done
    for ((i = 0; i < 25; ++i)); do printf '\x00\x24\x74\x49\x00\x00\x00\x00'; done
  } >far.safetensors
  tensor-import far.safetensors -o far.h5
  train='flow-train --no-standardize --flow maf --layers 1 --hidden 4 --steps 1 --lr 1e-9'
  outcome $train --context /far far.h5 -o model.h5
  grep -q 'column 0 of /far lies too far from 0 for float32' err
  [ "$(grep -c ' of /far' err)" -eq 1 ]
  outcome $train --context /wide far.h5 -o model.h5
  grep -q 'column 0 of /wide holds numbers as large as 1e+06' err
  outcome $train --context /far --standardize far.h5 -o model.h5
  [ "$(grep -c ' of /far' err)" -eq 0 ]
}

@test "a path has one class" {
  tensor-gen moons -n 400 --label -o labels.h5
  flow-train --flow maf --layers 2 --hidden 16 --label --steps 30 labels.h5 -o model.h5
  tensor-export --format csv --columns label labels.h5 | tail -n +2 >labels
  first=$(head -n 1 labels)
  same=$(awk -v c="$first" 'NR > 1 && $1 == c { print NR - 1; exit }' labels)
  other=$(awk -v c="$first" '$1 != c { print NR - 1; exit }' labels)
  flow-sample -m model.h5 --encode labels.h5 --between "0,$same" -o path.h5
  [ "$(tensor-export --format csv --columns label path.h5 | sort -u)" = "$(sort -u <<<"label
$first")" ]
  refused 1 "labels.h5: rows 0 and $other differ in /label; a path has one for all its rows: give --label CLASS" \
    flow-sample -m model.h5 --encode labels.h5 --between "0,$other"
  flow-sample -m model.h5 --encode labels.h5 --between "0,$other" --label 1 | tensor-export --format csv --columns label |
    tail -n +2 | sort -u | grep -qx 1
  refused 2 "option --label: a path has one class for all its rows" \
    flow-sample -m model.h5 --encode labels.h5 --between "0,$same" --label 0,1
}
