"""Times systems in turns, each with the number of threads that suits it best."""
import statistics
import time

import torch


class Timed:
    def __init__(self, make, batches, steps):
        self.system, self.batches, self.steps, self.place = make(), batches, steps, 0

    def samples_per_second(self):
        torch.set_num_threads(self.threads)
        start = time.perf_counter()
        for _ in range(self.steps):
            self.system.step(self.place % self.batches.count)
            self.place += 1
        return self.steps * self.batches.size / (time.perf_counter() - start)

    def choose_threads(self, most):
        """One run to warm up, then one with each number of threads."""
        self.threads = most
        self.samples_per_second()
        speeds = {}
        for self.threads in range(1, most + 1):
            speeds[self.threads] = self.samples_per_second()
        self.threads = max(speeds, key=speeds.get)


def summary(speeds):
    return {"samples_per_second": statistics.median(speeds), "min": min(speeds), "max": max(speeds)}


def race(makers, batches, steps, rounds, most_threads, between):
    """{system: its samples/s}; `between` is called in each round and gives such results of its own, by name."""
    timed = {name: Timed(make, batches, steps) for name, make in makers.items()}
    for system in timed.values():
        system.choose_threads(most_threads)
    speeds = {}
    for _ in range(rounds):
        measured = {name: system.samples_per_second() for name, system in timed.items()} | between()
        for name, speed in measured.items():
            speeds.setdefault(name, []).append(speed)
    return {name: summary(found) | {"threads": timed[name].threads if name in timed else most_threads}
            for name, found in speeds.items()}
