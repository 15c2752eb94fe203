"""The checks of scripts/gpu_check.sh, in the order of their weight: what there is no time for is named as not run."""

import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tarfile
import time

import parity
import plan
import report


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--device", required=True)
    parser.add_argument("--seconds", type=int, default=570)
    parser.add_argument("--dry-run", action="store_true")
    return parser.parse_args()


class Runner:
    """Runs programs until time is up, and keeps what they printed in a file each."""

    def __init__(self, options):
        self.options = options
        self.end = time.monotonic() + options.seconds
        self.work = options.work
        self.logs = options.work / "logs"
        shutil.rmtree(self.work, ignore_errors=True)
        self.logs.mkdir(parents=True)
        self.count = 0

    def left(self):
        return self.end - time.monotonic()

    def run(self, program, *args, limit=None, env=None):
        """Returns (whether it ended well, None where time was up; what it printed; seconds)."""
        self.count += 1
        command = [str(self.options.bin / program) if (self.options.bin / program).exists() else program]
        command += [str(arg) for arg in args]
        print("gpu_check:", " ".join(command), file=sys.stderr, flush=True)
        start = time.monotonic()
        log = self.logs / f"{self.count:02}-{pathlib.Path(program).name}.log"
        with open(log, "w") as text:
            text.write(" ".join(command) + "\n")
            text.flush()
            process = subprocess.Popen(command, stdout=text, stderr=subprocess.STDOUT, env={**os.environ, **(env or {})},
                                       start_new_session=True)
            try:
                good = process.wait(timeout=max(1, min(self.left(), limit or self.left()))) == 0
            except subprocess.TimeoutExpired:
                good = None
                text.write("\ntime is up\n")
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)  # with what it has started: that may be on the GPU
                    process.wait()
        return good, log.read_text(errors="replace"), time.monotonic() - start

    def pack_logs(self):
        with tarfile.open(self.options.out / "gpu_check_logs.tar.gz", "w:gz") as archive:
            archive.add(self.logs, "logs")


def gpu_name(device, dry_run):
    if dry_run:
        return "no GPU, a pretended one"
    try:
        query = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
        names = subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip().splitlines()
        return names[int(device.partition(":")[2] or 0)]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return f"{device}, of which nvidia-smi tells nothing"


NO_GPU = "nothing was tested on a GPU"  # as a test says that is skipped


def last_line(printed):
    return printed.strip().splitlines()[-1]


def check_test(runner, test):
    good, printed, seconds = runner.run(test, limit=180)
    detail = last_line(printed)
    if skipped := printed.count(NO_GPU):
        good, detail = False, f"{detail}; {skipped} tests skipped: no GPU"
    return {"check": test, "passed": bool(good), "detail": detail, "seconds": seconds}


def check_sanitizer(runner, tool):
    sanitizer = shutil.which("compute-sanitizer") or shutil.which("/usr/local/cuda/bin/compute-sanitizer")
    if not sanitizer:
        return {"check": tool, "passed": None, "detail": "compute-sanitizer is not here", "seconds": 0}
    rules, bags = r"on a GPU\, every rule*", r"on a GPU\, bags*"  # a plain comma stands between two filters
    tests = f"{rules},{bags}" if tool == "memcheck" else rules
    # Calls that LibTorch makes to see whether they fail are no errors; and each tensor has memory of its own, so that
    # what lies behind its end is no other's.
    good, printed, seconds = runner.run(sanitizer, "--tool", tool, "--error-exitcode", "9", "--report-api-errors", "no",
                                        runner.options.bin / "ops_test", "--warn", "NoTests", tests, limit=90,
                                        env={"PYTORCH_NO_CUDA_MEMORY_CACHING": "1"})
    if good and NO_GPU in printed:
        good = False
    return {"check": tool, "passed": good, "detail": last_line(printed), "seconds": seconds}


def bench(runner, of):
    file = runner.work / f"bench-{runner.count}.json"
    good, printed, seconds = runner.run("esmm-bench", "--json", file, *of.arguments(), "--device", runner.options.device,
                                        *(["--folder", runner.work] if isinstance(of, plan.DataBench) else []), limit=120)
    if not good:
        raise RuntimeError(last_line(printed))
    rows = [row for row in json.loads(file.read_text()) if not row["case"].endswith("_loader")]
    return {"name": of.title(), "rows": rows, "seconds": seconds}


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # by way of what ends a running check
    options = arguments()
    runner = Runner(options)
    todo = plan.DRY_RUN if options.dry_run else plan.GPU
    result = {"dry_run": options.dry_run, "device": gpu_name(options.device, options.dry_run), "cpu": os.cpu_count(),
              "checks": [], "benches": []}

    def save():
        result["seconds"] = options.seconds - runner.left()
        (options.out / "gpu_check.json").write_text(json.dumps(result, indent=2) + "\n")
        (options.out / "gpu_check.md").write_text(report.markdown(result))
        runner.pack_logs()

    def step(name, seconds, action):
        if runner.left() < seconds:
            result["checks"].append({"check": name, "passed": None, "detail": "no time left", "seconds": 0})
            return save()
        try:
            action()
        except Exception as error:  # a program that printed nothing of use must not hide what the others say
            result["checks"].append({"check": name, "passed": False, "detail": report.words_of(error), "seconds": 0})
        save()

    def step_of_bench(of):
        step(f"bench {of.title()}", 40, lambda: result["benches"].append(bench(runner, of)))

    for test in ("ops_test", "train_test"):
        step(test, 20, lambda test=test: result["checks"].append(check_test(runner, test)))
    for of in todo.benches[:2]:
        step_of_bench(of)
    step("training", 60, lambda: parity.check(runner, todo, result["checks"]))
    for tool in ("memcheck", "synccheck", "racecheck"):
        if options.dry_run:
            result["checks"].append({"check": tool, "passed": None, "detail": "no GPU", "seconds": 0})
        else:
            step(tool, 30, lambda tool=tool: result["checks"].append(check_sanitizer(runner, tool)))
    for of in todo.benches[2:]:
        step_of_bench(of)
    save()
    print((options.out / "gpu_check.md").read_text())
    return 0 if all(check["passed"] is not False for check in result["checks"]) else 1


if __name__ == "__main__":
    sys.exit(main())
