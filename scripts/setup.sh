#!/usr/bin/env bash
# Installs what a build needs on Debian 12, and only what is missing: Debian packages (as root, or through sudo) and,
# in .venv, the pinned wheels that carry LibTorch and Arrow.
#
#   scripts/setup.sh           LibTorch for CPUs: 1.3 GB in .venv
#   scripts/setup.sh --cuda    with all of CUDA's libraries and its compiler, to run on a GPU: 4.9 GB
#
# ESMM_TORCH_DIR=<folder with include/ and lib/>: use that LibTorch (2.11 to 2.15) in place of the wheel.
# ESMM_SKIP_APT=1: install no Debian packages.
# ESMM_PYTHON=<python>: what makes .venv; default /usr/bin/python3.
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

PACKAGES=(
  g++ cmake ninja-build    # compile
  ccache                   # compile again sooner
  libfmt-dev libspdlog-dev # messages and logs
  libyaml-cpp-dev          # configs
  libcli11-dev             # command lines
  nlohmann-json3-dev       # JSON files and requests
  libxxhash-dev            # feature keys
  libboost1.81-dev         # flat hash map, Student's t (headers)
  libssl-dev               # SHA-256 of models
  zlib1g-dev               # gzipped logs
  libcpp-httplib-dev       # esmm-serve
  catch2                   # tests
  python3 python3-venv     # fetch the wheels
  ca-certificates          # … over https
)
ARROW="pyarrow==26.0.1"
TORCH="torch==2.11.0"
# The two libraries of CUDA that libtorch's link names; the CPU programs never load them.
TORCH_LINKS=(nvidia-cuda-runtime==13.0.96 nvidia-cuda-cupti==13.0.85)
# CUDA's compiler, which scripts/build.sh finds there.
NVCC=(nvidia-cuda-nvcc==13.0.88 nvidia-cuda-crt==13.0.88 nvidia-nvvm==13.0.88 nvidia-cuda-cccl==13.0.85)

VENV="$ESMM_ROOT/.venv"
STAMP="$VENV/.esmm-pins"           # what is installed, once all of it is
UNFINISHED="$VENV/.esmm-unfinished"  # there while wheels are being installed

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "Debian packages are missing, and this is neither root nor is sudo there; as root run: apt-get install ${missing[*]}"
  fi
}

missing_packages() {
  local installed package
  installed="$(dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' "${PACKAGES[@]}" 2>/dev/null || true)"
  for package in "${PACKAGES[@]}"; do
    grep --quiet --line-regexp --fixed-strings "$package installed" <<<"$installed" || echo "$package"
  done
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 "$@"; }

install_packages() {
  local missing log="$ESMM_BUILD/setup-apt.log"
  [[ -z ${ESMM_SKIP_APT:-} ]] || return 0
  command -v dpkg-query >/dev/null ||
    fail "this is no Debian: install the equivalents of ${PACKAGES[*]}, then run again with ESMM_SKIP_APT=1"
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]})) || return 0
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  as_root dpkg --configure -a >"$log" 2>&1 || true # an install that was cut short
  logged "$log" apt update ||
    fail "apt-get update failed, see above: check the network and /etc/apt/sources.list*, then run again"
  logged "$log" apt install --yes --no-install-recommends "${missing[@]}" ||
    fail "apt-get install failed, see above: mend that, then run again (needs Debian 12's packages)"
}

check_torch_dir() {
  local header version
  for header in torch/headeronly/version.h torch/csrc/api/include/torch/version.h; do
    header="$ESMM_TORCH_DIR/include/$header"
    if grep --quiet '^#define TORCH_VERSION_MAJOR' "$header" 2>/dev/null; then break; fi
    header=""
  done
  [[ -n $header ]] || fail "ESMM_TORCH_DIR=$ESMM_TORCH_DIR is no LibTorch: expected the folder that holds its include/ and lib/"
  version="$(sed -n 's/^#define TORCH_VERSION_\(MAJOR\|MINOR\) //p' "$header" | paste -sd.)"
  [[ $version =~ ^2\.1[1-5]$ ]] ||
    fail "ESMM_TORCH_DIR=$ESMM_TORCH_DIR is LibTorch $version: expected 2.11 to 2.15; give one of those, or unset it"
}

# install_wheels KIND PINS...: .venv holds these, or (exit 1) is marked unfinished.
install_wheels() {
  local kind="$1" log="$ESMM_BUILD/setup-pip.log" python="${ESMM_PYTHON:-/usr/bin/python3}"
  shift
  if [[ -e $UNFINISHED ]]; then
    say "an earlier set-up was cut short: making .venv anew"
    rm -rf "$VENV"
  fi
  if ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
    "$python" -m venv --clear "$VENV" >"$log" 2>&1 ||
      fail "$python -m venv .venv failed ($(tail -n 1 "$log")): install python3 and python3-venv, or name a python with ESMM_PYTHON"
  fi
  touch "$UNFINISHED"
  rm -f "$STAMP"
  logged "$log" "$VENV/bin/python" -m pip install --disable-pip-version-check "$@" ||
    fail "pip install $* failed, see above: check the network, the disk ($(df -h --output=avail "$ESMM_ROOT" | tail -n 1 | tr -d ' ') free) and pip's settings, then run again"
  echo "$kind $*" >"$STAMP.new"
  mv "$STAMP.new" "$STAMP"
  rm -f "$UNFINISHED"
}

# Whether .venv holds one of these sets.
have_wheels() {
  local pins
  for pins in "$@"; do
    if [[ ! -e $UNFINISHED && $(cat "$STAMP" 2>/dev/null) == "$pins" && -x $VENV/bin/python ]]; then return; fi
  done
  return 1
}

want=cpu
case "${1:-}" in
  "") ;;
  --cuda) want=cuda ;;
  *) fail "unknown argument $1; --help tells which there are" ;;
esac
if [[ -n ${ESMM_TORCH_DIR:-} ]]; then
  [[ $want == cpu ]] || fail "--cuda installs a LibTorch of its own: unset ESMM_TORCH_DIR, or leave --cuda out"
  check_torch_dir
  want=arrow
fi

lock setup
install_packages
arrow=(arrow --no-deps "$ARROW")
cpu=(cpu --no-deps "$TORCH" "${TORCH_LINKS[@]}" "$ARROW")
cuda=(cuda "$TORCH" "$ARROW" "${NVCC[@]}")
case $want in
  arrow)
    have_wheels "${arrow[*]}" "${cpu[*]}" "${cuda[*]}" && exit
    say "installing Arrow into .venv (0.2 GB); LibTorch is $ESMM_TORCH_DIR"
    install_wheels "${arrow[@]}"
    ;;
  cpu)
    have_wheels "${cpu[*]}" "${cuda[*]}" && exit
    say "installing LibTorch for CPUs and Arrow into .venv (1.3 GB, about half a minute)"
    install_wheels "${cpu[@]}"
    ;;
  cuda)
    have_wheels "${cuda[*]}" && exit
    say "installing LibTorch with CUDA, and Arrow, into .venv (4.9 GB, a minute or two)"
    install_wheels "${cuda[@]}"
    ;;
esac
