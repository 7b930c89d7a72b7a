"""Two ways to say one thing, and two things that look alike."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fidelity.equivalents import moving_param, same_assets, same_schedule, same_value
from tests.fidelity.operators import same_operator
from transpiler.verify.difference import Difference

SCHEDULES = {
    "assets": ("[orders]", {"assets": ["s3://orders"]}, "AssetTriggeredTimetable", True),
    "own timetable": ("AfterWorkday()", None, "AfterWorkdayTimetable", True),
    "assets or time": ("0 1 * * *", {"assets": ["a"], "time": "0 1 * * *"}, "Both", True),
    "another time": ("0 2 * * *", {"assets": ["a"], "time": "0 1 * * *"}, "Both", False),
    "cron": ("VALUE", "0 1 * * *", "CronTriggerTimetable", False),
    "never": ("VALUE", None, "NullTimetable", False),
    "not read": (None, {"assets": ["a"]}, "AssetTriggeredTimetable", False),
}
VALUES = {
    "nothing given": ("labels", None, {}, True),
    "something given": ("labels", {"a": 1}, {}, False),
    "equal": ("env", {"A": "1"}, {"A": "1"}, True),
    "file": ("sql", "load.sql", "select 1", True),
    "files": ("sql", ["a.sql", "b.sql"], ["select 1", "select 2"], True),
    "pod": ("env_vars", {"A": "1"}, [{"name": "A", "value": "1"}], True),
    "another pod": ("env_vars", {"A": "1"}, [{"name": "A", "value": "2"}], False),
    "number as text": ("pass_value", 4, "4", True),
    "stand-in": ("sql", "select x", "select stand-in", True),
    "another": ("sql", "select 1", "select 2", False),
}
OPERATORS = {
    "same": ("airflow.operators.bash.BashOperator", "airflow.operators.bash.BashOperator", True),
    "renamed": (
        "airflow.operators.dummy.DummyOperator",
        "airflow.operators.empty.EmptyOperator",
        True,
    ),
    "decorator": ("airflow.sdk.task", "airflow.decorators.python._PythonDecoratedOperator", True),
    "subclass": ("airflow.operators.bash.BashOperator", "team.operators.OwnOperator", True),
    "old path": (
        "airflow.contrib.operators.gcs_delete_operator.GoogleCloudStorageDeleteOperator",
        "airflow.providers.google.cloud.operators.gcs.GCSDeleteObjectsOperator",
        True,
    ),
    "another": (
        "airflow.operators.bash.BashOperator",
        "airflow.operators.empty.EmptyOperator",
        False,
    ),
    "not a decorator": ("airflow.sdk.task", "airflow.operators.empty.EmptyOperator", False),
}


@pytest.mark.parametrize(("ours", "airflow", "kind", "same"), SCHEDULES.values(), ids=SCHEDULES)
def test_schedules(ours: Any, airflow: Any, kind: str, same: bool) -> None:
    assert same_schedule(ours, airflow, kind) is same


@pytest.mark.parametrize(("field", "ours", "airflow", "same"), VALUES.values(), ids=VALUES)
def test_values(field: str, ours: Any, airflow: Any, same: bool) -> None:
    assert same_value(field, ours, airflow) is same


@pytest.mark.parametrize(("ours", "path", "same"), OPERATORS.values(), ids=OPERATORS)
def test_operators(ours: str, path: str, same: bool) -> None:
    facts = {"operator_path": path, "operator": path.rpartition(".")[2]}
    assert same_operator(ours, facts) is same


def test_params_that_are_others_at_each_load() -> None:
    def told(field: str, task_id: str | None = None) -> bool:
        return moving_param(Difference("a.py", "d", task_id, field, None, "x"), {"day"})

    assert told("params.day")
    assert not told("params.other")
    assert not told("params.day", "task")
    assert not told("schedule")


def test_assets() -> None:
    assert same_assets("s3://a & (x://b/c | s3://d)", "s3://a/ & (x://b/c | s3://d/)")
    assert same_assets("s3://a/b/ | c", "s3://a/b | c")
    assert not same_assets("s3://a", "s3://b/")
    assert not same_assets("s3://a", None)
