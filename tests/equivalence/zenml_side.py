"""ZenML's side: the DAGs as emitted, run in this process."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.equivalence.airflow_instances import RECORD
from tests.equivalence.cases import VARIABLES, Case
from tests.equivalence.outcome import REFUSED, Outcome, TaskOutcome
from transpiler.config import MigrationConfig
from transpiler.project import write_migration
from transpiler.report.models import DagEntry
from transpiler.service import analyse

if TYPE_CHECKING:
    from zenml.models import PipelineRunResponse, StepRunResponse

    from runtime.launch import RunReport


@dataclass(frozen=True)
class Emitted:
    """The emitted project, and what the report says of each DAG, by its id."""

    folder: Path
    dags: Mapping[str, DagEntry]


def emit(cases: Iterable[Case], folder: Path, root: Path) -> Emitted:
    """Transpile the cases' files into one project; paths are relative to `root`."""
    files = sorted({case.file for case in cases})
    results = analyse(files, project_root=root, config=MigrationConfig(), jobs=1, emit=True)
    document, _ = write_migration(folder, results)
    return Emitted(folder, {dag.dag_id: dag for file in document.files for dag in file.dags})


def environment(record: Path) -> dict[str, str]:
    """Environment variables that the emitted code needs."""
    variables = {f"VARIABLE_{name.upper()}": value for name, value in VARIABLES.items()}
    database = str(record.with_name("sqlite.db"))
    return {RECORD: str(record), "SQLITE_DEFAULT_HOST": database, **variables}


def zenml_outcomes(case: Case, emitted: Emitted) -> list[Outcome]:
    """The outcomes of a case's runs, in turn. The environment must have been set."""
    return [_outcome(case, emitted, date) for date in case.dates]


def _outcome(case: Case, emitted: Emitted, date: str) -> Outcome:
    from runtime.exceptions import ParamError, PipelineRuntimeError
    from runtime.launch import parse_logical_date, start
    from runtime.loading import load_pipeline

    record = Path(os.environ[RECORD])
    record.write_text("", encoding="utf-8")
    module = emitted.folder / emitted.dags[case.name].pipeline
    started = time.perf_counter()
    try:
        pipeline, schedule = load_pipeline(module)
        report = start(
            pipeline,
            schedule,
            logical_date=parse_logical_date(date),
            conf=case.conf,
            run_type=case.run_type,
        )
    except ParamError:
        return Outcome(REFUSED)
    except (PipelineRuntimeError, SystemExit) as error:
        return Outcome(None, error=f"{type(error).__name__}: {error}")
    seconds = time.perf_counter() - started
    lines = record.read_text("utf-8").splitlines()
    return _reported(report, [json.loads(line) for line in lines], seconds)


def _reported(report: RunReport, recorded: list[Any], seconds: float) -> Outcome:
    from zenml.client import Client

    run = Client().get_pipeline_run(report.run_name, allow_name_prefix_match=False)
    steps = run.steps
    return Outcome(
        state=report.state,
        tasks={
            name: TaskOutcome(task.state, task.xcom, _tries(steps.get(name)))
            for name, task in report.tasks.items()
        },
        order=list(_order(run)),
        recorded=recorded,
        seconds=seconds,
    )


def _tries(step: StepRunResponse | None) -> int:
    return step.version if step else 0


def _order(run: PipelineRunResponse) -> Iterator[tuple[str, str]]:
    """Starts and ends by time; at the same time, ends come first."""
    moments = [
        (moment, kind, name)
        for name, step in run.steps.items()
        for moment, kind in ((step.start_time, "start"), (step.end_time, "end"))
        if moment is not None
    ]
    for _, kind, name in sorted(moments):
        yield kind, name
