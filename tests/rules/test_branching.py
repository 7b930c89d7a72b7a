"""Branches and short circuits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import HEAD, REGISTRY, lower, one

PATHS = [
    "airflow.operators.python.BranchPythonOperator",
    "airflow.operators.python_operator.BranchPythonOperator",
    "airflow.providers.standard.operators.python.BranchPythonOperator",
    "airflow.operators.python_operator.ShortCircuitOperator",
    "airflow.providers.standard.operators.python.ShortCircuitOperator",
    "airflow.operators.latest_only_operator.LatestOnlyOperator",
    "airflow.providers.standard.operators.latest_only.LatestOnlyOperator",
    "airflow.providers.standard.operators.weekday.BranchDayOfWeekOperator",
    "airflow.providers.standard.operators.datetime.BranchDateTimeOperator",
    "airflow.operators.sql_branch_operator.BranchSqlOperator",
    "airflow.decorators.task.branch",
    "airflow.sdk.task.branch",
    "airflow.sdk.task.short_circuit",
]


@pytest.mark.parametrize("path", PATHS)
def test_the_operator_is_known_at_all_its_paths(path: str) -> None:
    rule = REGISTRY.find(path)
    assert rule is not None
    assert rule.dynamic is not None


@pytest.mark.parametrize(
    ("module", "call"),
    [
        ("airflow.operators.python", "BranchPythonOperator(task_id='t', python_callable=print)"),
        ("airflow.operators.python", "ShortCircuitOperator(task_id='t', python_callable=print)"),
        ("airflow.operators.latest_only", "LatestOnlyOperator(task_id='t')"),
    ],
)
def test_a_static_pipeline_refuses_decisions(module: str, call: str, tmp_path: Path) -> None:
    lowered = one(tmp_path, module, call, "mode: static")

    assert lowered.texts == []
    assert [found.code for found in lowered.refused] == ["D2Z203"]


def test_a_branch_gets_the_context_and_templates(tmp_path: Path) -> None:
    text = f"""{HEAD}from airflow.operators.python import BranchPythonOperator
def choose(day, **context):
    return [f"g.{{day}}", "other"] if context["ds"] else None
with DAG("d", start_date=datetime(2024, 1, 1), schedule="@daily"):
    BranchPythonOperator(task_id="t", python_callable=choose, op_args=["{{{{ ds }}}}"])
"""
    assert lower(tmp_path, text).texts == ['dag.branch(choose_step, day="{{ ds }}")']


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("", ""),
        (", ignore_downstream_trigger_rules=True", ""),
        (
            ", ignore_downstream_trigger_rules=False",
            ", ignore_downstream_trigger_rules=False",
        ),
    ],
)
def test_short_circuits(argument: str, expected: str, tmp_path: Path) -> None:
    text = f"""{HEAD}from airflow.operators.python import ShortCircuitOperator
def is_open():
    return True
with DAG("d", start_date=datetime(2024, 1, 1), schedule="@daily"):
    ShortCircuitOperator(task_id="t", python_callable=is_open{argument})
"""
    lowered = lower(tmp_path, text)
    assert lowered.texts == [f"dag.short_circuit(is_open{expected})"]
    assert lowered.untaken == []


FOLLOW = "follow_task_ids_if_true='a', follow_task_ids_if_false=['b', 'g']"
FOLLOWED = "follow_task_ids_if_true='a', follow_task_ids_if_false=['b', 'g']"
DAYS = "from airflow.utils.weekday import WeekDay\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("week_day='Monday'", "week_day='Monday', {}"),
        ("week_day=['Monday', 'friday']", "week_day=['Monday', 'friday'], {}"),
        ("week_day={'Monday', 'Friday'}", "week_day=['Friday', 'Monday'], {}"),
        ("week_day=WeekDay.SUNDAY", "week_day='sunday', {}"),
        (
            "week_day={WeekDay.SUNDAY, WeekDay.MONDAY}",
            "week_day=['monday', 'sunday'], {}",
        ),
        (
            "week_day='Monday', use_task_execution_day=True",
            "week_day='Monday', {}, use_task_logical_date=True",
        ),
        (
            "week_day='Monday', use_task_logical_date=False",
            "week_day='Monday', {}",
        ),
    ],
)
def test_days_of_the_week(arguments: str, expected: str, tmp_path: Path) -> None:
    lowered = _one_branch(tmp_path, "weekday", "BranchDayOfWeekOperator", arguments)
    assert lowered == f"dag.branch(branch_day_of_week, {expected.format(FOLLOWED)})"


def test_the_day_of_now_is_that_of_the_dags_time_zone(tmp_path: Path) -> None:
    start = "pendulum.datetime(2024, 1, 1, tz='Europe/Brussels')"
    lowered = _one_branch(
        tmp_path, "weekday", "BranchDayOfWeekOperator", "week_day='Monday'", start
    )
    assert lowered.endswith(f"{FOLLOWED}, tz='Europe/Brussels')")


@pytest.mark.parametrize(
    ("arguments", "start", "expected"),
    [
        (
            "target_lower=time(8), target_upper=None",
            "datetime(2024, 1, 1)",
            "target_lower='08:00:00'",
        ),
        (
            "target_lower=datetime(2024, 1, 1, 8), target_upper=datetime(2024, 2, 1)",
            "datetime(2024, 1, 1)",
            "target_lower='2024-01-01T08:00:00', target_upper='2024-02-01T00:00:00'",
        ),
        (
            "target_lower=None, target_upper=time(8)",
            "pendulum.datetime(2024, 1, 1, tz='Europe/Brussels')",
            "target_upper='08:00:00', tz='Europe/Brussels'",
        ),
        (
            "target_lower=None, target_upper=pendulum.datetime(2024, 1, 1)",
            "pendulum.datetime(2024, 1, 1, tz='Europe/Brussels')",
            "target_upper='2024-01-01T00:00:00+00:00'",
        ),
        (
            "target_lower=pendulum.time(15, 30), target_upper=None",
            "datetime(2024, 1, 1)",
            "target_lower='15:30:00'",
        ),
        (
            "target_lower=time(8), target_upper=None, use_task_logical_date=True",
            "datetime(2024, 1, 1)",
            "target_lower='08:00:00', use_task_logical_date=True",
        ),
    ],
)
def test_moments(arguments: str, start: str, expected: str, tmp_path: Path) -> None:
    lowered = _one_branch(tmp_path, "datetime", "BranchDateTimeOperator", arguments, start)
    assert lowered == f"dag.branch(branch_date_time, {FOLLOWED}, {expected})"


@pytest.mark.parametrize(
    ("operator", "module", "arguments"),
    [
        ("BranchDayOfWeekOperator", "weekday", "week_day=unknown()"),
        ("BranchDateTimeOperator", "datetime", "target_lower=unknown()"),
    ],
)
def test_dates_that_are_not_known_are_refused(
    operator: str, module: str, arguments: str, tmp_path: Path
) -> None:
    lowered = lower(tmp_path, _text(module, operator, arguments, "datetime(2024, 1, 1)"))
    assert [found.code for found in lowered.refused] == ["D2Z303"]


def test_a_query_on_another_database(tmp_path: Path) -> None:
    call = f"BranchSQLOperator(task_id='t', conn_id='mysql_shop', sql='SELECT 1', {FOLLOW})"
    lowered = one(tmp_path, "airflow.providers.common.sql.operators.sql", call)
    assert lowered.refused == []
    assert "connection='mysql_shop'" in lowered.texts[0]


def _one_branch(
    folder: Path, module: str, operator: str, arguments: str, start: str = "datetime(2024, 1, 1)"
) -> str:
    lowered = lower(folder, _text(module, operator, arguments, start))
    assert (lowered.untaken, lowered.refused) == ([], [])
    (text,) = lowered.texts
    return text


def _text(module: str, operator: str, arguments: str, start: str) -> str:
    return (
        f"{HEAD}import pendulum\nfrom datetime import time\nfrom elsewhere import unknown\n{DAYS}"
        f"from airflow.operators.{module} import {operator}\n"
        f'with DAG("d", start_date={start}, schedule="@daily"):\n'
        f"    {operator}(task_id='t', {FOLLOW}, {arguments})\n"
    )
