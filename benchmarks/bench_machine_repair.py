"""Machine repair beside SimPy and ciw, written item by item: replications a second, and whether they agree.

    python benchmarks/bench_machine_repair.py

K machines each fail 4 times a year; c repairmen mend one in 14 days on average; 15 years, all on one core in one process. Means and
variances are of the number in repair over the last 13 years. ciw samples its state at the end of each step it makes and is
far slower; it is given a shorter run, scaled to 15 years.
"""

from __future__ import annotations

import random
import statistics
import time

import ciw
import simpy

from pactwork.futures.oracles.closed_forms import machine_repair, mean_and_deviation
from pactwork.futures.oracles.fleets import FAILURES_A_YEAR, MENDING_A_YEAR, sample_fleet

YEARS, WARM_UP_YEARS = 15.0, 2.0
Averages = tuple[float, float]


def play_ours(machines: int, channels: int, runs: int) -> list[Averages]:
    """Return averages over time of the number in repair and of its square, from the step functions of pactwork."""
    found = sample_fleet(
        machines, YEARS, WARM_UP_YEARS, runs, required=machines, failure=FAILURES_A_YEAR, grades=[[0.0, 1.0, 0.0]],
        mending=[[0.0, MENDING_A_YEAR, 0.0]], channels=[[1, channels, 1]],
    )  # fmt: skip
    return [(machines - ready, square - 2 * machines * ready + machines**2) for ready, square, _ in found]


class SimpyShop:
    """Machines as processes that hold a repairman while they are mended."""

    def __init__(self, machines: int, channels: int, seed: int) -> None:
        self.chance, self.environment = random.Random(seed), simpy.Environment()
        self.repairmen = simpy.Resource(self.environment, channels)
        self.down, self.since, self.area, self.square = 0, WARM_UP_YEARS, 0.0, 0.0
        for _ in range(machines):
            self.environment.process(self.machine())

    def count(self, change: int) -> None:
        now = self.environment.now
        if now > self.since:
            self.area += self.down * (now - self.since)
            self.square += self.down**2 * (now - self.since)
            self.since = now
        self.down += change

    def machine(self):
        while True:
            yield self.environment.timeout(self.chance.expovariate(FAILURES_A_YEAR))
            self.count(1)
            with self.repairmen.request() as request:
                yield request
                yield self.environment.timeout(self.chance.expovariate(MENDING_A_YEAR))
            self.count(-1)

    def play(self) -> Averages:
        self.environment.run(YEARS)
        self.count(0)
        return self.area / (YEARS - WARM_UP_YEARS), self.square / (YEARS - WARM_UP_YEARS)


def play_ciw(machines: int, channels: int, seed: int, years: float) -> None:
    """Play a closed network of two nodes: running (a server for each machine) and in repair."""
    network = ciw.create_network(
        arrival_distributions=[None, None],
        service_distributions=[ciw.dists.Exponential(FAILURES_A_YEAR), ciw.dists.Exponential(MENDING_A_YEAR)],
        routing=[[0.0, 1.0], [1.0, 0.0]],
        number_of_servers=[machines, channels],
    )
    network.customer_classes["Customer"].arrival_distributions[0] = ciw.dists.Sequential(
        [1e-9] * machines + [float("inf")]
    )
    ciw.seed(seed)
    ciw.Simulation(network).simulate_until_max_time(years)


def spread(values: list[Averages]) -> tuple[float, float, float]:
    """Return mean, its standard error, and variance of the number in repair."""
    means = [mean for mean, _ in values]
    middle = statistics.fmean(means)
    variance = statistics.fmean(square for _, square in values) - middle**2
    return middle, statistics.stdev(means) / len(means) ** 0.5, variance


def main() -> None:
    """Measure, and print a table."""
    play_ours(4, 2, 1)  # compiled, or taken from disk
    print("machines channels | replications a second: pactwork SimPy ciw | times SimPy, times ciw")
    for machines, channels, ours, theirs, ciw_years in ((48, 6, 2000, 30, 1.0), (1000, 110, 300, 6, 0.1)):
        begun = time.perf_counter()
        found = play_ours(machines, channels, ours)
        middle = time.perf_counter()
        simpy_found = [SimpyShop(machines, channels, seed).play() for seed in range(theirs)]
        after = time.perf_counter()
        play_ciw(machines, channels, 0, ciw_years)
        end = time.perf_counter()
        speed, simpy_speed = ours / (middle - begun), theirs / (after - middle)
        ciw_speed = ciw_years / YEARS / (end - after)
        print(f"{machines:8d} {channels:8d} | {speed:10.0f} {simpy_speed:8.3f} {ciw_speed:8.4f} | "
              f"{speed / simpy_speed:6.0f} {speed / ciw_speed:6.0f}")  # fmt: skip
        theory, deviation = mean_and_deviation(machine_repair(machines, channels, FAILURES_A_YEAR, MENDING_A_YEAR))
        for name, values in (("pactwork", found), ("SimPy", simpy_found)):
            mean, error, variance = spread(values)
            print(f"  {name:9s} in repair: mean {mean:8.3f} ± {error:.3f}, variance {variance:8.2f}")
        print(f"  {'theory':9s} in repair: mean {theory:8.3f},         variance {deviation**2:8.2f}")


if __name__ == "__main__":
    main()
