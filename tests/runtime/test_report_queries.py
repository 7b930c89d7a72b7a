"""A report reads its run at once: what it costs must not grow with the square of the steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from zenml import pipeline, step

from runtime.report import run_report


@step(enable_cache=False)
def number(value: int) -> int:
    """Give the number."""
    return value


@pipeline(name="report-queries", enable_cache=False)
def numbers() -> None:
    """Three steps."""
    for value in range(3):
        number(value, id=f"number_{value}")


def test_steps_are_listed_once(zenml_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from zenml.client import Client

    run = numbers()
    assert run is not None
    run = Client().get_pipeline_run(run.id)
    original, listed = Client.list_run_steps, []

    def listing(client: Client, **filters: Any) -> Any:
        listed.append(filters)
        return original(client, **filters)

    monkeypatch.setattr(Client, "list_run_steps", listing)
    report = run_report(run)
    assert {name: task.xcom for name, task in report.tasks.items()} == {
        f"number_{value}": {"return_value": value} for value in range(3)
    }
    assert len(listed) == 1
