# Completion for bash: options, and the values of those that take one of a list, as --help of the
# program at hand names them.

# _pushforward_values OPTION: reads a --help text and prints the choices of OPTION, if it has some.
# They stand in the place of its value (--flow nice|realnvp) or, where they are many, end its text.
_pushforward_values() {
  awk -v option="$1" '
    /^  (-[a-zA-Z0-9], )?--/ {
      if (found) exit
      for (i = 1; i < NF; ++i)
        if ($i == option) { found = 1; value = $(i + 1) }
    }
    /^$/ { if (found) exit }
    found { text = text " " $0 }
    END {
      if (value == "NAME" && text ~ /: /) {
        sub(/.*: /, "", text)
        sub(/ *\[.*/, "", text)
        gsub(/,/, " ", text)
        print text
      } else if (value ~ /\|/) {
        gsub(/\|/, " ", value)
        print value
      }
    }'
}

_pushforward() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} help values
  [ "$word" = = ] && word=
  [ "$previous" = = ] && previous=${COMP_WORDS[COMP_CWORD - 2]}
  help=$("$1" --help 2>/dev/null) || return
  COMPREPLY=()
  if [[ $word == -* ]]; then
    values=$(grep -oE -- '^  (-[a-zA-Z0-9], )?--[a-z0-9-]+' <<<"$help" | grep -oE -- '--[a-z0-9-]+')
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
  elif [[ $previous == --* ]]; then
    values=$(_pushforward_values "$previous" <<<"$help")
    [ -n "$values" ] && mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
  fi
}

complete -o default -F _pushforward tensor-gen tensor-import tensor-export tensor-plot \
  flow-train flow-sample score-train ddgan-train langevin-sample sobolev-descent logdensity fid-eval
