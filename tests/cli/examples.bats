# Every line of every EXAMPLES section, and of README's blocks, works as printed, in a folder of its own.

load common

# The lines of the .EX blocks under EXAMPLES, with the escapes of man(7) undone.
examples() {
  awk '/^\.SH/ { inside = /EXAMPLES/ }
    /^\.EE/ { block = 0 }
    block { print }
    /^\.EX/ { block = inside }' "$1" |
    sed -e 's/\\-/-/g' -e "s/\\\\(aq/'/g" -e 's/\\(dq/"/g' -e 's/\\(ti/~/g' -e 's/\\(ha/^/g' \
      -e 's/\\(rs/\\/g' -e 's/\\&//g' -e 's/\\f[BIRP]//g' -e 's/\\e/\\/g'
}

run_pages() {
  for page in "$@"; do
    name=$(basename "$page")
    examples "$page" >script.sh
    [ -s script.sh ] || { complain "$name: no examples"; continue; }
    mkdir "$name.d"
    (cd "$name.d" && sh -e ../script.sh >../log 2>&1) </dev/null ||
      complain "$name: status $?: $(tail -n 3 log); the script was: $(cat script.sh)"
  done
  no_complaints
}

@test "examples of the programs' pages" {
  run_pages "$PUSHFORWARD_SOURCE"/man/*.1
}

@test "examples of the other pages" {
  run_pages "$PUSHFORWARD_SOURCE"/man/*.[57]
}

# The blocks of commands of README.md: ```sh ... ```. Long trainings are cut to a few steps.
readme_blocks() {
  awk '/^```sh$/ { block = 1; n += 1; next } /^```$/ { block = 0 } block { print > ("block" n) }' \
    "$PUSHFORWARD_SOURCE/README.md"
  sed -i -E 's/--steps [0-9]+/--steps 20/' block*
}

@test "README's blocks of commands, each in a folder with my.csv and photos/" {
  readme_blocks
  [ "$(cat block* | wc -l)" -gt 20 ]
  for block in block*; do
    mkdir -p "$block.d/photos"
    (cd "$block.d"
      cp "$PUSHFORWARD_SOURCE/data/geyser.csv" my.csv
      tensor-gen shapes --size 32 -n 40 | tensor-export -o 'photos/%02d.png'
      sh -e "../$block" >../log 2>&1) </dev/null ||
      complain "$block: status $?: $(tail -n 3 log); the script was: $(cat "$block")"
  done
  no_complaints
}

@test "README names the packages that the two commands install, and pictures that are there" {
  cd "$PUSHFORWARD_SOURCE"
  sed -n 's/^    sudo apt-get install //p' README.md | tr ' ' '\n' | sort >"$BATS_TEST_TMPDIR/named"
  # need, as both commands call it, where no package is installed and none may be.
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  for program in 'dpkg-query:exit 1' 'id:echo 1000' 'sudo:exit 1'; do
    printf '#!/bin/sh\n%s\n' "${program#*:}" >"$BATS_TEST_TMPDIR/bin/${program%%:*}"
    chmod +x "$BATS_TEST_TMPDIR/bin/${program%%:*}"
  done
  packages=$(sed -n 's/^need //p' tests/run.sh)
  (PATH=$BATS_TEST_TMPDIR/bin:$PATH sh -c ". tests/setup.sh; need $packages" 2>&1 || true) |
    sed 's/.*apt-get install //' | tr ' ' '\n' | sort >"$BATS_TEST_TMPDIR/needed"
  diff "$BATS_TEST_TMPDIR/named" "$BATS_TEST_TMPDIR/needed"
  for picture in $(grep -o 'data/gallery/[a-z]*\.png' README.md | sort -u); do
    [ -s "$picture" ] || complain "$picture is missing"
    [ "$(stat -c %s "$picture")" -le 60000 ] || complain "$picture has more than 60 kB"
  done
  no_complaints
}
