"""A run that is told to end: `python stopped.py REPOSITORY STARTED [KIND]`, as a process of its own."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])

from zenml import pipeline, step  # noqa: E402 - what is above makes them importable

from runtime import launch  # noqa: E402
from runtime.context import RunContext  # noqa: E402
from runtime.dagrun import DagRun  # noqa: E402
from runtime.processes import run_process  # noqa: E402
from runtime.schedule import DagSchedule  # noqa: E402
from tests.runtime.dagrun.dags import OPTIONS, RETRY  # noqa: E402


@step(retry=RETRY)
def loops(started: str) -> None:
    """Run until it is stopped, or told to finish."""
    Path(started, "loops").touch()
    while not Path(started, "finish").exists():
        time.sleep(0.05)


@step
def waits_for_a_process(started: str) -> None:
    """Run a process that does not end by itself, and leave its id."""
    if Path(started, "finish").exists():
        return
    command = [
        "sh",
        "-c",
        f"echo $$ > {started}/process.tmp; mv {started}/process.tmp "
        f"{started}/process; exec sleep 600",
    ]
    run_process(command, env=dict(os.environ), cwd=Path(started), on_line=print)


@pipeline(name="stopped-dag", **OPTIONS)
def stopped_dag(run: RunContext) -> None:
    """Two tasks that do not end, and one after them."""
    folder = str(run.params["started"])
    with DagRun(run) as dag:
        dag.task(loops, folder, id="loops")
        dag.task(waits_for_a_process, folder, id="process")
        dag.task(loops, folder, id="after", after=["loops"])


@pipeline(name="stopped-static", enable_cache=False)
def stopped_static(run: RunContext) -> None:
    """The same without a scheduler: one task after the other."""
    folder = str(run.params["started"])
    waits_for_a_process(folder, id="process")
    loops(folder, id="after", after=["process"])


PIPELINES = {"dynamic": stopped_dag, "static": stopped_static}

if __name__ == "__main__":
    chosen = PIPELINES[sys.argv[3] if len(sys.argv) > 3 else "dynamic"]
    launch.start(chosen, DagSchedule(), params={"started": sys.argv[2]})
