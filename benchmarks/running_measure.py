"""Runs the graphs in this process, and by Airflow in one of its own, and takes their time."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import ROOT
from benchmarks.progress import shown
from benchmarks.running_graphs import Graph
from transpiler.config import MigrationConfig
from transpiler.service import analyse

AIRFLOW_PROGRAM = "tests.equivalence.airflow_runs"
WARM_UP_DATE, DATE = "2024-03-04T00:00:00+00:00", "2024-03-05T00:00:00+00:00"


class RunFailedError(RuntimeError):
    """A measured run did not succeed, so its time would mean nothing."""


@dataclass(frozen=True)
class Running:
    """Seconds of each run of one graph, by who runs it."""

    graph: Graph
    emitted: tuple[float, ...]
    by_hand: tuple[float, ...]
    airflow: tuple[float, ...] = ()

    @property
    def ratio(self) -> float:
        """How many times the time of the pipeline written by hand the emitted one takes."""
        return statistics.median(self.emitted) / statistics.median(self.by_hand)


class Project:
    """A folder with the emitted pipelines and those written by hand."""

    def __init__(self, folder: Path, graphs: Sequence[Graph]) -> None:
        """Write all pipelines. The folder must be empty."""
        self.folder = folder
        self.dags = folder / "dags"
        for graph in graphs:
            _write(self.dags / f"{graph.name}.py", graph.airflow())
            _write(folder / "pipelines" / f"{graph.name}_by_hand.py", graph.by_hand())
        self.write_emitted(graph.name for graph in graphs)

    def write_emitted(self, names: Iterator[str]) -> None:
        """Transpile DAG files of the folder `dags`, by their stems."""
        paths = [self.dags / f"{name}.py" for name in names]
        config = MigrationConfig()
        for result in analyse(paths, project_root=self.dags, config=config, jobs=1, emit=True):
            for path, text in result.files.items():
                _write(self.folder / path, text)

    def emitted(self, name: str) -> Callable[[], object]:
        """How to run an emitted pipeline; raises RunFailedError when it does not succeed."""
        from runtime.launch import run_file

        def run() -> None:
            report = run_file(self.folder / "pipelines" / f"{name}.py", DATE)
            if report.state != "success":
                raise RunFailedError(f"The emitted pipeline {name} ended with {report.state}.")

        return run

    def by_hand(self, graph: Graph) -> Callable[[], object]:
        """How to run a pipeline that was written by hand."""
        from runtime.loading import load_pipeline

        path = self.folder / "pipelines" / f"{graph.name}_by_hand.py"
        return lambda: load_pipeline(path)[0]()


def measure(project: Project, graphs: Sequence[Graph], runs: int) -> list[Running]:
    """Time each graph `runs` times on each side, in turns, after one run that does not count."""
    done = []
    for graph in shown("emitted and by hand", graphs):
        sides = [project.emitted(graph.name), project.by_hand(graph)]
        rounds = [[seconds(side) for side in sides] for _ in range(runs + 1)][1:]
        emitted, by_hand = zip(*rounds, strict=True)
        done.append(Running(graph, emitted, by_hand, airflow_seconds(project, graph)))
    return done


def airflow_seconds(project: Project, graph: Graph) -> tuple[float, ...]:
    """Seconds of `dag.test()`; empty where there is no Airflow environment."""
    python = ROOT / ".venv-airflow" / "bin" / "python"
    if not python.is_file():
        return ()
    file = str(project.dags / f"{graph.name}.py")
    requests = {"run": {"file": file, "dates": [WARM_UP_DATE, DATE]}}
    done = subprocess.run(
        [str(python), "-m", AIRFLOW_PROGRAM],
        cwd=ROOT,
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        check=True,
    )
    outcome = json.loads(done.stdout)["run"][-1]
    if outcome.get("state") != "success":
        raise RunFailedError(f"Airflow's run of {graph.name}: {outcome}")
    return (outcome["seconds"],)


def seconds(run: Callable[[], object]) -> float:
    """Seconds by the clock that something takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def cpu_seconds(run: Callable[[], object]) -> float:
    """CPU seconds of this process and its children while something runs."""
    before = _cpu()
    run()
    return _cpu() - before


@contextmanager
def zenml_store() -> Iterator[Path]:
    """An empty folder, with a ZenML store in it that is used from here on."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        os.environ.update(
            ZENML_CONFIG_PATH=str(folder / "zenml"),
            ZENML_ANALYTICS_OPT_IN="false",
            ZENML_LOGGING_VERBOSITY="ERROR",
            ZENML_ENABLE_REPO_INIT_WARNINGS="false",
        )
        (folder / "zenml").mkdir()
        (folder / "project").mkdir()
        from zenml.client import Client

        Client().active_stack  # noqa: B018 - creates the database and the default stack
        yield folder / "project"


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    sys.dont_write_bytecode = True  # written twice within a second, a module's cache would be stale
