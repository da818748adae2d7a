# shellcheck shell=sh
# Shared by tests/run.sh and data/demo.sh, which read it with `.` from the top of the sources:
# Debian's packages, and a release build in build/.

# need PACKAGE...: installs what the build and the caller need and is missing, when that is allowed;
# otherwise names it and leaves.
need() {
  command -v dpkg-query >/dev/null || return 0 # not Debian: cmake will say what it does not find
  set -- cmake g++ ninja-build pkg-config libboost-program-options-dev libxtensor-dev \
    libxtensor-blas-dev libxsimd-dev libopenblas-pthread-dev liblapacke-dev libdnnl-dev \
    libhdf5-dev libstb-dev librandom123-dev zlib1g-dev libjpeg62-turbo-dev libpng-dev libzip-dev \
    nlohmann-json3-dev libpango1.0-dev libgif-dev fonts-dejavu-core "$@"
  for package; do
    shift
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || state=none
    [ "$state" = installed ] || set -- "$@" "$package"
  done
  [ $# -gt 0 ] || return 0
  if [ "$(id -u)" -eq 0 ]; then
    as_root=
  elif sudo -n true 2>/dev/null; then
    as_root='sudo -n'
  else
    echo "missing packages; install them with: apt-get install $*" >&2
    exit 1
  fi
  echo "installing $*"
  $as_root apt-get update -q || exit 1
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" ||
    exit 1
}

# build [CMAKE_ARGUMENT...]: configures build/ and builds all of it.
build() {
  if [ ! -f build/CMakeCache.txt ] && command -v ninja >/dev/null; then
    set -- -G Ninja "$@"
  fi
  cmake -S . -B build -DCMAKE_BUILD_TYPE=Release "$@" || exit 1
  cmake --build build --parallel "$(nproc)" || exit 1
}
