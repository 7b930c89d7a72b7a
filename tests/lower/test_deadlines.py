"""SLAs and deadline alerts of DAG files, as the emitted pipeline has them."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

from rules.registry import RuleRegistry
from transpiler.config import MigrationConfig
from transpiler.evaluate.read import read_dag_file
from transpiler.lower.dag import lower_dag
from transpiler.model.finding import Finding

_SLA = """
from datetime import datetime, timedelta
from functools import partial
from airflow import DAG
from outside import unknown
from airflow.operators.bash import BashOperator

def tell(dag, task_list, blocking_task_list, slas, blocking_tis, channel="#data"):
    print(task_list)

with DAG("orders", schedule="@daily", start_date=datetime(2024, 1, 1), {arguments}):
    load = BashOperator(task_id="load", bash_command="true", {task})
"""
_DEADLINE = """
from datetime import datetime, timedelta
from airflow.sdk import (
    DAG, AsyncCallback, DeadlineAlert, DeadlineReference, SyncCallback, VariableInterval,
)
from airflow.providers.standard.operators.bash import BashOperator
from outside import unknown

async def tell(text, context): print(text)

OTHER = unknown()
with DAG("orders", schedule="@daily", start_date=datetime(2024, 1, 1), deadline={deadline}):
    BashOperator(task_id="load", bash_command="true", {task})
"""


def lowered(folder: Path, text: str, **config: Any) -> tuple[str | None, list[Finding]]:
    (folder / "orders.py").write_text(textwrap.dedent(text), encoding="utf-8")
    file = read_dag_file(folder / "orders.py", folder)
    settings = MigrationConfig.model_validate(config)
    model = lower_dag(file, file.dags[0], settings, RuleRegistry.load(), folder)
    extra = model.decorator.get("extra")
    found = [one for one in model.findings if one.code in ("D2Z209", "D2Z309", "D2Z310", "D2Z215")]
    return (extra.code if extra is not None else None), found


def of_sla(folder: Path, task: str, arguments: str = "", **config: Any) -> Any:
    extra, found = lowered(folder, _SLA.format(task=task, arguments=arguments), **config)
    return extra and eval(extra), [(one.code, one.severity) for one in found]


def of_deadline(folder: Path, deadline: str, task: str = "") -> Any:
    extra, found = lowered(folder, _DEADLINE.format(deadline=deadline, task=task))
    return extra and eval(extra), [(one.code, one.severity) for one in found]


WATCHED = ("D2Z209", "info")


def test_an_sla_and_whom_it_tells(tmp_path: Path) -> None:
    extra, found = of_sla(
        tmp_path,
        'sla=timedelta(hours=2), email="a@example.com,b@example.com", email_on_failure=False',
        'sla_miss_callback=[tell, partial(tell, channel="#late")]',
    )
    assert extra == {
        "sla": {
            "tasks": {"load": 7200},
            "callbacks": [
                {"path": "steps.orders.tell"},
                {"path": "steps.orders.tell", "kwargs": {"channel": "#late"}},
            ],
            "email": {"load": ["a@example.com", "b@example.com"]},
        }
    }
    assert found == [WATCHED]


@pytest.mark.parametrize(
    ("task", "arguments", "expected"),
    [
        pytest.param("", "", [], id="nothing"),
        pytest.param("", "sla_miss_callback=tell", [WATCHED], id="no task has one"),
        pytest.param("sla=unknown()", "", [("D2Z209", "manual")], id="not known"),
    ],
)
def test_without_an_sla(tmp_path: Path, task: str, arguments: str, expected: Any) -> None:
    assert of_sla(tmp_path, task, arguments) == (None, expected)


@pytest.mark.parametrize(
    ("callback", "code"),
    [
        pytest.param("lambda *args: print(args)", None, id="lambda"),
        pytest.param("partial(tell, None)", "D2Z310", id="filled in by position"),
        pytest.param("unknown()", "D2Z310", id="not known"),
    ],
)
def test_callbacks_of_slas(tmp_path: Path, callback: str, code: str | None) -> None:
    extra, found = of_sla(tmp_path, "sla=timedelta(hours=1)", f"sla_miss_callback={callback}")
    assert len(extra["sla"]["callbacks"]) == (0 if code else 1)
    assert ((code, "manual") in found) is bool(code)


def test_callbacks_that_migration_yaml_names(tmp_path: Path) -> None:
    arguments = ("sla=timedelta(hours=1)", "sla_miss_callback=tell")
    extra, found = of_sla(tmp_path, *arguments, callbacks={"tell": "drop"})
    assert (extra["sla"]["callbacks"], found[0]) == ([], ("D2Z309", "info"))
    extra, _ = of_sla(tmp_path, *arguments, callbacks={"tell": "alerting.late"})
    assert extra["sla"]["callbacks"] == [{"path": "alerting.late"}]


def test_airflow_3_has_no_slas(tmp_path: Path) -> None:
    extra, found = of_deadline(tmp_path, "None", "sla=timedelta(hours=1)")
    assert (extra, found) == (None, [WATCHED])


CALL = 'AsyncCallback(tell, kwargs={"text": "late"})'
CALLED = {"path": "steps.orders.tell", "kwargs": {"text": "late"}}


@pytest.mark.parametrize(
    ("reference", "interval", "expected"),
    [
        (
            "DeadlineReference.DAGRUN_LOGICAL_DATE",
            "timedelta(hours=1)",
            {"reference": "logical_date", "seconds": 3600},
        ),
        (
            "DeadlineReference.DAGRUN_QUEUED_AT",
            'VariableInterval("wait")',
            {"reference": "queued_at", "variable": "wait"},
        ),
        (
            "DeadlineReference.FIXED_DATETIME(datetime(2024, 5, 6))",
            "timedelta(seconds=0.5)",
            {"reference": {"datetime": "2024-05-06T00:00:00"}, "seconds": 0.5},
        ),
        (
            "DeadlineReference.AVERAGE_RUNTIME(max_runs=5, min_runs=2)",
            "timedelta(minutes=1)",
            {"reference": {"max_runs": 5, "min_runs": 2}, "seconds": 60},
        ),
        (
            "DeadlineReference.AVERAGE_RUNTIME()",
            "timedelta(minutes=1)",
            {"reference": {"max_runs": 10}, "seconds": 60},
        ),
    ],
)
def test_deadlines(tmp_path: Path, reference: str, interval: str, expected: Any) -> None:
    alert = f"DeadlineAlert({reference}, interval={interval}, callback={CALL})"
    extra, found = of_deadline(tmp_path, f"[{alert}]")
    assert extra == {"deadlines": [{**expected, "callback": CALLED}]}
    assert found == [WATCHED]


QUEUED = "DeadlineReference.DAGRUN_QUEUED_AT"


@pytest.mark.parametrize(
    ("alert", "code"),
    [
        (f"DeadlineAlert(OTHER, timedelta(1), {CALL})", "D2Z209"),
        (f"DeadlineAlert(DeadlineReference.AVERAGE_RUNTIME('x'), timedelta(1), {CALL})", "D2Z209"),
        (f"DeadlineAlert({QUEUED}, OTHER, {CALL})", "D2Z209"),
        (f"DeadlineAlert({QUEUED}, timedelta(1), OTHER)", "D2Z310"),
        (f"DeadlineAlert({QUEUED}, timedelta(1), SyncCallback(tell, OTHER))", "D2Z310"),
        (f"DeadlineAlert({QUEUED}, timedelta(1), SyncCallback(tell, dict(a=OTHER)))", "D2Z310"),
        ("OTHER", "D2Z209"),
    ],
)
def test_deadlines_that_cannot_be_carried_over(tmp_path: Path, alert: str, code: str) -> None:
    assert of_deadline(tmp_path, alert) == (None, [(code, "manual")])


def test_a_callback_by_its_path(tmp_path: Path) -> None:
    alert = f"DeadlineAlert({QUEUED}, timedelta(1), SyncCallback('alerting.tell'))"
    extra, found = of_deadline(tmp_path, alert)
    assert extra["deadlines"][0]["callback"] == {"path": "alerting.tell"}
    assert set(found) == {WATCHED, ("D2Z309", "warning")}
