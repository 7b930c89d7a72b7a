"""Runs commands as processes of their own and takes their wall-clock time."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.cases import Case


class CommandFailedError(RuntimeError):
    """A measured command did not do its work, so its time would mean nothing."""


@dataclass(frozen=True)
class Timing:
    """Seconds of each run of one case."""

    case: Case
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Median in seconds."""
        return statistics.median(self.seconds)


def measure(cases: Iterable[Case], runs: int) -> list[Timing]:
    """Time every case `runs` times, after one run that fills caches and does not count.

    The cases take turns, so that a slow minute of the machine falls on all of them.

    Raises:
        CommandFailedError: a command ended with another exit code than 0.
    """
    chosen = list(cases)
    for case in chosen:
        _run(case)
    rounds = [[_run(case) for case in chosen] for _ in range(runs)]
    by_case = zip(*rounds, strict=True)
    return [Timing(case, seconds) for case, seconds in zip(chosen, by_case, strict=True)]


def _run(case: Case) -> float:
    # An installed command has its bytecode cached, whatever the shell that measures it says.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    done = subprocess.run(case.argv, env=env, stdin=subprocess.DEVNULL, capture_output=True)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise CommandFailedError(
            f"{case.name} ended with exit code {done.returncode}:\n"
            f"{(done.stdout + done.stderr).decode(errors='replace')[-2000:]}"
        )
    return seconds
