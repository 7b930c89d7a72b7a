"""Loading emitted modules, and their command line, as real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest
from zenml import pipeline, step

from runtime import launch
from runtime.command import describe, main, parse_params
from runtime.context import RunContext, current_run
from runtime.exceptions import LaunchError
from runtime.loading import load_pipeline
from runtime.report import RunReport, TaskReport
from runtime.runs import runs_at
from runtime.schedule import DagSchedule
from tests.conftest import REPOSITORY, EmittedProject

MODULE = """
from zenml import pipeline

from runtime import launch
from runtime.context import RunContext
from runtime.schedule import DagSchedule
from runtime.steps import run_bash

SCHEDULE = DagSchedule(cron="0 2 * * *", start_date="2024-01-01T00:00:00+00:00")


@pipeline(name="small-dag", enable_cache=False)
def small_dag(run: RunContext) -> None:
    run_bash("echo {{ ds }} {{ params.size }}; exit {{ params.code }}", id="say")


if __name__ == "__main__":
    launch.main(small_dag, SCHEDULE)
"""
EMPTY = "from zenml import pipeline\n"
ONE = "\n@pipeline(name='{0}')\ndef {0}(): ...\n"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("none.py", "SCHEDULE = None\n", "exactly one pipeline; it defines: none"),
        ("two.py", EMPTY + ONE.format("b") + ONE.format("a"), "it defines: a, b"),
        ("broken.py", "import no_such_module\n", "does not import: ModuleNotFoundError"),
        ("syntax.py", "def\n", "does not import: SyntaxError"),
        ("not-a-name.py", "", "no Python module"),
    ],
)
def test_module_that_cannot_be_run(
    runnable_project: EmittedProject, name: str, text: str, message: str
) -> None:
    path = runnable_project.write(f"pipelines/{name}", text)
    with pytest.raises(LaunchError, match=message):
        load_pipeline(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="no pipeline file"):
        load_pipeline(tmp_path / "x.py")


def test_projects_with_modules_of_one_name(
    runnable_project: EmittedProject, tmp_path: Path
) -> None:
    other = EmittedProject(tmp_path / "other")
    imports = f"{EMPTY}from steps.shared import NAME\n"
    text = f"{imports}@pipeline(name=NAME)\ndef p(): ...\n"
    paths = []
    for project, name in ((runnable_project, "first"), (other, "second")):
        project.write("steps/shared.py", f"NAME = {name!r}\n")
        paths.append(project.write("pipelines/same.py", text))
    loaded = [load_pipeline(path) for path in (*paths, paths[0])]
    assert [found.name for found, _ in loaded] == ["first", "second", "first"]
    assert loaded[0][1] == DagSchedule()


def test_a_folder_without_init_is_the_projects_package(
    runnable_project: EmittedProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = EmittedProject(tmp_path / "other")
    for name in ("pipelines", "steps"):
        other.write(f"{name}/__init__.py", "")
    monkeypatch.syspath_prepend(other.root)
    runnable_project.write("steps/own.py", "NAME = 'own'\n")
    text = f"{EMPTY}from steps.own import NAME\n@pipeline(name=NAME)\ndef p(): ...\n"
    assert load_pipeline(runnable_project.write("pipelines/own.py", text))[0].name == "own"


def test_imported_pipeline_is_not_the_modules_own(runnable_project: EmittedProject) -> None:
    runnable_project.write("pipelines/base.py", EMPTY + ONE.format("base"))
    text = f"{EMPTY}from pipelines.base import base\n{ONE.format('own')}"
    assert load_pipeline(runnable_project.write("pipelines/own.py", text))[0].name == "own"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["--param", "code=0", "--json"], 0, id="success"),
        pytest.param(["--param", "code=4"], 1, id="failed step", marks=pytest.mark.slow),
        pytest.param(["--logical-date", "soon"], 2, id="bad date", marks=pytest.mark.slow),
        pytest.param(["--schedule"], 2, id="no scheduler", marks=pytest.mark.slow),
    ],
)
def test_module_as_a_script(
    zenml_store: Path, emitted_project: EmittedProject, arguments: list[str], code: int
) -> None:
    path = emitted_project.write("pipelines/small_dag.py", MODULE)
    emitted_project.write("configs/small_dag.yaml", "params: {size: 3}\n")
    finished = subprocess.run(
        [sys.executable, str(path), "--logical-date", "2024-05-06T02:00:00", *arguments],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=False,
    )
    assert finished.returncode == code, finished.stderr
    if code == 0:
        report = json.loads(finished.stdout[finished.stdout.index("{\n") :])
        assert report == {
            "state": "success",
            "tasks": {"say": {"state": "success", "xcom": {"return_value": "2024-05-06 3"}}},
        }
    elif code == 1:
        assert "say  failed" in finished.stdout
    else:
        cause = "is not a date" if "soon" in arguments else "cannot schedule pipelines"
        assert "error: " in finished.stderr
        assert cause in finished.stderr


@step(enable_cache=False)
def read_dates() -> str:
    """Give the run's dates."""
    return f"{current_run().logical_date} {current_run().run_id}"


@pipeline(name="scheduled-by-zenml", enable_cache=False)
def scheduled(run: RunContext) -> None:
    """Read the dates."""
    read_dates(id="read")


@pipeline(name="without-run-parameter", enable_cache=False)
def without_run() -> None:
    """No run context."""
    read_dates(id="read")


def test_run_of_zenmls_scheduler_takes_its_dates_when_it_starts(zenml_store: Path) -> None:
    schedule = DagSchedule(cron="*/5 * * * *")
    context = launch.run_context("scheduled-by-zenml", schedule)
    finished = scheduled(run=context.model_copy(update={"schedule": schedule, "run_id": "?"}))
    assert finished is not None
    assert finished.start_time is not None
    newest = schedule.latest(finished.start_time.replace(tzinfo=timezone.utc))
    assert newest is not None
    assert finished.steps["read"].output.load() == f"{newest} scheduled__{newest.isoformat()}"
    assert [run.id for run in runs_at("scheduled-by-zenml", newest)] == [finished.id]


def test_pipeline_without_run_parameter_cannot_be_started(zenml_store: Path) -> None:
    with pytest.raises(LaunchError, match="'without-run-parameter' could not be run"):
        launch.start(without_run, DagSchedule())


def test_local_orchestrator_has_no_scheduler(zenml_store: Path) -> None:
    with pytest.raises(LaunchError, match="'default' cannot schedule pipelines"):
        launch.attach_schedule(scheduled, DagSchedule(cron="0 2 * * *"))


def test_dag_without_complete_interval_needs_a_date() -> None:
    schedule = DagSchedule(cron="0 2 * * *", start_date=datetime(2999, 1, 1, tzinfo=timezone.utc))
    with pytest.raises(LaunchError, match="No data interval of 'd' is complete"):
        launch.run_context("d", schedule)


def test_dag_without_schedule_runs_now_by_hand(emitted_project: EmittedProject) -> None:
    context = launch.run_context("d", DagSchedule(), params={"a": 1}, conf={"a": 2})
    assert context.run_type == "manual"
    assert context.run_id.startswith("manual__")
    assert context.params == {"a": 2}


def test_dates_are_read_as_utc() -> None:
    assert launch.parse_logical_date("2024-05-06") == datetime(2024, 5, 6, tzinfo=timezone.utc)
    assert str(launch.parse_logical_date("2024-05-06T02:00+02:00")) == "2024-05-06 02:00:00+02:00"
    with pytest.raises(LaunchError, match="'soon' is not a date"):
        launch.parse_logical_date("soon")


def test_params_are_yaml() -> None:
    assert parse_params(["a=1", "b=x=y", "c=[1, 2]", "d="]) == {
        "a": 1,
        "b": "x=y",
        "c": [1, 2],
        "d": None,
    }
    with pytest.raises(LaunchError, match="not written as name=value"):
        parse_params(["a"])
    with pytest.raises(LaunchError, match="not valid YAML"):
        parse_params(["a=["])


def test_main_reports_and_sets_the_exit_code(
    zenml_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(scheduled, DagSchedule(), ["--logical-date", "2024-05-07"])
    assert "read  success" in capsys.readouterr().out


@step(enable_cache=False)
def fail() -> None:
    """Fail."""
    raise ValueError("as expected")


@pipeline(name="fails", enable_cache=False)
def fails(run: RunContext) -> None:
    """A step that fails."""
    fail(id="fail")


def test_main_of_a_run_that_fails(zenml_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(fails, DagSchedule(), ["--logical-date", "2024-05-07"])
    assert ended.value.code == 1
    assert "fail  failed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["--logical-date", "soon"], "is not a date"),
        (["--schedule"], "cannot schedule pipelines"),
        (["--param", "x"], "not written as name=value"),
    ],
)
def test_main_that_cannot_start(
    zenml_store: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], cause: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(scheduled, DagSchedule(cron="0 2 * * *"), arguments)
    assert ended.value.code == 2
    assert cause in capsys.readouterr().err


def test_text_of_a_report() -> None:
    report = RunReport(
        state="failed", tasks={"a": TaskReport(state=None), "bb": TaskReport(state="failed")},
        run_name="r",
    )  # fmt: skip
    assert describe(report) == "a   no status\nbb  failed\nrun r: failed"
    assert describe(RunReport(state="success", tasks={}, run_name="r")) == "run r: success"
