"""Ends with 1 and says why, where a device is no GPU that this machine has."""

import ctypes
import re
import sys


def count():
    """(how many GPUs CUDA's driver knows, why there is none)"""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return 0, "this machine has no NVIDIA driver"
    if error := driver.cuInit(0):
        return 0, f"NVIDIA's driver knows none (cuInit gives {error})"
    found = ctypes.c_int(0)
    driver.cuDeviceGetCount(ctypes.byref(found))
    return found.value, "NVIDIA's driver knows none"


def main():
    device = sys.argv[1]
    name = re.fullmatch(r"cuda(?::(\d+))?", device)
    if not name:
        return f"gpu_check: no device: {device}; expected cuda:<n>"
    known, why_none = count()
    if known == 0:
        return f"gpu_check: no GPU to check: {why_none}. A dry run, on a pretended one: scripts/gpu_check.sh --dry-run"
    if int(name[1] or 0) >= known:
        return f"gpu_check: no GPU {device}: there are {known}"
    return None


if __name__ == "__main__":
    sys.exit(main())
