"""Callbacks of the DAG: they run outside of steps, and for their DAG."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.airflow_names import BaseHook, Variable
from runtime.context import RunContext, on_behalf_of, running_dag_id
from runtime.dagrun.callbacks import call_back
from runtime.dagrun.finish import RunState
from runtime.dagrun.noting import Notebook
from runtime.failed_callbacks import collecting
from tests.conftest import EmittedProject
from tests.runtime.dagrun.memory import nothing
from tests.runtime.dagrun.memory import run as run_in_memory

DONE = RunState("success", "success")


def test_they_find_the_configuration_of_their_dag(
    emitted_project: EmittedProject, run: RunContext
) -> None:
    emitted_project.configure(
        "probe_dag",
        {"variables": {"channel": "#data"}, "connections": {"crm": {"host": "crm.example.com"}}},
    )
    dag = Notebook()
    dag.task(nothing, id="a")
    table = run_in_memory(dag).scheduler.table
    told: list[Any] = []

    def tell(context: Any) -> None:
        told.append(Variable.get("channel"))
        told.append(BaseHook.get_connection("crm").host)

    call_back(tell, run, table, DONE)
    assert told == ["#data", "crm.example.com"]
    with pytest.raises(KeyError, match="channel"):
        Variable.get("channel")


def test_one_that_raises_stops_nothing(run: RunContext, caplog: pytest.LogCaptureFixture) -> None:
    dag = Notebook()
    dag.task(nothing, id="a")
    table = run_in_memory(dag).scheduler.table
    told: list[str] = []

    def fails(context: Any) -> None:
        raise ValueError("a broken callback")

    failed: dict[str, str] = {}
    with collecting(failed):
        call_back([fails, lambda context: told.append(context["reason"])], run, table, DONE)
    assert told == ["success"] and "a broken callback" in caplog.text
    ((name, error),) = failed.items()
    assert name.endswith("fails") and error == "ValueError: a broken callback"


def test_nobody_is_spoken_for_outside() -> None:
    with on_behalf_of("orders"):
        assert running_dag_id() == "orders"
    assert running_dag_id() is None
