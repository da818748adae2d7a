# What the sources promise each other and no compiler checks.

load common

rooms=(base io graph nn density flow score sample eval plot cli)

@test "a room includes only itself and the rooms above it" {
  for ((i = 0; i < ${#rooms[@]}; ++i)); do
    for ((j = i + 1; j < ${#rooms[@]}; ++j)); do
      if grep -rnE "#include \"${rooms[j]}/" "$PUSHFORWARD_SOURCE/lib/${rooms[i]}"; then
        complain "${rooms[i]} includes ${rooms[j]}"
      fi
    done
  done
  no_complaints
}

@test "no tabs and no blanks at the end of lines" {
  cd "$PUSHFORWARD_SOURCE"
  if grep -rnP --include='*.[ch]pp' --include='*.bats' --include='*.sh' '[ \t]$' lib tools tests data
  then complain "blanks at the end"; fi
  if grep -rnP --include='*.[ch]pp' '\t' lib tools tests; then complain "tabs"; fi
  no_complaints
}

# Traps of xtensor 0.24: a lazy reducer with keep_dims gives wrong numbers inside an expression, dot
# returns wrong shapes for views, and its random numbers differ from one library to the next. Of
# xtensor-blas 0.20: it contradicts cblas.h and lapacke.h in one unit, its gemm takes plain loops where a
# factor is an int, eigh writes over an adaptor by columns, cholesky refuses 1 x 1 under assertions.
@test "xtensor's traps are kept out" {
  cd "$PUSHFORWARD_SOURCE"
  if grep -rn 'keep_dims' lib tools | grep -v 'immediate'; then complain "lazy keep_dims"; fi
  if grep -rnE 'xt::(linalg::)?dot\(|xt::random' lib tools; then complain "dot or random"; fi
  if grep -rn 'xlinalg.hpp' lib tools | grep -v '^lib/base/linear_algebra.cpp:'; then
    complain "xtensor-blas outside its unit"
  fi
  if grep -rnE '\bd(gemm|pot|pst|sy[egt]|ste|geq|orgq|get|ges)[a-z0-9_]*_\(' lib tools tests --include='*.[ch]pp'; then
    complain "LAPACK declared by hand"
  fi
  no_complaints
}

@test "a program loads one BLAS and one LAPACK, OpenBLAS's" {
  for program in "$PUSHFORWARD_BIN"/*; do
    libraries=$(ldd "$program" | grep -oE 'lib(blas|cblas|lapack|lapacke|openblas|atlas|mkl)[a-z0-9_]*\.so' |
      sort -u | xargs)
    [ -z "$libraries" ] || [ "$libraries" = libopenblas.so ] ||
      complain "$(basename "$program") loads $libraries"
  done
  no_complaints
}

@test "no program's source is long" {
  for file in "$PUSHFORWARD_SOURCE"/tools/*.cpp; do
    lines=$(wc -l <"$file")
    [ "$lines" -le 180 ] || complain "$(basename "$file") has $lines lines: too much for a program"
  done
  no_complaints
}
