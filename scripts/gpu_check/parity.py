"""Training on a GPU and on the CPU from one seed: the same losses, AUCs and scores, and one goes on where the other was."""

import csv
import json
import os
import pathlib
import statistics
import time

FIRST_STEPS = 100
LOSS, AUC, AUC_OF_CVR, SCORE = 1e-4, 1e-3, 4e-3, 1e-5  # what may differ


class Check:
    def __init__(self, runner, results):
        self.runner = runner
        self.results = results
        self.start = time.monotonic()

    def add(self, name, passed, detail):
        now = time.monotonic()
        self.results.append({"check": name, "passed": passed, "detail": detail, "seconds": now - self.start})
        self.start = now

    def esmm(self, *args):
        good, printed, _ = self.runner.run("esmm", *args)
        if not good:
            raise RuntimeError(printed.strip().splitlines()[-1])
        return printed


def prepare(check):
    """A config and the settings that make its runs comparable."""
    root, work = check.runner.options.root, check.runner.work
    if pathlib.Path(os.environ.get("ESMM_DATA", "/nowhere"), "kuairand-pure").is_dir():
        config, name = root / "configs/kuairand.yaml", "KuaiRand-Pure"
        settings = [f"data.path={work}/data"]
    else:
        check.esmm("generate", "--out", work / "raw", "--impressions", 300000, "--users", 20000)
        demo = (root / "configs/demo.yaml").read_text()
        config, name = work / "demo.yaml", "generated logs, 300,000 impressions"
        config.write_text(demo.replace("../data/demo-raw", str(work / "raw")))
        settings = [f"data.path={work}/data"]
    check.esmm("prepare", config, *sets(settings))
    return config, name, settings + ["model.dropout=0", "train.epochs=1", "train.precision=fp32", "train.early_stop.metric="]


def sets(settings):
    return [part for setting in settings for part in ("--set", setting)]


def losses(run):
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return [line["loss"] for line in lines if line["type"] == "train"]


def samples_per_second(run):
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return statistics.median(line["samples_per_second"] for line in lines if line["type"] == "train")


def largest_difference(a, b):
    if len(a) != len(b) or not a:
        raise RuntimeError(f"{len(a)} numbers beside {len(b)}")
    return max(abs(x - y) / max(1, abs(x)) for x, y in zip(a, b))


def scores(file):
    with open(file) as rows:
        return [float(row[name]) for row in csv.DictReader(rows) for name in ("pctr", "pcvr", "pctcvr")]


def check(runner, results):
    """Adds to the results."""
    of = Check(runner, results)
    work, gpu = runner.work, runner.options.device
    config, name, settings = prepare(of)

    def train(run, device, *more, resume=False):
        of.esmm("train", config, "--run", work / run, *sets(settings + [f"train.device={device}", *more]),
                *(["--resume"] if resume else []))
        return work / run

    first = ["train.log_every_steps=1", f"train.max_steps={FIRST_STEPS}"]
    on_cpu, on_gpu = losses(train("first-cpu", "cpu", *first)), losses(train("first-gpu", gpu, *first))
    difference = largest_difference(on_cpu, on_gpu)
    of.add(f"losses of the first {FIRST_STEPS} steps, {name}", difference <= LOSS, f"differ by {difference:.1e} at most")

    kept = "data.placement=device"
    difference = largest_difference(on_gpu, losses(train("first-kept", gpu, kept, *first)))
    of.add("training split in the GPU's memory", difference <= LOSS, f"losses differ by {difference:.1e} at most from those fed by the host")

    half = ["train.log_every_steps=1", f"train.max_steps={FIRST_STEPS // 2}"]
    for begins, ends in ((gpu, "cpu"), ("cpu", gpu)):
        run = f"resumed-{begins}-{ends}".replace(":", "")
        train(run, begins, *half)
        difference = largest_difference(on_cpu, losses(train(run, ends, *first, resume=True)))
        of.add(f"begun on {begins}, resumed on {ends}", difference <= LOSS, f"losses differ by {difference:.1e} at most")

    aucs = {}
    for device in ("cpu", gpu):
        run = train("whole-" + device.replace(":", ""), device)
        of.esmm("evaluate", run, "--device", device, "--scores", run / "scores.csv")
        evaluation = json.loads((run / "evaluation.json").read_text())
        aucs[device] = {head: evaluation[head]["auc"] for head in ("ctr", "cvr", "ctcvr")}
    fed, there = (samples_per_second(run) for run in (work / ("whole-" + gpu.replace(":", "")), train("whole-kept", gpu, kept)))
    of.add("speed with the training split in the GPU's memory", there > 0 and fed > 0, f"{there:,.0f} samples/s, fed by the host {fed:,.0f}")
    for head, most in (("ctr", AUC), ("cvr", AUC_OF_CVR), ("ctcvr", AUC)):
        a, b = aucs["cpu"][head], aucs[gpu][head]
        of.add(f"AUC of {head.upper()} after an epoch", abs(a - b) <= most, f"CPU {a:.4f}, GPU {b:.4f}")

    for trained, other in ((gpu, "cpu"), ("cpu", gpu)):
        run = work / ("whole-" + trained.replace(":", ""))
        own = scores(run / "scores.csv")
        of.esmm("evaluate", run, "--device", other, "--scores", run / "other.csv")
        difference = largest_difference(own, scores(run / "other.csv"))
        of.esmm("export", run, "--out", run / "model.pt")  # which runs the file on the CPU against the trained model
        of.add(f"trained on {trained}, scored on {other}, exported", difference <= SCORE, f"scores differ by {difference:.1e} at most")
