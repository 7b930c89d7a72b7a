"""The emitted LTV project, and the demonstration's pipeline by hand, run twice; nothing changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_dags.demo.__main__ import BY_HAND, SCORES
from fixtures_dags.demo.environment import demo_environment
from fixtures_dags.demo.seed import seed
from fixtures_dags.demo.show import WRITTEN, table_contents
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
    for file in filter(Path.is_file, BY_HAND.rglob("*.*")):
        runnable_project.write(str(file.relative_to(BY_HAND)), file.read_text(encoding="utf-8"))
    with embedded_warehouse(None) as endpoint:
        connection = ConnectionConfig.model_validate(endpoint.connection())
        seed(connection, 1_500)
        train(connection, tmp_path / "mlflow")
        for name, value in demo_environment(endpoint, tmp_path).items():
            if not name.startswith("ZENML_"):
                monkeypatch.setenv(name, value)
        upstream = _run(runnable_project, NAMES[0], f"{DATE}T01:00:00+00:00")
        assert upstream.state == "success"
        contents = []
        for _ in range(2):
            report = _run(runnable_project, LTV, f"{DATE}T02:00:00+00:00")
            assert report.state == "success"
            assert {task.state for task in report.tasks.values()} == {"success"}
            assert len(report.tasks) == 13
            by_hand = _run(runnable_project, SCORES, f"{DATE}T04:00:00+00:00")
            assert by_hand.state == "success"
            contents.append(table_contents(connection, DATE))
    assert contents[0] == contents[1]
    rows = {content.rows for content in contents[0].values()}
    assert set(contents[0]) == set(WRITTEN) and len(rows) == 1 and rows.pop() > 1_000


def _run(project: EmittedProject, dag_id: str, logical_date: str) -> launch.RunReport:
    return launch.run_file(
        project.root / "pipelines" / f"{dag_id.replace('-', '_')}.py", logical_date
    )
