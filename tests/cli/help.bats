# What --help, --version and the manual pages promise, for every program.

load common

# The long options that --help names.
options_of_help() {
  "$1" --help | grep -oE -- '--[a-z][a-z0-9]*(-[a-z0-9]+)*' | sort -u
}

# All long options anywhere in a page, as people read them.
options_in_page() {
  grep -oE '(\\-){2}[a-z][a-z0-9]*(\\-[a-z0-9]+)*' "$1" | sed 's/\\-/-/g' | sort -u
}

# The long options that a page describes: those in the tags of its lists.
options_of_page() {
  awk 'tag { print; tag = 0 } /^\.T[PQ]/ { tag = 1 }' "$1" >tags
  options_in_page tags
}

@test "there are programs" {
  [ "$(programs | wc -l)" -ge 10 ]
}

@test "--help goes to standard output, status 0, at most 80 columns" {
  for program in $(programs); do
    outcome "$program" --help
    [ "$status" -eq 0 ] || complain "$program: status $status"
    [ ! -s err ] || complain "$program: $(cat err)"
    head -n 1 out | grep -q "^Usage: $program " || complain "$program: no usage line"
    grep -q '^Example:' out || complain "$program: no example"
    awk -v p="$program" 'length > 80 { print p ": too wide: " $0; bad = 1 } END { exit bad }' out ||
      complain "$program: wider than 80 columns"
  done
  no_complaints
}

@test "--version names program, project and version" {
  version=$(sed -n 's/^project(pushforward VERSION \([0-9.]*\).*/\1/p' \
    "$PUSHFORWARD_SOURCE/CMakeLists.txt")
  [ -n "$version" ]
  for program in $(programs); do
    [ "$("$program" --version)" = "$program (pushforward) $version" ] || complain "$program"
  done
  no_complaints
}

@test "every program has a manual page, and its options agree with --help both ways" {
  for program in $(programs); do
    page=$PUSHFORWARD_SOURCE/man/$program.1
    [ -f "$page" ] || { complain "$program: no manual page"; continue; }
    options_of_help "$program" >help
    options_in_page "$page" >mentioned
    options_of_page "$page" >described
    missing=$(comm -23 help mentioned | tr '\n' ' ')
    extra=$(comm -13 help described | tr '\n' ' ')
    [ -z "$missing" ] || complain "$program.1 lacks $missing"
    [ -z "$extra" ] || complain "$program.1 describes what --help lacks: $extra"
  done
  no_complaints
}

@test "manual pages pass mandoc's lint" {
  command -v mandoc >/dev/null || skip "mandoc is not installed"
  for page in "$PUSHFORWARD_SOURCE"/man/*.[157]; do
    mandoc -Tlint -Wwarning "$page" >lint 2>&1 || true
    [ ! -s lint ] || complain "$(cat lint)"
  done
  no_complaints
}

@test "manual pages have the sections a reader looks for" {
  for program in $(programs); do
    page=$PUSHFORWARD_SOURCE/man/$program.1
    [ -f "$page" ] || continue
    for section in NAME SYNOPSIS DESCRIPTION OPTIONS "EXIT STATUS" ENVIRONMENT EXAMPLES \
      "SEE ALSO"; do
      grep -qE "^\.SH \"?$section\"?\$" "$page" || complain "$program.1: no section $section"
    done
  done
  no_complaints
}

@test "every program takes the options that a makefile gives to all" {
  : >help
  remember_files
  for program in $(programs); do
    "$program" --help >help
    for option in --threads --quiet --verbose --progress --config --no-history; do
      grep -qw -e "$option" help || complain "$program has no $option"
    done
    outcome "$program" --threads 1 --quiet --progress never --no-history --help
    [ "$status" -eq 0 ] || complain "$program: status $status: $(cat err)"
    outcome "$program" --threads many
    expect_failure 2 "$program" "$program --threads many"
  done
  tensor-gen moons -n 5 --threads 1 -o rows.h5
  tensor-import rows.h5 --threads 1 -o again.h5
  tensor-export again.h5 --threads 1 >rows.csv
  no_complaints
}

@test "an unknown option is status 2 and one line, and leaves nothing behind" {
  remember_files
  for program in $(programs); do
    outcome "$program" --no-such-option -o result
    expect_failure 2 "$program" "$program"
  done
  no_complaints
}

@test "a full disk under --help and --version is noticed" {
  for program in $(programs); do
    for option in --help --version; do
      status=0
      "$program" $option >/dev/full 2>err || status=$?
      [ "$status" -eq 1 ] || complain "$program $option: status $status"
      [ "$(wc -l <err)" -eq 1 ] || complain "$program $option: $(cat err)"
    done
  done
  no_complaints
}
