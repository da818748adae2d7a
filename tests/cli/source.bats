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
# returns wrong shapes for views, and its random numbers differ from one library to the next.
@test "xtensor's traps are kept out" {
  cd "$PUSHFORWARD_SOURCE"
  if grep -rn 'keep_dims' lib tools | grep -v 'immediate'; then complain "lazy keep_dims"; fi
  if grep -rnE 'xt::linalg::dot|xt::random' lib tools; then complain "dot or random"; fi
  no_complaints
}

@test "no program's source is long" {
  for file in "$PUSHFORWARD_SOURCE"/tools/*.cpp; do
    lines=$(wc -l <"$file")
    [ "$lines" -le 180 ] || complain "$(basename "$file") has $lines lines: too much for a program"
  done
  no_complaints
}
