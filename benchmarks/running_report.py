"""Shows what running costs, as a Markdown page."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.running_graphs import Graph
from benchmarks.running_measure import Running

TARGET_RATIO = 1.15
"""How many times the time of a pipeline written by hand an emitted one may take."""


@dataclass(frozen=True)
class Growth:
    """Seconds of an emitted pipeline with few tasks, and of the same graph with many."""

    few: Graph
    few_seconds: float
    many: Graph
    many_seconds: float

    @property
    def factor(self) -> float:
        """How many times the time for one task of the small graph a task of the big one takes."""
        return (self.many_seconds / self.many.tasks) / (self.few_seconds / self.few.tasks)


@dataclass(frozen=True)
class Waiting:
    """What a sensor's wait costs: its seconds, and the CPU seconds that they took."""

    seconds: float
    cpu_seconds: float


def page(compared: Sequence[Running], growths: Sequence[Growth], waiting: Waiting) -> str:
    """The page: each graph against the one written by hand and Airflow, growth, and waiting."""
    lines = [
        "# What running costs",
        "",
        "Written by `make bench ARGS=--write`. Tasks that do nothing; all pipelines in one"
        f" process, {len(compared[0].emitted)} runs each, taken in turns, after one that is not"
        " counted. Airflow is `dag.test()`, one run.",
        "",
        f"{platform.python_implementation()} {platform.python_version()},"
        f" {platform.system()} {platform.machine()}, {os.cpu_count()} cores.",
        "",
        "| pipeline | tasks | emitted, per task | by hand, per task | ratio | target | Airflow, per task |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(_row(running) for running in compared),
        "",
        "| pipeline, emitted, one run | tasks | per task | tasks | per task | growth |",
        "|---|---:|---:|---:|---:|---:|",
        *(_growth(growth) for growth in growths),
        "",
        f"A sensor that waits {waiting.seconds:g} s, asking every second, takes"
        f" {max(waiting.cpu_seconds, 0):.2f} s of CPU time for it.",
    ]
    return "\n".join(lines) + "\n"


def _row(running: Running) -> str:
    graph = running.graph
    cells = [
        f"{graph.shape}, {graph.mode}",
        str(graph.tasks),
        f"{_for_a_task(running, running.emitted):.3f} s",
        f"{_for_a_task(running, running.by_hand):.3f} s",
        f"{running.ratio:.2f}",
        str(TARGET_RATIO),
        f"{_for_a_task(running, running.airflow):.3f} s" if running.airflow else "not measured",
    ]
    return f"| {' | '.join(cells)} |"


def _growth(growth: Growth) -> str:
    few, many = growth.few, growth.many
    cells = [
        f"{few.shape}, {few.mode}",
        str(few.tasks),
        f"{growth.few_seconds / few.tasks:.3f} s",
        str(many.tasks),
        f"{growth.many_seconds / many.tasks:.3f} s",
        f"{growth.factor:.2f}",
    ]
    return f"| {' | '.join(cells)} |"


def _for_a_task(running: Running, seconds: Sequence[float]) -> float:
    return statistics.median(seconds) / running.graph.tasks
