"""`python -m benchmarks.running [--tasks N] [--runs N] [--write]`: what running a pipeline costs."""

from __future__ import annotations

import argparse

from benchmarks.cases import ROOT
from benchmarks.progress import shown, tell
from benchmarks.running_graphs import Graph, Mode, graphs
from benchmarks.running_measure import Project, cpu_seconds, measure, seconds, zenml_store
from benchmarks.running_report import Growth, Waiting, page

RESULTS = ROOT / "benchmarks" / "running.md"
SIZES = (100, 500)
"""Numbers of tasks between which the time for one task should not grow."""
WAITS = (0, 20)
"""Seconds that a sensor waits."""
SENSOR = """\
import time
from datetime import datetime

from airflow import DAG
from airflow.sensors.python import PythonSensor

SECONDS = {seconds}
started = []


def ready():
    started.append(time.monotonic())
    return time.monotonic() - started[0] >= SECONDS


with DAG("wait_{seconds}", start_date=datetime(2024, 1, 1), schedule=None):
    PythonSensor(task_id="wait", python_callable=ready, poke_interval=1, timeout=60)
"""


def main(arguments: list[str] | None = None) -> None:
    """Measure, print the page, and on request write it to benchmarks/running.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.running", description=__doc__)
    parser.add_argument("--tasks", type=int, default=50, help="tasks of each graph (50)")
    parser.add_argument("--runs", type=int, default=2, help="runs of each pipeline (2)")
    parser.add_argument(
        "--sizes", type=int, nargs=2, default=SIZES, help="tasks between which time grows (100 500)"
    )
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.relative_to(ROOT)}")
    chosen = parser.parse_args(arguments)
    if chosen.runs < 1 or min(chosen.tasks, *chosen.sizes) < 3:
        parser.error("--runs must be at least 1, --tasks and --sizes at least 3")
    compared = graphs(chosen.tasks)
    modes: tuple[Mode, ...] = ("static", "dynamic")
    grown = [[Graph("fan-out", mode, tasks) for tasks in chosen.sizes] for mode in modes]
    with zenml_store() as folder:
        project = Project(folder, [*compared, *(graph for pair in grown for graph in pair)])
        text = page(
            measure(project, compared, chosen.runs),
            [_growth(project, pair) for pair in grown],
            _waiting(project),
        )
    print(text)
    if chosen.write:
        RESULTS.write_text(text, encoding="utf-8")


def _growth(project: Project, pair: list[Graph]) -> Growth:
    few, many = pair
    took = [seconds(project.emitted(graph.name)) for graph in shown("growth", pair)]
    return Growth(few, took[0], many, took[1])


def _waiting(project: Project) -> Waiting:
    """CPU seconds of a run whose sensor waits, against one whose sensor need not."""
    names = [f"wait_{seconds}" for seconds in WAITS]
    for name, wait in zip(names, WAITS, strict=True):
        (project.dags / f"{name}.py").write_text(SENSOR.format(seconds=wait), encoding="utf-8")
    project.write_emitted(iter(names))
    short, long = (project.emitted(name) for name in names)
    tell("a sensor that waits")
    short()
    return Waiting(WAITS[1] - WAITS[0], cpu_seconds(long) - cpu_seconds(short))


if __name__ == "__main__":
    main()
