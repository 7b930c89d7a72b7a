"""The comparison finds what differs, and takes what may differ for equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.equivalence.compare import differences
from tests.equivalence.outcome import Outcome, TaskOutcome
from transpiler.report.models import DagEntry

ORDER = (("start", "a"), ("end", "a"), ("start", "b"), ("end", "b"))


def dag(**tasks: Mapping[str, Any]) -> DagEntry:
    """A DAG of those tasks; each is given by what is not like `a`, a task without upstream."""
    source = {"line": 1, "column": 1}
    plain = {
        "operator": "x", "step": "x", "steps": [], "upstream": [], "trigger_rule": "all_success",
        "retries": 0, "retry_delay_seconds": 0, "execution_timeout_seconds": None, "mapped": False,
        "group": None, "disposition": "mapped", "source": source,
    }  # fmt: skip
    return DagEntry.model_validate(
        {
            "dag_id": "d", "pipeline": None, "mode": "static", "mode_reason": "", "schedule": None,
            "start_date": None, "catchup": False, "tags": [], "params": {}, "findings": [],
            "source": source,
            "tasks": [{**plain, **task, "task_id": name} for name, task in tasks.items()],
        }
    )  # fmt: skip


CHAIN = dag(a={}, b={"upstream": ["a"]})


def outcome(
    states: str = "success success", order: tuple[tuple[str, str], ...] = ORDER, **changes: Any
) -> Outcome:
    a, b = states.split()
    tasks = {
        "a": TaskOutcome(a, {"return_value": 1}, 1),
        "b": TaskOutcome(b, {"return_value": {"at": "2024-01-01T00:00:00+00:00"}}, 1),
    }
    return Outcome(**{"state": "success", "tasks": tasks, "order": order, **changes})


def found(airflow: Outcome, zenml: Outcome, entry: DagEntry = CHAIN) -> list[str]:
    return [
        f"{one.field} {one.task}" if one.task else one.field
        for one in differences(airflow, zenml, entry)
    ]


def test_the_same_outcome_has_no_difference() -> None:
    assert found(outcome(recorded=["x", "y"]), outcome(recorded=["y", "x"])) == []


def test_two_spellings_of_utc_are_one_date() -> None:
    tasks = {
        **outcome().tasks,
        "b": TaskOutcome("success", {"return_value": {"at": "2024-01-01T00:00:00Z"}}, 1),
    }
    assert found(outcome(), outcome(tasks=tasks)) == []


@pytest.mark.parametrize(
    ("zenml", "expected"),
    [
        (outcome(state="failed"), ["state"]),
        (outcome("success failed"), ["state b"]),
        (outcome(recorded=[["failure", "a"]]), ["recorded"]),
        (Outcome(None, error="no such pipeline"), ["error"]),
        (outcome(order=(("start", "b"), ("start", "a"), ("end", "a"), ("end", "b"))), ["order b"]),
        (outcome(tasks={"a": TaskOutcome("success", {"return_value": 2}, 2)}), ["xcom a", "tries a", "task b"]),
    ],
)  # fmt: skip
def test_each_field_is_compared(zenml: Outcome, expected: list[str]) -> None:
    assert found(outcome(), zenml) == expected


def test_str_names_task_field_and_both_values() -> None:
    (difference,) = differences(outcome(), outcome("success failed"), CHAIN)
    assert str(difference) == "b: state: Airflow 'success', ZenML 'failed'"


EARLY = (("start", "a"), ("start", "b"), ("end", "b"), ("end", "a"))


def test_a_rule_that_fires_early_need_not_wait() -> None:
    entry = dag(a={}, b={"upstream": ["a"], "trigger_rule": "one_success"})
    assert found(outcome(), outcome(order=EARLY), entry) == []


def test_order_is_no_matter_where_airflow_did_not_keep_it() -> None:
    assert found(outcome(order=EARLY), outcome()) == []
    assert found(outcome(order=EARLY), outcome(order=EARLY)) == []


def instances(*order: str) -> Outcome:
    """A mapped group `g` of `a` and then `b`, in two instances, each of which ends at once."""
    names = ["g.a[0]", "g.a[1]", "g.b[0]", "g.b[1]"]
    tasks = {name: TaskOutcome("success", {}, 1) for name in names}
    moments = [(moment, name) for name in order for moment in ("start", "end")]
    return Outcome("success", tasks, moments)


def test_instances_of_a_mapped_group_wait_for_their_own_alone() -> None:
    group = {"mapped": True, "group": "g"}
    entry = dag(**{"g.a": group, "g.b": {**group, "upstream": ["g.a"]}})
    airflow = instances("g.a[0]", "g.a[1]", "g.b[0]", "g.b[1]")
    assert found(airflow, instances("g.a[0]", "g.b[0]", "g.a[1]", "g.b[1]"), entry) == []
    assert found(airflow, instances("g.b[0]", "g.a[0]", "g.a[1]", "g.b[1]"), entry) == [
        "order g.b[0]"
    ]


def test_of_volatile_tasks_only_the_keys_are_compared() -> None:
    tasks = {**outcome().tasks, "a": TaskOutcome("success", {"return_value": 2}, 1)}
    assert differences(outcome(), outcome(tasks=tasks), CHAIN, ["a"]) == []
    without = {**outcome().tasks, "a": TaskOutcome("success", {}, 1)}
    assert len(differences(outcome(), outcome(tasks=without), CHAIN, ["a"])) == 1
