"""Retries: Airflow's waits against ZenML's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.lower.factory import argument
from transpiler.lower.retries import RETRY_ARGUMENTS, Retry, lower_retry
from transpiler.model.dag import Origin
from transpiler.model.values import Symbolic


def retry(origin: Origin = "task", **given: Any) -> Retry:
    arguments = {name: argument(name, value, origin) for name, value in given.items()}
    return lower_retry({name: arguments.get(name) for name in RETRY_ARGUMENTS}, "load")


def code(**given: Any) -> str | None:
    expr = retry(**given).expr
    return None if expr is None else expr.code.removeprefix("StepRetryConfig")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, None, id="no retries by default"),
        pytest.param({"retries": None}, None, id="None counts as none"),
        pytest.param({"retries": 0}, None, id="ZenML refuses max_retries=0"),
        pytest.param({"retries": -1}, None, id="Airflow does not retry either"),
        pytest.param({"retries": 2}, "(max_retries=2, delay=300, backoff=1)", id="default delay"),
        pytest.param(
            {"retries": "2", "retry_delay": 60},
            "(max_retries=2, delay=60, backoff=1)",
            id="text and seconds, as Airflow takes them",
        ),
        pytest.param(
            {"retries": 1, "retry_delay": timedelta(0)},
            "(max_retries=1, delay=0, backoff=1)",
            id="at once",
        ),
        pytest.param(
            {"retries": 1, "retry_exponential_backoff": False},
            "(max_retries=1, delay=300, backoff=1)",
            id="off",
        ),
    ],
)
def test_translated_without_a_finding(given: dict[str, Any], expected: str | None) -> None:
    assert code(**given) == expected
    assert retry(**given).findings == ()


@pytest.mark.parametrize(
    ("given", "expected", "findings"),
    [
        pytest.param(
            {"retries": 1, "retry_delay": timedelta(seconds=1.5)},
            "(max_retries=1, delay=2, backoff=1)",
            [("D2Z208", "info")],
            id="whole seconds, rounded up",
        ),
        pytest.param(
            {"retries": 3, "retry_delay": 60, "retry_exponential_backoff": True},
            "(max_retries=3, delay=60, backoff=2)",
            [("D2Z208", "info")],
            id="without the random part",
        ),
        pytest.param(
            {"retries": 3, "retry_delay": 60, "retry_exponential_backoff": 3.0},
            "(max_retries=3, delay=60, backoff=3)",
            [("D2Z208", "info")],
            id="Airflow 3 takes a factor",
        ),
        pytest.param(
            {"retries": 3, "retry_delay": 60, "retry_exponential_backoff": 1.5},
            "(max_retries=3, delay=0, backoff=1)",
            [],
            id="a factor that ZenML does not take",
        ),
        pytest.param(
            {
                "retries": 3,
                "retry_delay": 60,
                "retry_exponential_backoff": True,
                "max_retry_delay": 240,
            },
            "(max_retries=3, delay=60, backoff=2)",
            [("D2Z208", "info")],
            id="the longest wait, 240 s, is within the limit",
        ),
        pytest.param(
            {
                "retries": 4,
                "retry_delay": 60,
                "retry_exponential_backoff": True,
                "max_retry_delay": timedelta(seconds=240),
            },
            "(max_retries=4, delay=0, backoff=1)",
            [],
            id="the limit would shorten the last wait",
        ),
        pytest.param(
            {"retries": 20, "retry_delay": 60, "retry_exponential_backoff": True},
            "(max_retries=20, delay=0, backoff=1)",
            [],
            id="Airflow never waits longer than a day",
        ),
        pytest.param(
            {"retries": 100, "retry_delay": 0, "retry_exponential_backoff": True},
            "(max_retries=100, delay=0, backoff=2)",
            [("D2Z208", "info")],
            id="nothing grows from nothing",
        ),
        pytest.param(
            {"retries": 100, "retry_delay": 1, "retry_exponential_backoff": True},
            "(max_retries=100, delay=0, backoff=1)",
            [],
            id="past any limit",
        ),
        pytest.param(
            {"retries": 0, "retry_exponential_backoff": True},
            None,
            [("D2Z208", "info")],
            id="growing, but never retried",
        ),
        pytest.param(
            {"retries": 1, "max_retry_delay": 10},
            "(max_retries=1, delay=300, backoff=1)",
            [("D2Z311", "info")],
            id="a limit has no effect on constant waits",
        ),
        pytest.param(
            {"retries": 1, "retry_exponential_backoff": True, "max_retry_delay": "soon"},
            "(max_retries=1, delay=300, backoff=2)",
            [("D2Z303", "manual"), ("D2Z208", "info")],
            id="a limit that is no duration",
        ),
        pytest.param({"retries": "many"}, None, [("D2Z303", "manual")], id="not a number"),
        pytest.param(
            {"retries": Symbolic("N", "unknown")}, None, [("D2Z216", "manual")], id="not known"
        ),
        pytest.param(
            {"retries": 1, "retry_delay": timedelta(-1)},
            "(max_retries=1, delay=300, backoff=1)",
            [("D2Z303", "manual")],
            id="negative delay",
        ),
        pytest.param({"retry_policy": object()}, None, [("D2Z208", "manual")], id="Airflow 3.2"),
    ],
)
def test_differences_are_told(
    given: dict[str, Any], expected: str | None, findings: list[tuple[str, str]]
) -> None:
    assert code(**given) == expected
    assert [(f.code, f.severity) for f in retry(**given).findings] == findings


def test_airflows_own_delay_is_kept_for_the_report() -> None:
    assert retry(retries=1, retry_delay=timedelta(seconds=1.5)).delay_seconds == 1.5


def test_a_finding_about_default_args_belongs_to_no_task() -> None:
    assert retry("dag_default_args", retries="many").findings[0].task_id is None
    assert retry(retries="many").findings[0].task_id == "load"


@pytest.mark.parametrize(
    ("given", "call"),
    [
        ({"max_retry_delay": timedelta(minutes=4)}, "delay_seconds=60, max_delay_seconds=240"),
        ({"retries": 20}, "delay_seconds=60"),
        ({"retry_exponential_backoff": 1.5}, "delay_seconds=60, factor=1.5"),
        ({"max_retry_delay": 9999}, None),
        ({"retries": 0, "max_retry_delay": 1}, None),
        ({"retry_exponential_backoff": False, "max_retry_delay": 1}, None),
    ],
)
def test_a_hook_waits_where_zenml_cannot(given: dict[str, Any], call: str | None) -> None:
    growing = {"retries": 4, "retry_delay": 60, "retry_exponential_backoff": True}

    wait = retry(**{**growing, **given}).wait

    assert (wait and wait.code) == (call and f"wait_before_retry({call})")
