#!/usr/bin/env bash
# Builds a preset with sanitizers and runs all tests under it. Not part of scripts/test.sh.
#   scripts/sanitize.sh                    asan-ubsan, then tsan
#   scripts/sanitize.sh asan-ubsan         addresses, undefined behaviour, the standard library's own checks
#   scripts/sanitize.sh tsan -R '^data$'   threads; what follows the preset goes to ctest
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

presets=(asan-ubsan tsan)
if (($#)); then
  case "$1" in
  asan-ubsan | tsan) presets=("$1") && shift ;;
  *) fail "no such preset: $1; there are asan-ubsan and tsan" ;;
  esac
fi

suppressions="$ESMM_ROOT/scripts/sanitizers"
export ASAN_OPTIONS="detect_stack_use_after_return=1:check_initialization_order=1:strict_string_checks=1:${ASAN_OPTIONS:-}"
export LSAN_OPTIONS="suppressions=$suppressions/lsan.supp:print_suppressions=0:${LSAN_OPTIONS:-}"
export UBSAN_OPTIONS="suppressions=$suppressions/ubsan.supp:halt_on_error=1:print_stacktrace=1:${UBSAN_OPTIONS:-}"
export TSAN_OPTIONS="suppressions=$suppressions/tsan.supp:second_deadlock_stack=1:${TSAN_OPTIONS:-}"
"$ESMM_ROOT/scripts/setup.sh"
lock setup shared
for preset in "${presets[@]}"; do
  lock "$preset"
  "$ESMM_ROOT/scripts/build.sh" "$preset"
  ctest --test-dir "$ESMM_BUILD/$preset" --output-on-failure "$@"
done
