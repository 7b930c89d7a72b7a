"""The arguments that every operator has."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.lower.factory import PlainLowering, argument, dag, task
from transpiler.lower.argument_table import DAG_ONLY, ROWS, STRUCTURAL
from transpiler.lower.common import CommonOptions, take_common
from transpiler.lower.dag_defaults import pipeline_defaults
from transpiler.lower.reader import TaskReader
from transpiler.model.codes import CODES
from transpiler.model.dag import Task
from transpiler.model.pipeline import Expr, Import
from transpiler.model.values import Call, Ref, Symbolic

START = datetime(2024, 1, 1, tzinfo=timezone.utc)


def take(one: Task, to: PlainLowering | None = None) -> tuple[CommonOptions, PlainLowering]:
    to = to or PlainLowering(dag(one))
    return take_common(TaskReader(one), to), to  # type: ignore[arg-type]


def test_nothing_given_gives_airflows_defaults() -> None:
    options, to = take(task())
    assert options == CommonOptions()
    assert (options.retries, options.retry_delay_seconds) == (0, 300.0)
    assert to.findings == []


def test_retry_and_timeout() -> None:
    options, to = take(
        task(retries=3, retry_delay=timedelta(minutes=5), execution_timeout=timedelta(hours=2))
    )
    assert options.retry is not None
    assert options.retry.code == "StepRetryConfig(max_retries=3, delay=300, backoff=1)"
    assert (options.retries, options.retry_delay_seconds) == (3, 300.0)
    assert options.execution_timeout_seconds == 7200
    assert options.timeout == Expr("7200")
    assert to.imports == [Import("zenml.config.retry_config", "StepRetryConfig")]
    assert to.findings == []


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param(Symbolic("LIMIT", "unknown"), "D2Z216", id="not known"),
        pytest.param(30, "D2Z216", id="not a timedelta: Airflow refuses it"),
        pytest.param(timedelta(0), "D2Z303", id="no time at all"),
    ],
)
def test_timeouts_that_cannot_be_kept(value: Any, code: str) -> None:
    options, to = take(task(execution_timeout=value))
    assert options.timeout is None
    assert to.codes() == [code]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_reports_at_its_place_and_is_silent_at_the_default(row: Any) -> None:
    assert row.code in CODES
    for silent in row.silent:
        assert take(task(**{row.name: silent}))[1].findings == []
    one = task(**{row.name: "something else"})
    reader = TaskReader(one)
    to = PlainLowering(dag(one))
    take_common(reader, to)  # type: ignore[arg-type]
    assert [(f.code, f.span, f.task_id) for f in to.findings] == [
        (row.code, one.arguments[row.name].span, "load")
    ]
    assert row.name in to.findings[0].message
    assert reader.untaken() == []


@pytest.mark.parametrize("name", STRUCTURAL)
def test_structural_arguments_are_taken_without_a_word(name: str) -> None:
    one = replace(task(), arguments={name: argument(name, "something")})
    reader = TaskReader(one)
    to = PlainLowering(dag(one))
    take_common(reader, to)  # type: ignore[arg-type]
    assert to.findings == []
    assert reader.untaken() == []


@pytest.mark.parametrize("name", DAG_ONLY)
def test_dag_arguments_in_default_args_have_no_effect(name: str) -> None:
    one = task(default_args={name: "x"})
    reader = TaskReader(one)
    to = PlainLowering(dag(one))
    take_common(reader, to)  # type: ignore[arg-type]
    assert to.codes() == ["D2Z311"]
    assert reader.untaken() == []


def test_a_dag_argument_at_the_task_is_left_to_be_reported() -> None:
    reader = TaskReader(task(catchup=True))
    take_common(reader, PlainLowering())  # type: ignore[arg-type]
    assert [one.name for one in reader.untaken()] == ["catchup"]


def test_params_are_left_to_the_rule() -> None:
    param = Call("airflow.models.param.Param", (6,), {}, "Param(6)", task().span)
    reader = TaskReader(task(params={"tenure": param, "x": 1}, resources={"cpus": 1}))
    options = take_common(reader, PlainLowering())  # type: ignore[arg-type]
    assert options.params == {"tenure": 6, "x": 1}
    assert [one.name for one in reader.untaken()] == ["params", "resources"]


def test_a_default_argument_is_reported_once_for_all_tasks() -> None:
    default_args = {"owner": "team", "pool": "small"}
    tasks = [task(name, default_args=default_args) for name in ("a", "b")]
    to = PlainLowering(dag(*tasks))
    found = [take(one, to)[0].findings for one in tasks]
    assert [(f.code, f.task_id) for f in to.findings] == [("D2Z210", None), ("D2Z212", None)]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        pytest.param({"email_on_failure": True}, [], id="nobody to write to"),
        pytest.param({"email": ["a@example.com"]}, ["D2Z309"], id="on by default"),
        pytest.param(
            {"email": "a@example.com", "email_on_failure": False}, ["D2Z311"], id="no retry"
        ),
        pytest.param(
            {"email": {"a@example.com"}, "email_on_failure": False, "retries": 1},
            ["D2Z309"],
            id="retry",
        ),
        pytest.param({"email": Symbolic("TO", "unknown")}, ["D2Z215"], id="nobody knows whom"),
        pytest.param({"email": [1]}, ["D2Z215"], id="not an address"),
        pytest.param(
            {"email": "a@example.com", "email_on_failure": False, "email_on_retry": False},
            ["D2Z311"],
            id="both off",
        ),
    ],
)
def test_email(arguments: dict[str, Any], codes: list[str]) -> None:
    assert take(task(**arguments))[1].codes() == codes


def test_a_tasks_own_date_differs_from_the_dags() -> None:
    own = task(start_date=START, end_date=START)
    assert take(own, PlainLowering(dag(own, start_date=START)))[1].codes() == ["D2Z302"]
    default = task(default_args={"start_date": START})
    assert take(default)[1].codes() == []
    nothing = task(start_date=None)
    assert take(nothing)[1].codes() == []


@pytest.mark.parametrize(
    ("rule", "upstream", "name", "severities"),
    [
        pytest.param("all_success", ("a", "b"), "all_success", [], id="default"),
        pytest.param("all_done", ("a",), "all_done", ["manual"], id="runs after a failure"),
        pytest.param("all_done", (), "all_done", ["info"], id="nothing to wait for"),
        pytest.param("none_failed", ("a", "b"), "none_failed", ["info"], id="nothing skips"),
        pytest.param(
            "none_failed_or_skipped", ("a",), "none_failed_min_one_success", ["info"], id="old name"
        ),
        pytest.param("dummy", ("a",), "always", ["manual"], id="very old name"),
        pytest.param("one_success", ("a",), "one_success", ["info"], id="one of one"),
        pytest.param("one_success", ("a", "b"), "one_success", ["manual"], id="one of two"),
        pytest.param(
            Ref("airflow.utils.trigger_rule.TriggerRule.ONE_FAILED"),
            ("a",),
            "one_failed",
            ["manual"],
            id="enumeration",
        ),
    ],
)
def test_trigger_rules(
    rule: Any, upstream: tuple[str, ...], name: str, severities: list[str]
) -> None:
    options, to = take(task(trigger_rule=rule, upstream=upstream))
    assert options.trigger_rule == name
    assert [f.severity for f in to.findings] == severities
    assert set(to.codes()) <= {"D2Z201"}


def test_a_trigger_rule_that_is_not_known() -> None:
    options, to = take(task(trigger_rule=Symbolic("RULE", "unknown")))
    assert options.trigger_rule == "all_success"
    assert to.codes() == ["D2Z216"]


RETRY, OTHER = Expr("StepRetryConfig(max_retries=1)"), Expr("StepRetryConfig(max_retries=2)")
HOOK = Expr("on_failure", frozenset({"on_failure"}))


def test_shared_options_move_to_the_pipeline() -> None:
    one = CommonOptions(retry=RETRY, hooks={"on_failure": HOOK})
    two = CommonOptions(retry=OTHER, hooks={"on_failure": HOOK, "on_success": Expr("tell")})
    defaults = pipeline_defaults([one, two, one])
    assert defaults.decorator == {"retry": RETRY, "on_failure": HOOK}
    assert defaults.step_options == ({}, {"retry": OTHER, "on_success": Expr("tell")}, {})


def test_nothing_takes_a_default_away_from_a_step_so_steps_keep_their_own() -> None:
    defaults = pipeline_defaults([CommonOptions(retry=RETRY), CommonOptions()])
    assert defaults.decorator == {}
    assert defaults.step_options == ({"retry": RETRY}, {})


def test_no_tasks_no_defaults() -> None:
    assert pipeline_defaults([]).decorator == {}
