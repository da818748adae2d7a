# What an installation holds.

load common

@test "programs, manual pages and completions are installed where they are looked for" {
  command -v cmake >/dev/null || skip "cmake is not on PATH"
  cmake --install "$PUSHFORWARD_BIN/.." --prefix "$PWD/installed" >log 2>&1 || { cat log; false; }
  find installed -type f >files
  for program in $(programs); do
    for file in "bin/$program" "share/man/man1/$program.1" \
      "share/bash-completion/completions/$program"; do
      grep -qx "installed/$file" files || complain "$file is missing"
    done
  done
  for file in share/man/man5/pushforward-format.5 share/man/man7/pushforward.7 \
    share/zsh/site-functions/_pushforward; do
    grep -qx "installed/$file" files || complain "$file is missing"
  done
  no_complaints
}

@test "an installed program runs from anywhere" {
  command -v cmake >/dev/null || skip "cmake is not on PATH"
  cmake --install "$PUSHFORWARD_BIN/.." --prefix "$PWD/installed" >/dev/null
  (cd / && "$BATS_TEST_TMPDIR/installed/bin/tensor-gen" moons -n 10) >rows.h5
  installed/bin/tensor-export --summary rows.h5 | grep -q '^/x'
}
