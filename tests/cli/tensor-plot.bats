# tensor-plot: pictures have the size asked for and show what they should; what cannot be drawn is
# refused.

load common

make_files() {
  tensor-gen moons -n 300 --seed 1 -o moons.h5
  tensor-gen 8gaussians --model -o ring.model.h5
  tensor-gen 8gaussians -n 400 -o ring.h5
}

make_films() {
  flow-train moons.h5 --layers 2 --hidden 8 --steps 50 --trajectory film.h5 --trajectory-every 10 \
    --trajectory-rows 50 -o unused.h5
  tensor-gen shapes --size 8 -n 100 -o shapes.h5
  flow-train shapes.h5 -q --layers 2 --hidden 8 --steps 5 --trajectory images.h5 \
    --trajectory-every 2 --trajectory-rows 9 -o unused.h5
  rm unused.h5 shapes.h5
}

make_chains() {
  langevin-sample -m ring.model.h5 -n 120 --chains 3 --step-size 0.02 -o chains.h5
  langevin-sample -m ring.model.h5 -n 10 --steps 30 --step-size 0.02 --trajectory paths.h5 \
    -o ends.h5
}

# size PICTURE: its width and height, from the header of the PNG file.
size() {
  od -An -tu1 -j 16 -N 8 "$1" | awk '{ print ($3 * 256 + $4) "x" ($7 * 256 + $8) }'
}

# is_png PICTURE: signature, first chunk, last chunk.
is_png() {
  [ "$(od -An -tx1 -N 16 "$1" | tr -d ' \n')" = 89504e470d0a1a0a0000000d49484452 ] &&
    [ "$(tail -c 12 "$1" | od -An -tx1 | tr -d ' \n')" = 0000000049454e44ae426082 ]
}

# pixels PICTURE: its values, 0 to 255, a line each: all of red, then green, then blue, each row by row.
pixels() {
  tensor-import --rgb "$1" -o pixels.h5
  tensor-export --format csv pixels.h5 | tail -n 1 | tr ',' '\n' >pixels
}

# dark_column FROM TO STEP: the first column of a picture of width 240 that is dark at half height.
dark_column() {
  awk -v from="$1" -v to="$2" -v step="$3" '{ v[NR - 1] = $1 }
    END { for (x = from; x != to; x += step) if (v[120 * 240 + x] < 100) { print x; exit } }' pixels
}

@test "every kind gives a PNG of the size asked for, and no other files" {
  make_files
  tensor-gen gaussian --dim 3 -n 200 -o wide.h5
  tensor-gen gaussian --dim 3 -n 6000 --seed 1 -o more.h5
  tensor-gen gaussian --dim 3 --model -o wide.model.h5
  tensor-gen moons -n 50 --label -o two.h5
  flow-train moons.h5 --layers 2 --hidden 8 --steps 40 --log run.tsv -o flow.h5
  score-train moons.h5 --hidden 8 --steps 20 -o score.h5
  make_films
  make_chains
  mkdir pictures
  while read -r arguments; do
    # shellcheck disable=SC2086
    outcome tensor-plot $arguments --size 320x240 -o pictures/a.png
    [ "$status" -eq 0 ] || complain "$arguments: status $status: $(cat err)"
    [ ! -s err ] && [ ! -s out ] || complain "$arguments: speaks: $(cat err)"
    is_png pictures/a.png || complain "$arguments: no PNG"
    [ "$(size pictures/a.png)" = 320x240 ] || complain "$arguments: size $(size pictures/a.png)"
    rm -f pictures/a.png
  done <<'END'
moons.h5
--kind scatter moons.h5 ring.h5
--kind hist2d --log moons.h5
--kind hist moons.h5
--kind hist --log --range -1:1 moons.h5
--kind hist --x-column 1 moons.h5 wide.h5
--x-column 2 --y-column 0 wide.h5
-m ring.model.h5
-m ring.model.h5 --sigma 0.5 --log
-m flow.h5 moons.h5
-m flow.h5 --kind score moons.h5 --overlay
-m flow.h5 -m ring.model.h5 --overlay ring.h5 --title a --title b
-m score.h5
-m score.h5 --sigma 0.2 --log
-m score.h5 --kind density moons.h5
flow.h5
--kind curve run.tsv flow.h5 --title all
run.tsv --log
run.tsv --columns step,loss
run.tsv --columns step,grad_norm --kind curve --log --log-x --range 1:100
run.tsv run.tsv --columns step,loss,step --title a --title b
--kind trace chains.h5
--kind trace --x-column 1 --range 0:20 chains.h5
--kind trace --range 0:20,-9:9 --title a --title b paths.h5
--kind rhat chains.h5 paths.h5 --title a --title b
--kind rhat --log --x-column 0 --range 0:20,0.001:1 chains.h5
--kind trajectory paths.h5 film.h5
--kind trajectory --x-column 1 --y-column 0 --range -4:4,-4:4 paths.h5
--kind pairs wide.h5
--kind pairs wide.h5 more.h5 --columns 2,0 --legend a --legend b --title pairs
--kind pairs wide.h5 -m wide.model.h5
--kind pairs -m flow.h5
--kind pairs moons.h5 -m score.h5
moons.h5 ring.h5 --overlay
--kind hist moons.h5 ring.h5 --overlay --legend one --legend two --x-column 1
flow.h5 run.tsv --overlay --log
film.h5 --frames 3
film.h5 --frames 1::2
--label two.h5
--label two.h5 -m ring.model.h5 --overlay
END
  [ -z "$(ls -A pictures)" ] || complain "left: $(ls -A pictures)"
  tensor-plot moons.h5 --width 300 -o a.png
  [[ $(size a.png) = 300x* ]] || complain "--width: $(size a.png)"
  tensor-plot moons.h5 --height 300 -o a.png
  [[ $(size a.png) = *x300 ]] || complain "--height: $(size a.png)"
  no_complaints
}

@test "the same bytes through a pipe, for any number of threads, under any instruction set" {
  make_files
  tensor-plot moons.h5 -o scatter.png
  tensor-plot <moons.h5 >piped.png
  cmp scatter.png piped.png
  tensor-plot -m ring.model.h5 --size 200x180 --threads 1 -o one.png
  tensor-plot -m - --size 200x180 --threads 2 <ring.model.h5 | cat >two.png
  cmp one.png two.png
  PUSHFORWARD_INSTRUCTION_SET=baseline tensor-plot moons.h5 -o baseline.png
  cmp scatter.png baseline.png
}

@test "SVG and PDF by suffix: the same bytes in any second, whatever the locale, for any threads" {
  make_files
  make_films
  while read -r arguments; do
    for format in svg pdf png; do
      # shellcheck disable=SC2086
      outcome tensor-plot $arguments --size 320x240 --threads 2 -o a.$format
      [ "$status" -eq 0 ] || complain "$arguments: status $status: $(cat err)"
      [ ! -s err ] && [ ! -s out ] || complain "$arguments: speaks: $(cat err)"
      # shellcheck disable=SC2086
      SOURCE_DATE_EPOCH=1000000000 LC_ALL=de_DE.UTF-8 LANGUAGE=ja TZ=Asia/Tokyo \
        tensor-plot $arguments --size 320x240 --threads 1 -o b.${format^^}
      cmp a.$format b.${format^^} || complain "$arguments: $format differs"
    done
    [ "$(head -c 38 a.svg)" = '<?xml version="1.0" encoding="UTF-8"?>' ] || complain "$arguments: SVG"
    grep -q '<svg .* width="320px" height="240px" viewBox="0 0 320 240"' a.svg ||
      complain "$arguments: SVG of another size"
    [ "$(tail -n 1 a.svg)" = '</svg>' ] || complain "$arguments: end of SVG"
    [ "$(head -c 5 a.pdf)" = %PDF- ] || complain "$arguments: PDF"
    [ "$(grep -ac '/MediaBox \[ 0 0 240 180 \]' a.pdf)" -eq 1 ] || complain "$arguments: pages of PDF"
    [ "$(tail -n 1 a.pdf)" = %%EOF ] || complain "$arguments: end of PDF"
  done <<'END'
moons.h5 --title größe
-m ring.model.h5 moons.h5 --log
-m ring.model.h5 moons.h5 --kind score --overlay
--kind hist moons.h5
film.h5
images.h5
END
  no_complaints
}

@test "densities and many points keep SVG and PDF small" {
  make_files
  tensor-gen 8gaussians -n 100000 -o many.h5
  while read -r images most arguments; do
    # shellcheck disable=SC2086
    tensor-plot $arguments -o a.svg
    # shellcheck disable=SC2086
    tensor-plot $arguments -o a.pdf
    [ "$(grep -c '<image ' a.svg)" -eq "$images" ] || complain "$arguments: $(grep -c '<image ' a.svg) images"
    for file in a.svg a.pdf; do
      [ "$(wc -c <$file)" -lt "$most" ] || complain "$arguments: $file has $(wc -c <$file) bytes"
    done
  done <<'END'
0 200000 moons.h5
1 3000000 --kind scatter many.h5
2 500000 --kind hist2d many.h5
2 1500000 -m ring.model.h5
END
  no_complaints
}

# fonts NAME...: fontconfig finds the DejaVu fonts of these names alone, and cannot write a cache.
fonts() {
  mkdir -p fonts
  rm -f fonts/*
  for name; do ln -s "/usr/share/fonts/truetype/dejavu/$name.ttf" fonts; done
  printf '<?xml version="1.0"?>\n<fontconfig><dir>%s/fonts</dir><cachedir>/proc/none</cachedir>\n' \
    "$PWD" >fonts.conf
  printf '<unknown/></fontconfig>\n' >>fonts.conf
  export FONTCONFIG_FILE=$PWD/fonts.conf
}

@test "without its font another is named, without any there is no picture" {
  make_files
  fonts DejaVuSerif
  outcome tensor-plot moons.h5 -o serif.png
  [ "$status" -eq 0 ] && is_png serif.png || complain "serif: status $status"
  [ "$(cat err)" = 'tensor-plot: warning: the font DejaVu Sans is not installed (Debian: fonts-dejavu-core); DejaVu Serif is drawn in its place' ] ||
    complain "serif: $(cat err)"
  outcome tensor-plot -q moons.h5 -o quiet.png
  [ "$status" -eq 0 ] && [ ! -s err ] && cmp serif.png quiet.png || complain "quiet: $(cat err)"
  fonts
  remember_files
  for name in p.png p.svg p.pdf; do
    outcome tensor-plot moons.h5 -o $name
    expect_failure 1 tensor-plot "no fonts $name"
    grep -q 'no font is installed.*fonts-dejavu-core' err || complain "$(cat err)"
  done
  no_complaints
}

@test "what Fontconfig and GLib would say is not heard, and no files are left" {
  make_files
  tensor-plot moons.h5 --title a -o usual.png
  fonts DejaVuSans
  plot=$(command -v tensor-plot)
  mkdir home
  chmod 500 home
  for environment in '' 'HOME=/nonexistent' "HOME=$PWD/home" 'XDG_CACHE_HOME=/proc/none' \
    'G_MESSAGES_DEBUG=all' 'SOURCE_DATE_EPOCH=0'; do
    # shellcheck disable=SC2086
    outcome env -i FONTCONFIG_FILE="$FONTCONFIG_FILE" $environment "$plot" moons.h5 --title a -o -
    [ "$status" -eq 0 ] && [ ! -s err ] || complain "$environment: $(cat err)"
    cmp out usual.png || complain "$environment: another picture"
    env -i $environment "$plot" moons.h5 --title a 2>err | cmp - usual.png && [ ! -s err ] ||
      complain "$environment, usual fonts: $(cat err)"
  done
  [ -z "$(ls -A home)" ] || complain "left in HOME: $(ls -A home)"
  no_complaints
}

@test "any text is drawn: other scripts, markup, bytes that are not UTF-8, a long title" {
  make_files
  for title in größe '<b>a & b' 'Σ x² ≤ 1' "$(printf 'a%0999d' 1)"; do
    for format in png svg pdf; do
      outcome tensor-plot moons.h5 --title "$title" -o a.$format
      [ "$status" -eq 0 ] && [ ! -s err ] || complain "$title: $(cat err)"
    done
  done
  for title in $'a\xffb' $'a\xedb' $'a\xc0b'; do
    outcome tensor-plot moons.h5 --title "$title" -o wrong.png
    [ "$status" -eq 0 ] && [ ! -s err ] || complain "wrong UTF-8: $(cat err)"
    tensor-plot moons.h5 --title 'a�b' | cmp - wrong.png || complain 'no replacement character'
  done
  # Boxes are drawn for what no font has, and said so once.
  fonts DejaVuSans
  printf '温度,größe\n1,2\n3,5\n' | tensor-import - -o named.h5
  outcome tensor-plot named.h5 named.h5 -o boxes.png
  [ "$status" -eq 0 ] && is_png boxes.png || complain "boxes: status $status"
  [ "$(cat err)" = 'tensor-plot: warning: no installed font has all characters of "温度"; boxes are drawn' ] ||
    complain "boxes: $(cat err)"
  no_complaints
}

@test "no other program loads Cairo or Pango" {
  for program in "$PUSHFORWARD_BIN"/*; do
    found=0
    ldd "$program" | grep -q 'libcairo\|libpango' || found=1
    case $program in
      */tensor-plot) [ $found -eq 0 ] || complain 'tensor-plot does not' ;;
      *) [ $found -eq 1 ] || complain "$program does" ;;
    esac
  done
  no_complaints
}

@test "a film has a panel, or a line of pictures, for each frame" {
  make_files
  make_films
  langevin-sample -m ring.model.h5 -n 40 --steps 30 --trajectory chains.h5 --trajectory-every 10 \
    -o unused.h5
  while read -r size arguments; do
    # shellcheck disable=SC2086
    outcome tensor-plot $arguments -o film.png
    [ "$status" -eq 0 ] || complain "$arguments: status $status: $(cat err)"
    [ ! -s err ] && [ ! -s out ] || complain "$arguments: speaks: $(cat err)"
    is_png film.png || complain "$arguments: no PNG"
    [[ $(size film.png) = $size ]] || complain "$arguments: size $(size film.png)"
  done <<'END'
700x500 film.h5 --size 700x500
700x* film.h5 --width 700 --kind film --x-column 1 --y-column 0
700x500 film.h5 --size 700x500 --range -1:1,-2:2 --title moons
700x500 chains.h5 --size 700x500
900x400 images.h5 --size 900x400
*x400 images.h5 --height 400 --title shapes
700x500 images.h5 --size 700x500 --x-column 3 --y-column 9
END
  # Four lines of nine 8x8 pictures, a pixel taking 7x7.
  tensor-plot images.h5 -o film.png
  tensor-plot <images.h5 | cmp - film.png
  IFS=x read -r width height < <(size film.png)
  [ "$height" -eq $((12 + 4 * 62 - 6 + 12)) ] || complain "height $height"
  pixels film.png
  # Along the first line of pictures: how often a column that is all white follows one that is not.
  awk -v w="$width" '{ v[NR - 1] = $1 }
    END {
      was = 1
      for (x = 60; x < w; ++x) {
        white = 1
        for (y = 12; y < 68; ++y) if (v[y * w + x] < 255) white = 0
        if (white && !was) ++pictures
        was = white
      }
      exit pictures != 9
    }' pixels || complain "not nine pictures"
  no_complaints
}

@test "a trace is a line of its colour for each chain, where its draws are" {
  # Steps so short that the chains stay where they begin: the first high, the second low.
  tensor-gen gaussian --model -o normal.h5
  printf '1,0\n-3,0\n' | tensor-import --header no - -o start.h5
  langevin-sample -m normal.h5 --init start.h5 --chains 2 -n 200 --burn-in 0 --step-size 1e-12 \
    -o still.h5
  tensor-plot still.h5 --kind trace --x-column 0 --range 0:100,-4:4 --size 400x240 -o still.png
  tensor-plot --kind trace --x-column 0 --range 0:100,-4:4 --size 400x240 <still.h5 | cmp - still.png
  pixels still.png
  # The rows of the picture that are mostly blue, and mostly orange; the frame's above and below.
  awk -v w=400 -v n=96000 '{ v[NR - 1] = $1 }
    END {
      for (y = 0; y < 240; ++y) {
        blue = orange = dark = 0
        for (x = 0; x < w; ++x) {
          r = v[y * w + x]; g = v[n + y * w + x]; b = v[2 * n + y * w + x]
          if (b - r > 60) ++blue
          if (r - b > 60) ++orange
          if (r < 100 && g < 100 && b < 100) ++dark
        }
        if (blue > 300) { at_blue += y; ++blues }
        if (orange > 300) { at_orange += y; ++oranges }
        if (dark > 300 && !top) top = y
        if (dark > 300) bottom = y
      }
      if (!blues || !oranges) exit 1
      high = (bottom - at_blue / blues) / (bottom - top)
      low = (bottom - at_orange / oranges) / (bottom - top)
      print high, low
      exit !(high > 0.61 && high < 0.64 && low > 0.11 && low < 0.14)
    }' pixels
}

@test "points are where the rows are" {
  # One row in the middle of the lower left quarter.
  echo '1,1' | tensor-import --header no - -o row.h5
  tensor-plot row.h5 --kind scatter --range 0:4,0:4 --size 240x240 -o row.png
  pixels row.png
  # The one blue dot; axes and text are grey, red about as strong as blue.
  awk -v w=240 -v n=57600 '{ v[NR - 1] = $1 }
    END {
      for (i = 0; i < n; ++i)
        if (v[2 * n + i] - v[i] > 60) { x += i % w; y += int(i / w); ++count }
      printf "%d %.1f %.1f\n", count, x / count, y / count
    }' pixels >found
  read -r count x y <found
  [ "$count" -ge 9 ] && [ "$count" -le 60 ]
  left=$(dark_column 60 0 -1)
  right=$(dark_column 200 240 1)
  # A quarter of the panel's width from its left side, and in the picture's lower half.
  awk -v x="$x" -v left="$left" -v right="$right" -v y="$y" 'BEGIN {
    f = (x - left) / (right - left)
    exit !(f > 0.24 && f < 0.26 && y > 140 && y < 180)
  }'
}

@test "a density is bright at the modes and dark between them" {
  make_files
  tensor-plot -m ring.model.h5 --range=-4:4,-4:4 --size 300x260 -o density.png
  pixels density.png
  # Yellow, the ramp's light end, in the middle of the modes; dark violet around them.
  awk -v w=300 -v h=260 '{ v[NR - 1] = $1 }
    END {
      n = w * h
      for (y = 0; y < h; ++y)
        for (x = 40; x < 230; ++x) {
          g = v[n + y * w + x]; r = v[y * w + x]; b = v[2 * n + y * w + x]
          if (g > 225 && b < 120 && r > 200) ++bright
          if (g < 30 && b > 60 && r < 60) ++dark
        }
      print bright, dark
      exit !(bright > 100 && bright < 3000 && dark > 10000)
    }' pixels
}

@test "a log that is still being written is drawn, a damaged one refused" {
  printf 'step\tseconds\tloss\tvalidation\tlr\tgrad_norm\n' >run.tsv
  remember_files
  outcome tensor-plot run.tsv -o run.png
  expect_failure 1 tensor-plot "no rows yet"
  printf '100\t0.1\t3\t\t0.1\t1\n' >>run.tsv
  tensor-plot run.tsv -o run.png
  is_png run.png
  rm run.png
  printf '200\t0.2\tx\t\t0.1\t1\n' >>run.tsv
  remember_files
  outcome tensor-plot run.tsv -o run.png
  expect_failure 1 tensor-plot "no number"
  grep -q 'run.tsv: line 3: "x" is no number' err
  no_complaints
}

@test "curves of a table lie where its numbers say, in the colours of their names" {
  # On logarithmic axes both names lie on the diagonal; b in the second half alone, and only there
  # does it hide a.
  printf 'name\ty\tx\na\t1\t1\na\t100\t100\nb\t10\t10\nb\t-\t20\nb\t100\t100\na\tnan\t7\n' >t.tsv
  tensor-plot t.tsv --columns x,y,name --log --log-x --range 1:100,1:100 --size 240x240 -o t.png
  tensor-plot --columns x,y,name --log --log-x --range 1:100,1:100 --size 240x240 <t.tsv | cmp - t.png
  pixels t.png
  # Blue and orange pixels below the diagonal's middle, and orange ones above it and the legend.
  awk -v w=240 -v n=57600 '{ v[NR - 1] = $1 }
    END {
      for (i = 0; i < n; ++i) {
        y = int(i / w); r = v[i]; b = v[2 * n + i]
        if (b - r > 60 && y > 115) ++below
        if (r - b > 60 && y > 115) ++orange_below
        if (r - b > 60 && y > 65 && y < 105) ++orange_above
      }
      print below, orange_below, orange_above
      exit !(below > 60 && orange_below < 40 && orange_above > 20)
    }' pixels
  # A name keeps its colour where a panel begins with another.
  printf 'name\ty\tx\nb\t10\t10\nb\t100\t100\n' >b.tsv
  tensor-plot t.tsv b.tsv --columns x,y,name --size 700x300 -o two.png
  pixels two.png
  awk -v w=700 -v n=210000 '{ v[NR - 1] = $1 }
    END {
      for (i = 0; i < n; ++i)
        if (i % w > 400) { if (v[2 * n + i] - v[i] > 60) ++blue; if (v[i] - v[2 * n + i] > 60) ++orange }
      exit !(blue == 0 && orange > 60)
    }' pixels
}

@test "what a picture needs and is not there" {
  make_files
  tensor-gen gaussian --dim 3 -n 20 -o wide.h5
  tensor-gen gaussian --dim 3 --model -o wide.model.h5
  tensor-gen funnel --model -o funnel.model.h5
  tensor-gen gaussian --dim 1 -n 20 -o line.h5
  tensor-gen shapes -n 5 --size 8 -o images.h5
  tensor-gen gaussian --dim 9 -n 20 -o tall.h5
  score-train moons.h5 --hidden 8 --steps 2 -o score.h5
  tensor-gen gaussian --dim 1 -n 100 | flow-train --flow planar --steps 2 --trajectory thin.h5 -o thin.model.h5
  make_chains
  score-train moons.h5 --objective ism --hidden 8 --steps 2 -o one.h5
  langevin-sample -m ring.model.h5 -n 10 --chains 2 -o short.h5
  printf 'x\ty\n1\t-\n2\tnan\n' >empty.tsv
  printf 'x\ty\n1\t2\n2\t-3\n' >table.tsv
  printf 'x\ty\n-1\t2\n3\n' >short.tsv
  { printf 'x\ty\n'; for i in $(seq 17); do printf '%s\t1\n' "$i"; done; } >many.tsv
  remember_files
  while IFS='|' read -r arguments message; do
    # shellcheck disable=SC2086
    outcome tensor-plot $arguments -o a.png
    expect_failure 1 tensor-plot "$arguments"
    grep -q -- "$message" err || complain "$arguments: $(cat err)"
  done <<'END'
--kind scatter line.h5|line.h5: /x has rows of 1 number; two are needed
images.h5|images.h5: /x has rows of shape \[1, 8, 8\]; choose
--x-column 3 wide.h5|wide.h5: --x-column 3: there is no such column; rows have 3 numbers, columns 0 to 2
--label --kind scatter moons.h5|moons.h5: no dataset /label
--kind curve moons.h5|moons.h5: no training log
--kind curve ring.model.h5|ring.model.h5: no training log
--kind scatter ring.model.h5|ring.model.h5: no dataset /x
-m moons.h5|moons.h5: not a model
-m wide.model.h5|wide.model.h5: the model's rows have 3 numbers
-m one.h5 --kind density|one.h5: was trained at one noise level
-m score.h5 --sigma 1e6|score.h5: was trained for noise levels
-m funnel.model.h5 --sigma 1|funnel.model.h5: .*--sigma needs a mixture
-m ring.model.h5 --range 1000:1001,0:1|the density is 0 everywhere
--kind hist --range 50:60 moons.h5|no row lies in the range
--kind film moons.h5|moons.h5: /x has shape \[300, 2\], and no dataset /step or /trajectory/step
--kind film ring.model.h5|ring.model.h5: no dataset /x
thin.h5|thin.h5: --y-column 1: there is no such column; rows have 1 number, column 0
--kind trace moons.h5|moons.h5: no attribute chains says
--kind rhat moons.h5|moons.h5: no attribute chains says
--kind rhat ends.h5|ends.h5: 10 chains of one row each
--kind rhat short.h5|short.h5: 5 draws of a chain; R-hat needs 8
--kind trace --x-column 2 chains.h5|chains.h5: --x-column 2: there is no such column
--kind trace thin.h5|thin.h5: holds the frames of a training run
--kind trajectory moons.h5|moons.h5: .*--kind trajectory draws what --trajectory
--kind trajectory --y-column 2 paths.h5|paths.h5: --y-column 2: there is no such column
--columns x,y empty.tsv|empty.tsv: no row has numbers in both x and y
--columns x,z table.tsv|table.tsv: line 1: no column z
--columns x,y short.tsv|short.tsv: line 3: 1 fields, the first line has 2
--columns y,x --log-x --range 1:2 missing.tsv|missing.tsv
--columns x,y,x many.tsv|many.tsv: 17 curves; at most 16
--columns x,y moons.h5|moons.h5: line 1: no column x
--kind pairs line.h5|line.h5: a pair plot is of two columns or more
--kind pairs tall.h5|tall.h5: 9 columns; a pair plot is of 8 at most, choose them with --columns
--kind pairs wide.h5 moons.h5|moons.h5: rows of 2 numbers, where wide.h5 has 3
--kind pairs -m wide.model.h5 moons.h5|wide.model.h5: the model's rows have 3 numbers, those of moons.h5 have 2
--kind pairs -m funnel.model.h5|funnel.model.h5: .*give those that langevin-sample draws
--kind pairs -m one.h5|one.h5: .*give those that langevin-sample draws
--kind pairs --columns 0,mass wide.h5|wide.h5: --columns mass: there is no such column
--kind film --frames 0:50 thin.h5|thin.h5: has [0-9]* frames, counted from 0; --frames
missing.h5|missing.h5
END
  no_complaints
}

@test "a suffix that names another format is status 2, and nothing is written" {
  make_files
  remember_files
  for name in p.jpg p.csv p.h5 p.JPG; do
    outcome tensor-plot moons.h5 -o $name
    expect_failure 2 tensor-plot $name
    grep -q "^tensor-plot: option --output: $name: PNG, SVG, PDF, GIF or APNG is written, .*; name it p.png" err ||
      complain "$(cat err)"
  done
  outcome tensor-plot moons.h5 -o p.tiff
  expect_failure 2 tensor-plot p.tiff
  grep -q 'p.tiff: the suffix names no format of pictures; name it p.png' err || complain "$(cat err)"
  mkdir folder.pdf
  for name in p.png P.PNG picture folder.pdf/picture; do
    tensor-plot moons.h5 -o $name && is_png $name || complain "$name"
  done
  tensor-plot moons.h5 | cmp - p.png || complain 'standard output'
  no_complaints
}

@test "tables with any separator are drawn, and what tensor-export writes" {
  make_files
  tensor-export moons.h5 -o comma.csv
  tensor-export moons.h5 -o tab.tsv
  tr , ';' <comma.csv >semicolon.csv
  tr , ' ' <comma.csv >blank.txt
  tensor-plot tab.tsv --columns x_0,x_1 --title t -o tab.png
  for table in comma.csv semicolon.csv blank.txt; do
    tensor-plot $table --columns x_0,x_1 --title t -o one.png && cmp one.png tab.png ||
      complain "$table"
  done
  tensor-plot comma.csv --columns x_0,x_1 --title t --kind scatter -o points.png
  is_png points.png || complain 'scatter of a table'
  ! cmp -s points.png tab.png || complain 'points are joined'
  remember_files
  printf 'x,y\n1,2\n1e300,4\n' >huge.csv
  ls -A >before
  outcome tensor-plot --columns x,y huge.csv -o a.png
  expect_failure 1 tensor-plot huge
  grep -q '^tensor-plot: huge.csv: line 3: a number beyond 1e100' err || complain "$(cat err)"
  outcome tensor-plot --columns x_0,x_9 comma.csv -o a.png
  expect_failure 1 tensor-plot comma
  grep -q 'comma.csv: line 1: no column x_9' err || complain "$(cat err)"
  no_complaints
}

@test "axes carry the names of columns" {
  printf 'width,height\n1,2\n3,5\n2,2\n' | tensor-import - -o named.h5
  printf '1,2\n3,5\n2,2\n' | tensor-import - -o bare.h5
  for kind in scatter 'hist --x-column 1' 'scatter --x-column 1 --y-column 0'; do
    tensor-plot named.h5 --kind $kind -o named.png
    tensor-plot bare.h5 --kind $kind -o bare.png
    ! cmp -s named.png bare.png || complain "$kind"
  done
  no_complaints
}

@test "columns are named, or numbered from 0" {
  printf 'width,height,1\n1,2,7\n3,5,8\n2,2,9\n' | tensor-import - --header yes -o named.h5
  for kind in scatter hist2d; do
    tensor-plot named.h5 --kind $kind --x-column height --y-column width -o a.png
    tensor-plot named.h5 --kind $kind --x-column 1 --y-column 0 -o b.png
    # The name "1" comes before the number 1.
    ! cmp -s a.png b.png || complain "$kind: a number instead of a name"
    tensor-plot named.h5 --kind $kind --x-column 2 --y-column 0 -o c.png
    cmp b.png c.png || complain "$kind"
  done
  tensor-plot named.h5 --kind hist --x-column height -o a.png
  tensor-plot named.h5 --kind pairs --columns height,width -o pairs.png
  outcome tensor-plot named.h5 --x-column depth
  [ "$status" -eq 1 ] || complain "status $status"
  [ "$(cat err)" = 'tensor-plot: named.h5: --x-column depth: there is no such column; rows have 3 numbers, columns 0 to 2: width, height, 1' ] ||
    complain "$(cat err)"
  no_complaints
}

@test "a size in cm is that on paper" {
  make_files
  tensor-plot moons.h5 --size 16x10cm -o a.png
  [ "$(size a.png)" = 1890x1181 ] || complain "$(size a.png)"
  # 300 pixels an inch are 11811 a metre.
  [ "$(od -An -tx1 -j 37 -N 17 a.png | tr -d ' \n')" = 7048597300002e2300002e230178a53f76 ] ||
    complain "$(od -An -tx1 -j 33 -N 21 a.png)"
  tensor-plot moons.h5 --size 16x10cm --dpi 100 -o a.png
  [ "$(size a.png)" = 630x394 ] || complain "$(size a.png)"
  tensor-plot moons.h5 --size 16x10cm -o a.svg
  grep -q '<svg .* width="16cm" height="10cm" viewBox="0 0 604.72' a.svg || complain "$(head -n 2 a.svg)"
  tensor-plot moons.h5 --size 16x10cm -o a.pdf
  grep -aq '/MediaBox \[ 0 0 453.5[0-9]* 283.4[0-9]* \]' a.pdf || complain "$(grep -a MediaBox a.pdf)"
  no_complaints
}

@test "a film as a PNG of each frame, GIF and APNG" {
  make_files
  make_films
  for film in film.h5 images.h5; do
    mkdir frames
    outcome tensor-plot $film -o frames/f-%03d.png --title moons
    [ "$status" -eq 0 ] && [ ! -s err ] && [ ! -s out ] || complain "$film: $(cat err)"
    count=$(tensor-export --summary $film | awk -F '\t' '$1 == "/step" { gsub(/[^0-9]/, "", $2); print $2 }')
    [ "$(ls frames | wc -l)" -eq "$count" ] || complain "$film: $(ls frames | wc -l) frames of $count"
    [ "$(for f in frames/*; do size "$f"; done | sort -u | wc -l)" -eq 1 ] || complain "$film: sizes differ"
    for name in a.gif a.apng a.GIF; do
      outcome tensor-plot $film -o $name --title moons --fps 20
      [ "$status" -eq 0 ] && [ ! -s err ] || complain "$film $name: $(cat err)"
    done
    [ "$(head -c 6 a.gif)" = GIF89a ] && is_png a.apng || complain "$film: formats"
    # A reader of PNG that knows of no motion sees the first frame.
    pixels a.apng && mv pixels first && pixels frames/f-000.png
    cmp first pixels || complain "$film: first frame"
    if python3 -c 'import PIL.Image' 2>/dev/null; then
      python3 - frames a.gif a.apng <<'END' || complain "$film: other frames"
import os, sys
from PIL import Image
folder, *files = sys.argv[1:]
for name in files:
    film, most = Image.open(name), 0
    for i, frame in enumerate(sorted(os.listdir(folder))):
        film.seek(i)
        a, b = film.convert("RGB").tobytes(), Image.open(os.path.join(folder, frame)).convert("RGB").tobytes()
        most = max(most, sum(abs(p - q) for p, q in zip(a, b)) / len(a))
    assert film.n_frames == i + 1, (name, film.n_frames)
    assert most <= (1 if name.endswith("gif") else 0), (name, most)
END
    fi
    rm -r frames
  done
  tensor-plot film.h5 --frames 1:4:2 -o 'two-%d.png'
  [ "$(ls two-* | xargs)" = 'two-0.png two-1.png' ] || complain "$(ls two-*)"
  remember_files
  while read -r output arguments; do
    # shellcheck disable=SC2086
    outcome tensor-plot $arguments -o "$output"
    expect_failure 2 tensor-plot "$output $arguments"
  done <<'END'
a-%d.svg film.h5
a-%d.gif film.h5
a-%d-%d.png film.h5
b.gif moons.h5
b-%d.png moons.h5
b.gif --kind trajectory film.h5
b.gif film.h5 --title a --title b
END
  no_complaints
}

@test "a legend covers nothing and names what is drawn" {
  make_files
  # The classes of the file, and their names where it has them.
  mkdir -p folder
  printf 'x,y,kind\n0,0,cat\n1,1,dog\n0,1,emu\n' | tensor-import - --label-column kind -o named.h5
  printf 'x,y,kind\n0,0,0\n1,1,1\n0,1,2\n' | tensor-import - --label-column kind -o bare.h5
  tensor-plot named.h5 --label -o named.png
  tensor-plot bare.h5 --label -o bare.png
  ! cmp -s named.png bare.png || complain 'names of classes are not shown'
  # The panel is as large and as full with a legend as without.
  tensor-plot moons.h5 moons.h5 --overlay -o twice.png
  tensor-plot moons.h5 --kind scatter -o once.png
  IFS=x read -r width height < <(size twice.png)
  IFS=x read -r one_width one_height < <(size once.png)
  [ "$width" -eq "$one_width" ] && [ "$height" -gt "$one_height" ] || complain "$width x $height"
  # Files of one name are told apart by their folders.
  cp moons.h5 folder
  tensor-plot moons.h5 folder/moons.h5 --overlay -o apart.png
  ! cmp -s apart.png twice.png || complain 'two files of one name'
  tensor-plot moons.h5 folder/moons.h5 --overlay --legend moons.h5 --legend folder/moons.h5 |
    cmp - apart.png || complain '--legend'
  no_complaints
}

@test "options that do not go together" {
  make_files
  make_films
  make_chains
  remember_files
  while read -r arguments; do
    # shellcheck disable=SC2086
    outcome tensor-plot $arguments -o a.png
    expect_failure 2 tensor-plot "$arguments"
  done <<'END'
--kind density moons.h5
--kind scatter -m ring.model.h5
--sigma 1 moons.h5
--overlay moons.h5
--overlay -m ring.model.h5
--x-column 0 -m ring.model.h5
--log moons.h5
--y-column 1 --kind hist moons.h5
--label --kind hist2d moons.h5
--size 100 moons.h5
--size 10x10 moons.h5
--size 100x100 --width 100 moons.h5
--width 10 moons.h5
--width 9000 moons.h5
--range 1:2 moons.h5
--range 2:1,0:1 moons.h5
--range 0:0,0:1 moons.h5
--range 0:nan,0:1 moons.h5
--range 0,1 moons.h5
--title a --title b moons.h5
--log-x moons.h5
--columns x moons.h5
--columns x,y,z,w moons.h5
--columns x,y, moons.h5
--columns x,y --kind hist moons.h5
--columns x,y -m ring.model.h5
--columns x,y --x-column 1 moons.h5
--columns x,y --label moons.h5
--kind film moons.h5 moons.h5
--kind film -m ring.model.h5
--kind film --log film.h5
--kind film --label film.h5
--kind film --range 0:1 film.h5
--kind film --range 0:1,0:1 images.h5
--kind film --size 100x64 images.h5
--kind film --title a --title b film.h5
--kind trace moons.h5 moons.h5
--kind trace --log chains.h5
--kind trace --y-column 1 chains.h5
--kind trace --label chains.h5
--kind trace -m ring.model.h5
--kind trace --title a --title b --title c chains.h5
--kind rhat --y-column 1 chains.h5
--kind rhat --log --range 0:1,0:1 chains.h5
--kind rhat --sigma 1 chains.h5
--kind trajectory --log paths.h5
--kind trajectory --label paths.h5
--kind trajectory --range 0:1 paths.h5
--kind trajectory --overlay paths.h5
--overlay --label moons.h5 ring.h5
--overlay --kind hist2d moons.h5 ring.h5
--overlay --legend a moons.h5 ring.h5
--legend a --legend b moons.h5 ring.h5
--kind pairs --range 0:1,0:1 moons.h5
--kind pairs --label moons.h5
--kind pairs -m ring.model.h5 -m ring.model.h5
--kind pairs --model-label 1 moons.h5
--kind scatter --frames 3 moons.h5
--frames 1 film.h5
--frames 5:2 film.h5
--frames x film.h5
--size 16x10cm --dpi 3000 moons.h5
--size 300x200cm moons.h5
--size 16cm moons.h5
--size 300x200 --dpi 100 moons.h5
--dpi 100 moons.h5
--fps 5 film.h5
- -
-m - -
--size 64x64 moons.h5 moons.h5 moons.h5 moons.h5
END
  no_complaints
}

@test "a full disk and a reader that leaves" {
  make_files
  status=0
  tensor-plot moons.h5 >/dev/full 2>err || status=$?
  [ "$status" -eq 1 ]
  [ "$(wc -l <err)" -eq 1 ]
  tensor-plot moons.h5 2>err | :
  case ${PIPESTATUS[0]} in 0 | 141) ;; *) complain "status ${PIPESTATUS[0]}" ;; esac
  [ ! -s err ] || complain "$(cat err)"
  no_complaints
}
