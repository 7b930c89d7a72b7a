"""Trigger rules by themselves; tests/judge holds the whole table against Airflow."""

from __future__ import annotations

import pytest

from runtime.dagrun.rules import RULES, Counts, Verdict, judge, judge_setups


def counts(*states: str | None) -> Counts:
    """Count upstream tasks that are no setups."""
    return Counts.of((state, False) for state in states)


def test_counts() -> None:
    found = Counts.of([("success", True), ("skipped", True), ("failed", False), (None, True)])
    assert found == Counts(
        upstream=4,
        success=1,
        skipped=1,
        failed=1,
        setups=3,
        success_setups=1,
        skipped_setups=1,
    )
    assert (found.finished, found.all_finished, found.bad) == (3, False, 1)


@pytest.mark.parametrize(
    ("states", "state", "may_run"),
    [
        pytest.param(["success", "failed"], None, True, id="one success is enough"),
        pytest.param(["success", None], None, False, id="waits for all"),
        pytest.param(["failed", "upstream_failed"], "upstream_failed", False, id="no success"),
        pytest.param(["success", "skipped"], "skipped", False, id="skips do not count as done"),
    ],
)
def test_all_done_min_one_success(
    states: list[str | None], state: str | None, may_run: bool
) -> None:
    # Airflow has the rule since 3.1: the judge, an Airflow 2, does not know it.
    assert judge("all_done_min_one_success", counts(*states)) == Verdict(state, may_run)


@pytest.mark.parametrize(
    ("states", "map_index", "verdict"),
    [
        (["success"], -1, Verdict(None, may_run=True)),
        (["skipped"], -1, Verdict("skipped", may_run=False)),
        (["failed", None], -1, Verdict("upstream_failed", may_run=False)),
        (["success", "removed"], 1, Verdict("removed", may_run=True)),
        (["success", "removed"], -1, Verdict(None, may_run=False)),
    ],
)
def test_setups(states: list[str | None], map_index: int, verdict: Verdict) -> None:
    assert judge_setups(counts(*states), map_index) == verdict


def test_every_rule_waits_for_something_but_always() -> None:
    runs_at_once = {rule for rule in RULES if judge(rule, counts(None)).may_run}
    assert runs_at_once == {"always"}
