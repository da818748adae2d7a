# Debian's package: what is in it, what it depends on, and that its programs run where it puts them.

load common

@test "the package holds programs that run, and depends on what they load" {
  command -v dpkg-shlibdeps >/dev/null && command -v file >/dev/null || skip 'needs dpkg-dev and file'
  cpack --config "$PUSHFORWARD_BIN/../CPackConfig.cmake" -B "$PWD/made" >log 2>&1 ||
    complain "$(cat log)"
  dpkg-deb -x made/pushforward_*.deb root
  PATH=${PATH#"$PUSHFORWARD_BIN":}
  for program in $(programs); do
    "root/usr/bin/$program" --version | grep -q "^$program " || complain "$program does not run"
    [ -s "root/usr/share/man/man1/$program.1" ] || complain "$program has no page"
  done
  # Found where it was put, not where it was built.
  root/usr/bin/tensor-gen moons -n 100 -o rows.h5
  LD_DEBUG=libs root/usr/bin/score-train -q rows.h5 --steps 2 --precision bf16 -o model.h5 2>loaded
  grep -q "calling init: .*/root/usr/.*/pushforward-onednn.so" loaded || complain 'oneDNN is not loaded'
  find root -name pushforward-onednn.so -delete
  outcome root/usr/bin/score-train -q rows.h5 --steps 2 --precision bf16 -o other.h5
  [ "$status" -eq 1 ] && [ ! -e other.h5 ] && grep -q '^score-train: oneDNN cannot be loaded: ' err ||
    complain "without oneDNN: status $status: $(cat err)"
  dpkg-deb -f made/pushforward_*.deb Depends >depends
  for library in libopenblas0-pthread libhdf5 libboost-program-options libdnnl libpango libzip4 \
    libjpeg62-turbo fonts-dejavu-core; do
    grep -q "$library" depends || complain "no dependency on $library: $(cat depends)"
  done
  no_complaints
}
