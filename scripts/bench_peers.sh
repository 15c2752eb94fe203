#!/usr/bin/env bash
# Times other ways to train an ESMM beside esmm's, on this machine, in turns, on the same batches:
#   scripts/bench_peers.sh [--env FOLDER] [--out FOLDER] [--cases ids25,…] [--rounds N] [--threads N]
# Plain PyTorch, DeepCTR-Torch, torch-rechub, fbgemm and torchrec are installed, pinned, into a Python environment of
# their own (--env; default: bench_peers in $TMPDIR, 6 GB), which a second run finds there. Writes peers.md and
# peers.json to --out (default: build/bench_peers); a second run replaces the cases that it measures.
# Each system runs with the number of threads that suits it best, is warmed up, and counts by its median.
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

environment="${TMPDIR:-/tmp}/bench_peers"
out="$ESMM_BUILD/bench_peers"
arguments=()
while (($#)); do
  case "$1" in
  --env) environment="$2" && shift 2 ;;
  --out) out="$2" && shift 2 ;;
  --cases | --rounds | --threads) arguments+=("$1" "$2") && shift 2 ;;
  *) fail "unknown argument $1; --help tells which there are" ;;
  esac
done

folder="$ESMM_ROOT/scripts/bench_peers"
python_environment "$environment" "$folder/dependencies.txt" "$folder/peers.txt"
"$ESMM_ROOT/scripts/build.sh" release esmm-bench
"$environment/bin/python" "$folder/main.py" --bench "$ESMM_BUILD/release/bin/esmm-bench" --out "$out" "${arguments[@]}"
say "$out/peers.md and peers.json hold all cases"
