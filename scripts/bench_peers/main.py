"""Times other ways to train an ESMM beside esmm's on the same batches; scripts/bench_peers.sh runs it."""
import argparse
import json
import logging
import pathlib
import subprocess
import tempfile
import warnings

import torch

import eager
import fused
import libraries
import report
from batches import Batches
from race import race

# name: the case of esmm-bench, impressions of a batch, steps of a measured run
CASES = {
    "ids25": ("ids25", 2048, 16),
    "ids25_b8192": ("ids25", 8192, 4),
    "ids500": ("ids500", 2048, 8),
    "ids500_user10": ("ids500_user10", 2048, 8),
}


class Ours:
    """esmm-bench train, without stock LibTorch, on one case."""

    def __init__(self, program, case, batch, steps, threads, folder):
        self.json = folder / "rows.json"
        self.command = [program, "train", "--without-stock", f"--cases={case}", f"--batch={batch}",
                        f"--threads={threads}", f"--json={self.json}"]
        self.steps = [f"--steps={steps}"]
        self.folder = folder
        self.case = case

    def write_batches(self):
        self.run("--steps=1", f"--arrays={self.folder}")
        return Batches(self.folder / self.case)

    def run(self, *more):
        subprocess.run([*self.command, *more], check=True, stdout=subprocess.DEVNULL)
        return json.loads(self.json.read_text())

    def measure(self):
        return {"esmm, " + row["system"]: row["samples_per_second"] for row in self.run(*self.steps)}


def run_case(name, options):
    case, batch, steps = CASES[name]
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(options.bench, case, batch, steps, options.threads, pathlib.Path(folder))
        batches = ours.write_batches()
        makers = eager.systems(batches) | libraries.systems(batches) | fused.systems(batches)
        return race(makers, batches, steps, options.rounds, options.threads, ours.measure)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", required=True, help="the program esmm-bench")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder for peers.json and peers.md")
    parser.add_argument("--cases", default=",".join(CASES), help="of " + ", ".join(CASES))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2, help="at most")
    options = parser.parse_args()

    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.manual_seed(1)
    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "peers.json"
    results = json.loads(file.read_text()) if file.exists() else {}
    for name in options.cases.split(","):
        results[name] = run_case(name, options)
        file.write_text(json.dumps(results, indent=2) + "\n")
        (options.out / "peers.md").write_text(report.markdown(results))
        print(report.markdown({name: results[name]}), flush=True)


if __name__ == "__main__":
    main()
