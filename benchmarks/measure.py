"""Runs commands as processes of their own and takes their times, on the wall and of the processor."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.cases import Case
from benchmarks.progress import shown


class CommandFailedError(RuntimeError):
    """A measured command did not do its work, so its time would mean nothing."""


@dataclass(frozen=True)
class Timing:
    """Seconds of each run of one case: on the wall, and of the processor."""

    case: Case
    seconds: tuple[float, ...]
    processor: tuple[float, ...]

    @property
    def median(self) -> float:
        """Median in seconds on the wall."""
        return statistics.median(self.seconds)

    @property
    def median_processor(self) -> float:
        """Median in seconds of the processor, which other programs change less."""
        return statistics.median(self.processor)


def measure(cases: Iterable[Case], runs: int) -> list[Timing]:
    """Time every case `runs` times, after one run that fills caches and does not count.

    The cases take turns, so that a slow minute of the machine falls on all of them.

    Raises:
        CommandFailedError: a command ended with another exit code than 0.
    """
    chosen = list(cases)
    for case in chosen:
        _run(case)
    rounds = [[_run(case) for case in chosen] for _ in shown("whole processes", range(1, runs + 1))]
    by_case = zip(*rounds, strict=True)
    return [
        Timing(case, *zip(*both, strict=True)) for case, both in zip(chosen, by_case, strict=True)
    ]


def _run(case: Case) -> tuple[float, float]:
    # An installed command has its bytecode cached, whatever the shell that measures it says.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(case.argv, env=env, stdin=subprocess.DEVNULL, capture_output=True)
    seconds, after = time.perf_counter() - start, os.times()
    if done.returncode != 0:
        raise CommandFailedError(
            f"{case.name} ended with exit code {done.returncode}:\n"
            f"{(done.stdout + done.stderr).decode(errors='replace')[-2000:]}"
        )
    user = after.children_user - before.children_user
    return seconds, user + after.children_system - before.children_system
