# Every line of every EXAMPLES section works as printed, in an empty folder.

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
