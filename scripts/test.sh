#!/usr/bin/env bash
# Sets up, builds the release preset and runs all of its tests. Arguments go to ctest: scripts/test.sh -R metrics
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

"$ESMM_ROOT/scripts/setup.sh"
lock setup shared
lock release
"$ESMM_ROOT/scripts/build.sh" release
ctest --test-dir "$ESMM_BUILD/release" --output-on-failure "$@"
