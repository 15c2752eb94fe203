"""Prints the folders of LibTorch's, Arrow's and CUDA's libraries, as LD_LIBRARY_PATH wants them: of a virtual
environment where it has them, else of this Python's packages."""

import pathlib
import site
import sys


def main():
    environment = pathlib.Path(sys.argv[1])
    packages = sorted(environment.glob("lib/python3*/site-packages"))
    packages += [pathlib.Path(folder) for folder in site.getsitepackages() + [site.getusersitepackages()]]
    found = {}
    for folder in packages:
        for name, library in (("torch/lib", "libtorch_cpu.so"), ("pyarrow", "libarrow.so.*")):
            if name not in found and any((folder / name).glob(library)):
                found[name] = [folder / name]
        if "nvidia" not in found and any(folder.glob("nvidia/*/lib/libcublas.so*")):
            found["nvidia"] = sorted(folder.glob("nvidia/*/lib"))
    print(":".join(str(path) for paths in found.values() for path in paths))


if __name__ == "__main__":
    main()
