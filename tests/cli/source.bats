# What the sources promise each other and no compiler checks.

load common

@test "a room includes only itself and the rooms it is linked to" {
  # What a room sees: itself, the rooms that lib/CMakeLists.txt links it to, and what those see.
  local -A sees
  while read -r room uses; do
    sees[$room]=" $room "
    for used in $uses; do sees[$room]+=${sees[$used]}; done
  done < <(sed -nE 's/^pushforward_(room|module)\(([a-z]+) ?([a-z ]*)\)$/\2 \3/p' \
    "$PUSHFORWARD_SOURCE/lib/CMakeLists.txt")
  cd "$PUSHFORWARD_SOURCE/lib"
  for room in */; do
    room=${room%/}
    [ -n "${sees[$room]}" ] || complain "lib/CMakeLists.txt does not name the room $room"
    while IFS=: read -r file include; do
      included=${include#*\"}
      [[ ${sees[$room]} == *" ${included%%/*} "* ]] || complain "$file: $include"
    done < <(grep -rE '^#include "' "$room")
  done
  no_complaints
}

# Two types of one name, or one in two places, are one definition too many for the linker, which
# takes either without a word.
@test "a name is given to one type only" {
  cd "$PUSHFORWARD_SOURCE"
  twice=$(grep -rhoE --include='*.hpp' '^(struct|class|enum class) [A-Za-z]+( final)?( :[^:].*)? \{' lib |
    awk '{ print $1 == "enum" ? $3 : $2 }' | sort | uniq -d)
  [ -z "$twice" ] || complain "defined twice: $(xargs <<<"$twice")"
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

@test "sources are laid out by clang-format" {
  command -v clang-format >/dev/null || skip "clang-format is not there"
  cd "$PUSHFORWARD_SOURCE"
  find lib tools tests -name '*.[ch]pp' -print0 | xargs -0 clang-format --dry-run -Werror
}
