#!/usr/bin/env bash
# Builds the asan-ubsan preset and runs the unit tests under it. Arguments go to ctest. Not part of scripts/test.sh.
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

"$ESMM_ROOT/scripts/setup.sh"
lock setup shared
lock asan-ubsan
"$ESMM_ROOT/scripts/build.sh" asan-ubsan
suppressions="$ESMM_ROOT/scripts/sanitizers"
export ASAN_OPTIONS="detect_stack_use_after_return=1:check_initialization_order=1:strict_string_checks=1:${ASAN_OPTIONS:-}"
export LSAN_OPTIONS="suppressions=$suppressions/lsan.supp:print_suppressions=0:${LSAN_OPTIONS:-}"
export UBSAN_OPTIONS="suppressions=$suppressions/ubsan.supp:halt_on_error=1:print_stacktrace=1:${UBSAN_OPTIONS:-}"
ctest --test-dir "$ESMM_BUILD/asan-ubsan" --output-on-failure --label-regex unit "$@"
