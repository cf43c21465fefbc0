# What the scripts beside this file share. Sourced, from the root of the project.

say() { printf '%s\n' "$*"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# build TESTS TARGET...: configures build/ where it must and builds. TESTS is ON where they are wanted; a folder that was
# configured with them stays so.
build() {
  local tests=$1; shift
  local cache=build/CMakeCache.txt
  if [ ! -f build/build.ninja ] || { [ "$tests" = ON ] && ! grep -q '^CARAVAN_TESTS:BOOL=ON$' "$cache"; }; then
    say "Configuring build/ (Release)"
    local log
    log=$(mktemp)
    cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCARAVAN_TESTS="$tests" >"$log" 2>&1 ||
      { cat "$log" >&2; rm -f "$log"; fail "configuring failed; see above"; }
    rm -f "$log"
  fi
  if [ -t 1 ]; then
    ninja -C build -j "$(nproc)" "$@" || fail "building failed; see above"
  else
    # Without a terminal a line for each file would bury what matters.
    ninja -C build -j "$(nproc)" --quiet "$@" || fail "building failed; see above"
  fi
}
