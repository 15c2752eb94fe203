"""What is run on a GPU, and in a dry run on a pretended one: sizes that either does in 10 minutes."""

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
    impressions: int  # of generated logs
    first_steps: int  # whose losses are compared
    benches: tuple  # in the order of their weight


GPU = Plan(300_000, 100,
           (Bench("ids25_large", 8192, 16, 64), Bench("ids25_large", 65536, 8, 16), Bench("ids500", 16384, 4, 8),
            Bench("ids500_user10", 16384, 4, 8), DataBench("ids25", 8192, 16, 64)))
# Not those beside stock sparse tensors, which are not pretended.
DRY_RUN = Plan(60_000, 20, (Bench("ids25", 512, 2, 2, 50_000), DataBench("ids25", 512, 2, 4, 50_000, 0.01)))
