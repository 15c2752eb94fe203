#!/usr/bin/env bash
# Everything that a GPU is needed for, in 10 minutes at most and without a network: the tests that are skipped elsewhere,
# CUDA's memory and race checkers over the kernels' tests, speed beside stock LibTorch on the same GPU, and training on
# GPU and CPU from one seed, one resumed and exported on the other. Writes gpu_check.md and gpu_check.json; ends with 0
# where nothing failed of what could be run.
#   scripts/gpu_check.sh [--out FOLDER] [--device cuda:0] [--seconds N] [--dry-run]
# --dry-run: on a pretended GPU (tests/pretended_gpu), for machines without one, in small sizes. It shows that all but
# libesmm_cuda.so works, and says nothing about a GPU's speed.
# --out: default $OUT, else build/gpu_check. With ESMM_DATA=<folder that holds kuairand-pure/> it trains on KuaiRand, else
# on generated logs. It builds only where build/release/bin holds no programs: they can be brought from another machine,
# with the tests and libesmm_cuda.so beside them. LibTorch and Arrow: those of .venv, else of python3's packages.
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

out="${OUT:-$ESMM_BUILD/gpu_check}"
device=cuda:0
dry_run=
programs=(esmm esmm-bench ops_test train_test)
arguments=()
while (($#)); do
  case "$1" in
  --out) out="$2" && shift 2 ;;
  --device) device="$2" && shift 2 ;;
  --seconds) arguments+=("$1" "$2") && shift 2 ;;
  --dry-run) dry_run=1 && arguments+=("$1") && shift ;;
  *) fail "unknown argument $1; its first lines say which there are" ;;
  esac
done
[[ -z $dry_run || $device == cuda:0 ]] || fail "a dry run has one device, cuda:0: leave out --device $device"
[[ -n $dry_run ]] || python3 "$ESMM_ROOT/scripts/gpu_check/gpus.py" "$device"

bin="$ESMM_BUILD/release/bin"
pretended="$ESMM_BUILD/release/pretended_gpu"
for program in "${programs[@]/#/$bin/}" ${dry_run:+"$pretended/libcuda.so.1"}; do
  if [[ ! -x $program ]]; then
    ESMM_SKIP_APT=1 "$ESMM_ROOT/scripts/build.sh" release "${programs[@]}" ${dry_run:+esmm_pretended_gpu}
    break
  fi
done
libraries="$(python3 "$ESMM_ROOT/scripts/gpu_check/libraries.py" "$ESMM_ROOT/.venv")"
export LD_LIBRARY_PATH="${dry_run:+$pretended:}$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
mkdir -p "$out"
out="$(cd "$out" && pwd)"
exec python3 "$ESMM_ROOT/scripts/gpu_check/main.py" --bin "$bin" --root "$ESMM_ROOT" --out "$out" --device "$device" "${arguments[@]}"
