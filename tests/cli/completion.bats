# Completion offers what --help names.

load common

# Completes the last of the words and prints the offers on one line.
complete_words() {
  # shellcheck source=/dev/null
  . "$PUSHFORWARD_SOURCE/tools/completions/pushforward.bash"
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  _pushforward "$1"
  echo "${COMPREPLY[*]}"
}

@test "every program is registered with bash and zsh" {
  for program in $(programs); do
    for file in pushforward.bash _pushforward; do
      grep -qw -- "$program" "$PUSHFORWARD_SOURCE/tools/completions/$file" ||
        complain "$program is not in $file"
    done
  done
  no_complaints
}

@test "options and their choices are completed" {
  [ "$(complete_words flow-train --progr)" = --progress ]
  [ "$(complete_words flow-train --progress a)" = "auto always" ]
  [ "$(complete_words flow-train --progress = n)" = never ]
  [[ " $(complete_words flow-train --flow "") " == *" realnvp "* ]]
  [[ " $(complete_words langevin-sample --method "") " == *" annealed "* ]]
  [ -z "$(complete_words flow-train --output "")" ]
}
