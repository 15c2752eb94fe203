#!/usr/bin/env bash
# Everything that a GPU is needed for, in 10 minutes at most and without a network: the tests that are skipped elsewhere,
# CUDA's checkers of memory, of threads that wait for each other and of races over the kernels' tests, speed beside stock
# LibTorch on the same GPU, and training on GPU and CPU from one seed, one resumed and exported on the other. Ends with 0
# where nothing failed of what could be run.
#   scripts/gpu_check.sh [--out FOLDER] [--device cuda:0] [--seconds N] [--dry-run]
#   scripts/gpu_check.sh --pack FILE.tar.xz
# --out: default $OUT, else build/gpu_check/out. Gets gpu_check.md, gpu_check.json and gpu_check_logs.tar.gz.
# --dry-run: on a pretended GPU (tests/pretended_gpu), for machines without one, in small sizes. It shows that all but
# libesmm_cuda.so works, and says nothing about a GPU's speed.
# --pack: what a machine that cannot build wants, unpacked where the repository lies (tar -xf): programs, tests and the
# libraries that they load but for LibTorch's, CUDA's and C++'s own. Those are the ones of .venv, else of python3's packages.
# With ESMM_DATA=<folder that holds kuairand-pure/> it trains on KuaiRand, else on generated logs. It builds only where
# build/release/bin lacks a program, or a dry run the pretended GPU. compute-sanitizer comes with CUDA's toolkit.
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

out="${OUT:-$ESMM_BUILD/gpu_check/out}"
device=cuda:0
dry_run=
pack=
programs=(esmm esmm-bench ops_test train_test)
arguments=()
while (($#)); do
  case "$1" in
  --out) out="$2" && shift 2 ;;
  --device) device="$2" && shift 2 ;;
  --seconds) arguments+=("$1" "$2") && shift 2 ;;
  --pack) pack="$2" && shift 2 ;;
  --dry-run) dry_run=1 && arguments+=("$1") && shift ;;
  *) fail "unknown argument $1; --help tells which there are" ;;
  esac
done
[[ -z $dry_run || $device == cuda:0 ]] || fail "a dry run has one device, cuda:0: leave out --device $device"
[[ -n $dry_run || -n $pack ]] || python3 "$ESMM_ROOT/scripts/gpu_check/gpus.py" "$device"

[[ -z $dry_run || -z $pack ]] || fail "--pack takes what a GPU wants: leave out --dry-run"

bin="$ESMM_BUILD/release/bin"
pretended="$ESMM_BUILD/release/pretended_gpu"
wanted=("${programs[@]/#/$bin/}")
if [[ -n $dry_run ]]; then wanted+=("$pretended/libcuda.so.1"); else wanted+=("$bin/libesmm_cuda.so"); fi
for program in "${wanted[@]}"; do
  if [[ ! -x $program ]]; then
    ESMM_SKIP_APT=1 "$ESMM_ROOT/scripts/build.sh" release "${programs[@]}" ${dry_run:+esmm_pretended_gpu}
    break
  fi
done
[[ -n $dry_run || -e $bin/libesmm_cuda.so ]] || fail "there is no libesmm_cuda.so: nvcc was not found (scripts/setup.sh --cuda has one)"
libraries="$(python3 "$ESMM_ROOT/scripts/gpu_check/libraries.py" "$ESMM_ROOT/.venv")"
export LD_LIBRARY_PATH="${dry_run:+$pretended:}$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
libraries_of "${programs[@]/#/$bin/}" >/dev/null
[[ -n $dry_run || -n $pack ]] || (libraries_of "$bin/libesmm_cuda.so") >/dev/null || fail "it wants CUDA's: scripts/setup.sh --cuda"

if [[ -n $pack ]]; then
  folder="$(mktemp -d)"
  trap 'rm -rf "$folder"' EXIT
  mkdir -p "$folder/build/release/bin"
  cp "${programs[@]/#/$bin/}" "$bin/libesmm_cuda.so" "$folder/build/release/bin/"
  strip "$folder"/build/release/bin/*
  libraries_of "${programs[@]/#/$bin/}" | { grep -Ev '/lib(torch|c10|gomp|stdc\+\+|gcc_s)' || true; } |
    while read -r library; do cp -L "$library" "$folder/build/release/bin/"; done
  tar --create --xz --file "$pack" --directory "$folder" build
  say "$pack: $(du -h "$pack" | cut -f1)"
  exit
fi

mkdir -p "$out"
out="$(cd "$out" && pwd)"
exec python3 "$ESMM_ROOT/scripts/gpu_check/main.py" --bin "$bin" --root "$ESMM_ROOT" --out "$out" --work "$ESMM_BUILD/gpu_check/work" --device "$device" "${arguments[@]}"
