"""Training on a GPU and on the CPU from one seed: the same losses, AUCs and scores, and one goes on where the other was."""

import csv
import json
import os
import pathlib
import statistics
import time

import report

# What may differ.
LOSS, TF32_LOSS, AUC, AUC_OF_CVR, SCORE = 1e-4, 1e-2, 1e-3, 4e-3, 1e-5


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


def sets(settings):
    return [part for setting in settings for part in ("--set", setting)]


class NotRun(RuntimeError):
    """A check that wants what another did not give."""


class Parity:
    """The checks, one after the other; where one cannot be made, the others are."""

    def __init__(self, runner, plan, results):
        self.runner = runner
        self.plan = plan
        self.results = results
        self.work = runner.work
        self.devices = {"CPU": "cpu", "GPU": runner.options.device}
        self.first = {}  # losses of the first steps, by side

    def check(self, name, action):
        """action() returns (whether it passed, detail)."""
        start = time.monotonic()
        try:
            passed, detail = action()
        except NotRun as error:
            passed, detail = None, report.words_of(error)
        except Exception as error:
            passed, detail = False, report.words_of(error)
        self.results.append({"check": name, "passed": passed, "detail": detail, "seconds": time.monotonic() - start})
        return passed

    def esmm(self, *args):
        good, printed, _ = self.runner.run("esmm", *args)
        if not good:
            raise RuntimeError(printed.strip().splitlines()[-1])

    def prepare(self):
        """A config and the settings that make its runs comparable."""
        root, work = self.runner.options.root, self.work
        if not self.runner.options.dry_run and pathlib.Path(os.environ.get("ESMM_DATA", "/nowhere"), "kuairand-pure").is_dir():
            self.config, self.data = root / "configs/kuairand.yaml", "KuaiRand-Pure"
        else:
            self.esmm("generate", "--out", work / "raw", "--impressions", self.plan.impressions, "--users", 20000)
            demo = (root / "configs/demo.yaml").read_text()
            self.config, self.data = work / "demo.yaml", f"generated logs, {self.plan.impressions:,} impressions"
            self.config.write_text(demo.replace("../data/demo-raw", str(work / "raw")))
        self.settings = [f"data.path={work}/data"]
        self.esmm("prepare", self.config, *sets(self.settings))
        self.settings += ["model.dropout=0", "train.epochs=1", "train.precision=fp32", "train.early_stop.metric="]

    def run_folder(self, name, side):
        return self.work / f"{name}-{'cpu' if side == 'CPU' else 'there'}"

    def train(self, run, side, *more, resume=False):
        self.esmm("train", self.config, "--run", run, *sets([*self.settings, f"train.device={self.devices[side]}", *more]),
                  *(["--resume"] if resume else []))
        return run

    def first_steps(self, name, side, *more, steps=None):
        """Trains so many steps, and returns their losses."""
        steps = steps or self.plan.first_steps
        run = self.run_folder(name, side)
        return losses(self.train(run, side, "train.log_every_steps=1", f"train.max_steps={steps}", *more))

    def begin(self, side, *more):
        """Keeps the first steps' losses, for the others to compare theirs with."""
        self.first[side] = self.first_steps("-".join(["begin", *(part.partition("=")[0] for part in more)]), side, *more)
        return True, f"losses of {len(self.first[side])} steps, the last {self.first[side][-1]:.4f}"

    def begun(self, side):
        if side not in self.first:
            raise NotRun(f"wants the first steps on the {side}")
        return self.first[side]

    def same_losses(self, a, b, most=LOSS):
        difference = largest_difference(a, b)
        return difference <= most, f"losses of {len(a)} steps differ by {difference:.1e} at most"

    def users_once(self):
        users = "train.impressions_per_user=10"
        return self.same_losses(self.first_steps("users", "CPU", users), self.first_steps("users", "GPU", users))

    def moved(self, begins, ends):
        run = self.run_folder("resumed", begins)
        steps = self.plan.first_steps
        self.first_steps("resumed", begins, steps=steps // 2)
        self.train(run, ends, "train.log_every_steps=1", f"train.max_steps={steps}", resume=True)
        return self.same_losses(self.begun("CPU"), losses(run))

    def auc(self, head, most):
        files = [self.run_folder("whole", side) / "evaluation.json" for side in self.devices]
        if not all(file.exists() for file in files):
            raise NotRun("wants an epoch on both")
        of = [json.loads(file.read_text())[head]["auc"] for file in files]
        return abs(of[0] - of[1]) <= most, ", ".join(f"{side} {auc:.4f}" for side, auc in zip(self.devices, of))

    def whole(self, side):
        run = self.train(self.run_folder("whole", side), side)
        self.evaluate(side, side, "scores.csv")
        return True, f"{samples_per_second(run):,.0f} samples/s"

    def evaluate(self, trained, side, file):
        run = self.run_folder("whole", trained)
        self.esmm("evaluate", run, "--device", self.devices[side], "--scores", run / file)

    def kept(self):
        """Faster or slower: what it is, not what it should be."""
        run = self.train(self.run_folder("whole-kept", "GPU"), "GPU", "data.placement=device")
        fed, there = (samples_per_second(of) for of in (self.run_folder("whole", "GPU"), run))
        return there > 0 and fed > 0, f"{there:,.0f} samples/s, fed by the host {fed:,.0f}"

    def scored_elsewhere(self, trained, other):
        run = self.run_folder("whole", trained)
        self.evaluate(trained, other, "other.csv")
        self.esmm("export", run, "--out", run / "model.pt")  # which runs the file on the CPU against the trained model
        difference = largest_difference(scores(run / "scores.csv"), scores(run / "other.csv"))
        return difference <= SCORE, f"scores differ by {difference:.1e} at most"

    def all(self):
        both = (("CPU", "GPU"), ("GPU", "CPU"))
        self.prepare()
        self.check("first steps on the CPU", lambda: self.begin("CPU"))
        captured = self.check("first steps on the GPU", lambda: self.begin("GPU"))
        if not captured:
            self.check("first steps on the GPU, kernel by kernel", lambda: self.begin("GPU", "train.cuda_graph=false"))
        self.check(f"first steps on the GPU as on the CPU, {self.data}",
                   lambda: self.same_losses(self.begun("CPU"), self.begun("GPU")))
        for name, most, setting in (("training split in the memory of the GPU", LOSS, "data.placement=device"),
                                    ("kernel by kernel as by a CUDA graph", 0, "train.cuda_graph=false"),
                                    ("TF32 near FP32", TF32_LOSS, "train.precision=tf32")):
            if setting == "train.cuda_graph=false" and not captured:
                continue  # nothing to compare it with
            self.check(name, lambda most=most, setting=setting: self.same_losses(
                self.begun("GPU"), self.first_steps("first-" + setting.partition("=")[0], "GPU", setting), most))
        self.check("users once", self.users_once)
        for begins, ends in both:
            self.check(f"begun on the {begins}, resumed on the {ends}", lambda begins=begins, ends=ends: self.moved(begins, ends))
        for side in self.devices:
            self.check(f"an epoch on the {side}", lambda side=side: self.whole(side))
        self.check("an epoch with the training split in the memory of the GPU", self.kept)
        for head, most in (("ctr", AUC), ("cvr", AUC_OF_CVR), ("ctcvr", AUC)):
            self.check(f"AUC of {head.upper()} after an epoch", lambda head=head, most=most: self.auc(head, most))
        for trained, other in both:
            self.check(f"trained on the {trained}, scored on the {other}, exported",
                       lambda trained=trained, other=other: self.scored_elsewhere(trained, other))


def check(runner, plan, results):
    """Adds to the results."""
    Parity(runner, plan, results).all()
