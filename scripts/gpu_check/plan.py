"""What is run on a GPU, and in a dry run on the CPU: sizes that either does in 10 minutes."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Bench:
    case: str
    batch: int  # impressions
    batches: int
    steps: int  # of a measured run
    table_rows: int = 2**20

    def arguments(self):
        sizes = {"batch": self.batch, "batches": self.batches, "steps": self.steps, "table-rows": self.table_rows}
        return ["train", "--cases", self.case] + [part for name, size in sizes.items() for part in (f"--{name}", size)]

    def title(self):
        return f"{self.case}, B = {self.batch:,}"


@dataclasses.dataclass(frozen=True)
class DataBench(Bench):
    gigabytes: float = 1.0

    def arguments(self):
        return ["data", *super().arguments()[1:], "--gigabytes", self.gigabytes, "--resident", "--loader-threads", 1]

    def title(self):
        return f"{self.case} fed from a data set, B = {self.batch:,}"


@dataclasses.dataclass(frozen=True)
class Plan:
    device: str
    name: str  # of the device, in words
    threads: int  # of the runs on it; 0: all
    impressions: int  # of generated logs
    first_steps: int  # whose losses are compared
    benches: tuple  # in the order of their weight

    @property
    def dry(self):
        return self.device == "cpu"


def plan_for(device):
    if device != "cpu":
        return Plan(device, "GPU", 0, 300_000, 100,
                    (Bench("ids25_large", 8192, 16, 64), Bench("ids25_large", 65536, 8, 16),
                     Bench("ids500", 16384, 4, 8), Bench("ids500_user10", 16384, 4, 8),
                     DataBench("ids25", 8192, 16, 64)))
    # On one thread, so that its numbers are not the very same as those that they are compared with.
    return Plan(device, "CPU in its place", 1, 60_000, 20,
                (Bench("ids25", 512, 2, 2, 50_000), Bench("ids500", 256, 2, 1, 50_000),
                 Bench("ids500_user10", 320, 2, 1, 50_000), DataBench("ids25", 512, 2, 4, 50_000, 0.01)))
