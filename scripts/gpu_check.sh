#!/usr/bin/env bash
# Everything that a GPU is needed for, in 10 minutes at most and without a network: the tests that are skipped elsewhere,
# CUDA's memory and race checkers over the kernels' tests, speed beside stock LibTorch on the same GPU, and training on
# GPU and CPU from one seed, one resumed and exported on the other. Writes gpu_check.md and gpu_check.json; ends with 0
# where nothing failed of what could be run.
#   scripts/gpu_check.sh [--out FOLDER] [--device cuda:0] [--seconds N]
# --device cpu: a dry run of the script, for machines without a GPU. The CPU stands in for it, in small sizes; what needs
# a GPU is named as not run. It says nothing about a GPU.
# --out: default $OUT, else build/gpu_check. With ESMM_DATA=<folder that holds kuairand-pure/> it trains on KuaiRand, else
# on generated logs. It builds only where build/release/bin holds no programs: they can be brought from another machine,
# with the tests and libesmm_cuda.so beside them. LibTorch and Arrow: those of .venv, else of python3's packages.
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

out="${OUT:-$ESMM_BUILD/gpu_check}"
device=cuda:0
arguments=()
while (($#)); do
  case "$1" in
  --out) out="$2" && shift 2 ;;
  --device) device="$2" && shift 2 ;;
  --seconds) arguments+=("$1" "$2") && shift 2 ;;
  *) fail "unknown argument $1; its first lines say which there are" ;;
  esac
done
python3 "$ESMM_ROOT/scripts/gpu_check/gpus.py" "$device"

bin="$ESMM_BUILD/release/bin"
for program in esmm esmm-bench ops_test train_test; do
  if [[ ! -x $bin/$program ]]; then
    ESMM_SKIP_APT=1 "$ESMM_ROOT/scripts/build.sh" release esmm esmm-bench ops_test train_test
    break
  fi
done
libraries="$(python3 "$ESMM_ROOT/scripts/gpu_check/libraries.py" "$ESMM_ROOT/.venv")"
export LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
mkdir -p "$out"
out="$(cd "$out" && pwd)"
exec python3 "$ESMM_ROOT/scripts/gpu_check/main.py" --bin "$bin" --root "$ESMM_ROOT" --out "$out" --device "$device" "${arguments[@]}"
