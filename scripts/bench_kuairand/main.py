"""Times one epoch of KuaiRand, and all the way from raw files to metrics, of esmm and of plain PyTorch in turns;
scripts/bench_kuairand.sh runs it."""
import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SAME_MODEL = ["model.activation=relu", "model.wide=false", "train.batch_size=1024"]  # what eager.py trains
PRECISIONS = ["fp32", "bf16"]


def run(*command):
    begin = time.perf_counter()
    done = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True)
    return time.perf_counter() - begin, done.stdout


class Esmm:
    def __init__(self, options, folder):
        self.program = [options.esmm, "--quiet", f"--threads={options.threads}"]
        self.config, self.folder = options.config, folder

    def measure(self, turn):
        data = self.folder / f"data-{turn}"
        prepare, _ = run(*self.program, "prepare", self.config, "--out", data)
        seconds = {"esmm, prepare": prepare}
        for precision in PRECISIONS:
            run_folder = self.folder / f"run-{turn}-{precision}"
            chosen = [*SAME_MODEL, f"data.path={data}", f"train.precision={precision}"]
            settings = [part for setting in chosen for part in ("--set", setting)]
            whole, text = run(*self.program, "train", self.config, *settings, "--run", run_folder)
            evaluate, _ = run(*self.program, "evaluate", run_folder)
            epoch = float(re.search(r"samples in ([0-9.]+) s", text).group(1))
            seconds |= {f"esmm {precision}, epoch": epoch, f"esmm {precision}, train": whole,
                        f"esmm {precision}, evaluate": evaluate, f"esmm {precision}, all": prepare + whole + evaluate}
        return seconds


def measure_eager(options):
    whole, text = run(sys.executable, HERE / "eager.py", options.data, options.threads)
    inside = json.loads(text)["seconds"]
    return {"PyTorch, prepare": inside["prepare"], "PyTorch, epoch": inside["epoch"],
            "PyTorch, evaluate": inside["evaluate"], "PyTorch, all": whole}


def markdown(seconds):
    lines = ["| | seconds | fastest – slowest | ÷ PyTorch |", "|---|---|---|---|"]
    for name, found in seconds.items():
        what = name.rsplit(", ", 1)[1]
        beside = seconds.get("PyTorch, " + what)
        ratio = f"{statistics.median(found) / statistics.median(beside):.2f}" if beside else ""
        lines.append(f"| {name} | {statistics.median(found):.2f} | {min(found):.2f} – {max(found):.2f} | {ratio} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--esmm", required=True, help="the program esmm")
    parser.add_argument("--config", required=True, help="kuairand.yaml")
    parser.add_argument("--data", required=True, help="the folder that holds kuairand-pure")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder for kuairand.json and kuairand.md")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        esmm = Esmm(options, pathlib.Path(folder))
        for turn in range(options.rounds + 1):  # the first warms up and does not count
            measured = measure_eager(options) | esmm.measure(turn)
            if turn == 0:
                continue
            for name, value in measured.items():
                seconds.setdefault(name, []).append(value)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "kuairand.json").write_text(json.dumps(seconds, indent=2) + "\n")
    (options.out / "kuairand.md").write_text(markdown(seconds))
    print(markdown(seconds))


if __name__ == "__main__":
    main()
