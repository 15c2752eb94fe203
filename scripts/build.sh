#!/usr/bin/env bash
# Configures and builds a preset of CMakePresets.json into build/<preset>: scripts/build.sh [preset] [targets…]
#   scripts/build.sh                           release, everything
#   scripts/build.sh release esmm esmm-serve   the programs alone
# ESMM_JOBS: compile jobs at a time; default: one per core and per 2.5 GB of memory.
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

preset="${1:-release}"
folder="$ESMM_BUILD/$preset"
targets=("${@:2}")

lock setup shared
lock "$preset"
cd "$ESMM_ROOT"
fresh=()
if [[ -e $folder/CMakeCache.txt ]] && ! grep --quiet --line-regexp --fixed-strings "CMAKE_HOME_DIRECTORY:INTERNAL=$ESMM_ROOT" "$folder/CMakeCache.txt"; then
  say "build/$preset was made in another place: configuring anew"
  fresh=(--fresh)
fi
log="$ESMM_BUILD/.configure-$preset.log"
if ! cmake --preset "$preset" "${fresh[@]}" "-DESMM_TORCH_DIR=${ESMM_TORCH_DIR:-}" >"$log" 2>&1; then
  cat "$log" >&2
  fail "cmake --preset $preset failed, see above; scripts/setup.sh installs what is missing"
fi
jobs="$(build_jobs)"
say "building ${targets[*]:-everything} in build/$preset, $jobs jobs"
# ${targets[@]/#/…} would lose names with spaces; there are none.
cmake --build "$folder" --parallel "$jobs" ${targets[@]:+--target "${targets[@]}"} >&2 ||
  fail "the build failed, see above"
