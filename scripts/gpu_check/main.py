"""The checks of scripts/gpu_check.sh, in the order of their weight: what there is no time for is named as not run."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import parity
import report


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--seconds", type=int, default=570)
    return parser.parse_args()


class Runner:
    """Runs programs until time is up, and keeps what they printed in a file each."""

    def __init__(self, options):
        self.options = options
        self.end = time.monotonic() + options.seconds
        self.work = options.out / "work"
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.count = 0

    def left(self):
        return self.end - time.monotonic()

    def run(self, program, *args, limit=None):
        """Returns (whether it ended well, what it printed, seconds)."""
        self.count += 1
        command = [str(self.options.bin / program) if (self.options.bin / program).exists() else program]
        command += [str(arg) for arg in args]
        print("gpu_check:", " ".join(command), file=sys.stderr, flush=True)
        start = time.monotonic()
        log = self.options.out / f"{self.count:02}-{program}.log"
        with open(log, "w") as text:
            text.write(" ".join(command) + "\n")
            text.flush()
            try:
                code = subprocess.run(command, stdout=text, stderr=subprocess.STDOUT,
                                      timeout=max(1, min(self.left(), limit or self.left()))).returncode
            except subprocess.TimeoutExpired:
                code = None
                text.write("\ntime is up\n")
        printed = log.read_text(errors="replace")
        return code == 0, printed, time.monotonic() - start


def gpu_name():
    try:
        query = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
        return subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip().splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "no GPU"


NO_GPU = "nothing was tested on a GPU"  # as a test says that is skipped


def check_tests(runner):
    checks = []
    for test in ("ops_test", "train_test"):
        good, printed, seconds = runner.run(test, limit=120)
        skipped = printed.count(NO_GPU)
        summary = printed.strip().splitlines()[-1]
        detail = summary + (f"; {skipped} tests skipped: no GPU" if skipped else "")
        checks.append({"check": test, "passed": good and not skipped, "detail": detail, "seconds": seconds})
    return checks


def check_sanitizer(runner, tool):
    if not shutil.which("compute-sanitizer"):
        return {"check": tool, "passed": None, "detail": "compute-sanitizer is not here", "seconds": 0}
    rules, bags = r"on a GPU\, every rule*", r"on a GPU\, bags*"  # a plain comma stands between two filters
    tests = f"{rules},{bags}" if tool == "memcheck" else rules
    good, printed, seconds = runner.run("compute-sanitizer", "--tool", tool, "--error-exitcode", "9",
                                        runner.options.bin / "ops_test", "--warn", "NoTests", tests, limit=90)
    good = good and NO_GPU not in printed
    return {"check": tool, "passed": good, "detail": printed.strip().splitlines()[-1], "seconds": seconds}


BENCHES = [  # case, impressions of a batch, batches, steps of a measured run
    ("ids25_large", 8192, 16, 64),
    ("ids25_large", 65536, 8, 16),
    ("ids500", 16384, 4, 8),
    ("ids500_user10", 16384, 4, 8),
]


def bench(runner, case, batch, batches, steps):
    name = f"{case}, B = {batch:,}"
    file = runner.work / f"{case}-{batch}.json"
    good, printed, seconds = runner.run("esmm-bench", "--json", file, "train", "--cases", case, "--batch", batch, "--batches",
                                        batches, "--steps", steps, "--device", runner.options.device, limit=120)
    if not good:
        raise RuntimeError(printed.strip().splitlines()[-1])
    return {"name": name, "rows": json.loads(file.read_text()), "seconds": seconds}


def main():
    options = arguments()
    runner = Runner(options)
    result = {"device": gpu_name(), "cpu": os.cpu_count(), "checks": [], "benches": []}

    def save():
        result["seconds"] = options.seconds - runner.left()
        (options.out / "gpu_check.json").write_text(json.dumps(result, indent=2) + "\n")
        (options.out / "gpu_check.md").write_text(report.markdown(result))

    def step(name, seconds, action):
        if runner.left() < seconds:
            return result["checks"].append({"check": name, "passed": None, "detail": "not run: no time left", "seconds": 0})
        try:
            action()
        except Exception as error:  # a program that printed nothing of use must not hide what the others say
            result["checks"].append({"check": name, "passed": False, "detail": repr(error), "seconds": 0})
        save()

    step("tests", 20, lambda: result["checks"].extend(check_tests(runner)))
    for case in BENCHES[:2]:
        step(f"bench {case[0]}, B = {case[1]}", 40, lambda case=case: result["benches"].append(bench(runner, *case)))
    step("training", 60, lambda: parity.check(runner, result["checks"]))
    step("memcheck", 30, lambda: result["checks"].append(check_sanitizer(runner, "memcheck")))
    step("racecheck", 30, lambda: result["checks"].append(check_sanitizer(runner, "racecheck")))
    for case in BENCHES[2:]:
        step(f"bench {case[0]}", 40, lambda case=case: result["benches"].append(bench(runner, *case)))
    save()
    print((options.out / "gpu_check.md").read_text())
    return 0 if all(check["passed"] is not False for check in result["checks"]) else 1


if __name__ == "__main__":
    sys.exit(main())
