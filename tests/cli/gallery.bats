# data/gallery.sh: the pictures of README.md.

load common

@test "the gallery's pictures are drawn, those that README shows" {
  BIN=$PUSHFORWARD_BIN FASTER=20 sh "$PUSHFORWARD_SOURCE/data/gallery.sh" out >log 2>&1 ||
    complain "$(tail -n 3 log)"
  no_complaints
  (cd out && ls -- *.png) >drawn
  grep -o 'gallery/[a-z]*\.png' "$PUSHFORWARD_SOURCE/README.md" | sed 's/.*\///' | sort -u >shown
  diff drawn shown
}
