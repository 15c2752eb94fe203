#!/usr/bin/env bash
# Times one epoch of KuaiRand, and prepare + epoch + evaluate, of esmm beside pandas and plain PyTorch with the same
# fields, in turns:
#   scripts/bench_kuairand.sh [--env FOLDER] [--out FOLDER] [--rounds N] [--threads N]
# ESMM_DATA=<folder> holds kuairand-pure/; without it nothing is done. The Python environment is that of bench_peers.sh,
# and made where it is missing. Writes kuairand.md and kuairand.json to --out (default: build/bench_kuairand).
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [[ ! -d ${ESMM_DATA:-}/kuairand-pure ]]; then
  say "skipped: set ESMM_DATA to the folder that holds kuairand-pure (configs/kuairand.yaml says which files)"
  exit 0
fi
environment="${TMPDIR:-/tmp}/bench_peers"
out="$ESMM_BUILD/bench_kuairand"
arguments=()
while (($#)); do
  case "$1" in
  --env) environment="$2" && shift 2 ;;
  --out) out="$2" && shift 2 ;;
  --rounds | --threads) arguments+=("$1" "$2") && shift 2 ;;
  *) fail "unknown argument $1; --help tells which there are" ;;
  esac
done

peers="$ESMM_ROOT/scripts/bench_peers"
python_environment "$environment" "$peers/dependencies.txt" "$peers/peers.txt"
"$ESMM_ROOT/scripts/build.sh" release esmm
"$environment/bin/python" "$ESMM_ROOT/scripts/bench_kuairand/main.py" --esmm "$ESMM_BUILD/release/bin/esmm" \
  --config "$ESMM_ROOT/configs/kuairand.yaml" --data "$ESMM_DATA" --out "$out" "${arguments[@]}"
