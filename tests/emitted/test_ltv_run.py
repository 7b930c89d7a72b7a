"""The emitted LTV project runs against the embedded warehouse and registry; a second run changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_dags.demo.environment import demo_environment
from fixtures_dags.demo.seed import seed
from fixtures_dags.demo.show import table_counts
from fixtures_dags.demo.train import train
from runtime import launch
from runtime.config import ConnectionConfig
from runtime.warehouse import embedded_warehouse
from tests.conftest import EmittedProject
from tests.emitted.fixtures import LTV, results

DATE = "2024-06-01"
NAMES = ("feature_engineering_daily", LTV)


def test_runs_twice_with_the_same_rows(
    runnable_project: EmittedProject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in NAMES:
        for path, text in results()[name].files.items():
            runnable_project.write(path, text)
    with embedded_warehouse(None) as endpoint:
        connection = ConnectionConfig.model_validate(endpoint.connection())
        seed(connection, 1_500)
        train(connection, tmp_path / "mlflow")
        for name, value in demo_environment(endpoint, tmp_path).items():
            if not name.startswith("ZENML_"):
                monkeypatch.setenv(name, value)
        upstream = _run(runnable_project, NAMES[0], f"{DATE}T01:00:00+00:00")
        assert upstream.state == "success"
        counts = []
        for _ in range(2):
            report = _run(runnable_project, LTV, f"{DATE}T02:00:00+00:00")
            assert report.state == "success"
            assert {task.state for task in report.tasks.values()} == {"success"}
            assert len(report.tasks) == 13
            counts.append(table_counts(connection, DATE))
    assert counts[0] == counts[1]
    assert counts[0]["predictions"] == counts[0]["features"] == counts[0]["mart"] > 1_000


def _run(project: EmittedProject, dag_id: str, logical_date: str) -> launch.RunReport:
    return launch.run_file(
        project.root / "pipelines" / f"{dag_id.replace('-', '_')}.py", logical_date
    )
