# Shared by the scripts beside it: `source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"`.
# shellcheck shell=bash
set -euo pipefail

# A script's help is its first lines.
for argument; do
  if [[ $argument == -h || $argument == --help ]]; then
    sed -n '2,/^[^#]/ s/^# \{0,1\}//p' "$0"
    exit 0
  fi
done

ESMM_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
ESMM_BUILD="$ESMM_ROOT/build"
export ESMM_ROOT ESMM_BUILD
mkdir -p "$ESMM_BUILD"

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# lock NAME [shared]: waits for build/.NAME.lock and holds it until the script ends. Locks that a calling script
# holds already count as held.
lock() {
  local name="$1" mode="${2:-exclusive}" descriptor
  case ",${ESMM_HELD_LOCKS:-}," in *",$name,"*) return ;; esac
  exec {descriptor}>>"$ESMM_BUILD/.$name.lock"
  if ! flock --nonblock "--$mode" "$descriptor"; then
    say "waiting for another script that holds build/.$name.lock"
    flock "--$mode" "$descriptor"
  fi
  export ESMM_HELD_LOCKS="${ESMM_HELD_LOCKS:-},$name"
}

# logged LOG COMMAND...: three tries, output to LOG; on failure shows its last lines.
logged() {
  local log="$1" try
  shift
  for try in 1 2 3; do
    if "$@" >"$log" 2>&1; then return; fi
    if [[ $try != 3 ]]; then
      say "try $try failed, again in $((try * 5)) s: $(grep -v '^[[:space:]]*$' "$log" | tail -n 1)"
      sleep $((try * 5))
    fi
  done
  tail -n 15 "$log" >&2
  return 1
}

# Compile jobs: one per core, but 2.5 GB of memory for each (a file that includes torch takes up to 2 GB). ESMM_JOBS overrides.
build_jobs() {
  local cores kilobytes limit by_memory
  if [[ -n ${ESMM_JOBS:-} ]]; then
    echo "$ESMM_JOBS"
    return
  fi
  cores="$(nproc)"
  kilobytes="$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)"
  limit="$(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max)"
  if [[ $limit != max ]] && ((limit / 1024 < kilobytes)); then kilobytes=$((limit / 1024)); fi
  by_memory=$((kilobytes / 2500000))
  echo $((by_memory < 1 ? 1 : by_memory < cores ? by_memory : cores))
}

# python_environment FOLDER REQUIREMENTS [WITHOUT_DEPENDENCIES]: a Python environment with what the files list, and
# nothing installed where it is complete already.
python_environment() {
  local folder="$1" requirements="$2" bare="${3:-}" stamp log="$ESMM_BUILD/.pip-$(basename "$1").log"
  stamp="$(cat "$requirements" ${bare:+"$bare"} | sha256sum)"
  if [[ -f $folder/.complete && $(<"$folder/.complete") == "$stamp" ]]; then return; fi
  say "installing $(basename "$requirements" .txt) into $folder"
  python3 -m venv "$folder"
  logged "$log" "$folder/bin/pip" install --requirement "$requirements" || fail "pip failed, see above"
  if [[ -n $bare ]]; then
    logged "$log" "$folder/bin/pip" install --no-deps --requirement "$bare" || fail "pip failed, see above"
  fi
  echo "$stamp" >"$folder/.complete"
}

# libraries_of PROGRAM...: the libraries that programs load, but for those of the C library. Fails where one is missing.
libraries_of() {
  local found missing
  found="$(ldd "$@")" || fail "ldd $*: $found"
  missing="$(awk '/not found/ {print $1}' <<<"$found" | sort -u | tr '\n' ' ')"
  [[ -z $missing ]] || fail "libraries are missing: $missing"
  awk '$3 ~ /^\// {print $3}' <<<"$found" | sort -u | grep -Ev '/(libc|libm|libdl|librt|libpthread|libutil|ld-linux-x86-64)\.so'
}
