"""Airflow's trigger rules: what the states of its upstream tasks mean for a task.

Each rule answers two questions at any time, also while upstream tasks still run: which final state
does the task take without running, and may it run. Both follow Airflow's own code line by line.
Source: `airflow.ti_deps.deps.trigger_rule_dep.TriggerRuleDep`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from runtime.dagrun.states import FAILED, FINISHED, REMOVED, SKIPPED, SUCCESS, UPSTREAM_FAILED

# What Airflow makes of its older spellings when a task is declared.
OLD_SPELLINGS = {
    "dummy": "always",
    "none_failed_or_skipped": "none_failed_min_one_success",
}


@dataclass(frozen=True)
class Counts:
    """How many of a task's upstream instances there are, and are in which state."""

    upstream: int = 0
    success: int = 0
    skipped: int = 0
    failed: int = 0
    upstream_failed: int = 0
    removed: int = 0
    setups: int = 0
    success_setups: int = 0
    skipped_setups: int = 0

    @classmethod
    def of(cls, states: Iterable[tuple[str | None, bool]]) -> Counts:
        """Count (state, is a setup) of the upstream instances; unfinished ones have any state."""
        tally = dict.fromkeys(FINISHED, 0)
        upstream = setups = success_setups = skipped_setups = 0
        for state, is_setup in states:
            upstream += 1
            setups += is_setup
            if state in FINISHED:
                tally[state] += 1
                success_setups += is_setup and state == SUCCESS
                skipped_setups += is_setup and state == SKIPPED
        return cls(
            upstream=upstream,
            success=tally[SUCCESS],
            skipped=tally[SKIPPED],
            failed=tally[FAILED],
            upstream_failed=tally[UPSTREAM_FAILED],
            removed=tally[REMOVED],
            setups=setups,
            success_setups=success_setups,
            skipped_setups=skipped_setups,
        )

    @property
    def bad(self) -> int:
        """Give how many failed, themselves or by what is upstream of them."""
        return self.failed + self.upstream_failed

    @property
    def finished(self) -> int:
        """Give how many have a final state."""
        return self.success + self.skipped + self.bad + self.removed

    @property
    def all_finished(self) -> bool:
        """Tell whether all of them have a final state."""
        return self.finished >= self.upstream


@dataclass(frozen=True)
class Verdict:
    """The final state that a task takes without running, if any, and whether it may run now."""

    state: str | None
    may_run: bool


def judge(rule: str, counts: Counts, map_index: int = -1) -> Verdict:
    """Apply a trigger rule to the direct upstream tasks; `map_index` is -1 if not mapped.

    Both parts can be given: Airflow then sets the state, and goes on only to expand the task.
    """
    removed = counts.removed if map_index > -1 else 0
    state = _STATE[rule](counts)
    if rule == "all_success" and state is None:
        state = _removed_state(counts, map_index)
    return Verdict(state, _MAY_RUN[rule](counts, removed))


def judge_setups(counts: Counts, map_index: int = -1) -> Verdict:
    """Apply the rule for the setups that a task is in the scope of, but not directly below."""
    state = _all_success(counts) or _removed_state(counts, map_index)
    removed = counts.removed if map_index > -1 else 0
    return Verdict(state, counts.upstream - counts.success - removed <= 0)


def _removed_state(counts: Counts, map_index: int) -> str | None:
    """Give `removed` to a mapped instance whose counterpart upstream is gone."""
    return REMOVED if counts.removed and counts.success and map_index >= counts.success else None


def _all_success(counts: Counts) -> str | None:
    if counts.bad:
        return UPSTREAM_FAILED
    return SKIPPED if counts.skipped else None


def _all_failed(counts: Counts) -> str | None:
    return SKIPPED if counts.success or counts.skipped else None


def _one_success(counts: Counts) -> str | None:
    if not counts.all_finished:
        return None
    if counts.finished == counts.skipped:
        return SKIPPED
    return UPSTREAM_FAILED if counts.success <= 0 else None


def _one_failed(counts: Counts) -> str | None:
    return SKIPPED if counts.all_finished and not counts.bad else None


def _one_done(counts: Counts) -> str | None:
    return SKIPPED if counts.all_finished and not (counts.failed or counts.success) else None


def _none_failed(counts: Counts) -> str | None:
    return UPSTREAM_FAILED if counts.bad else None


def _none_failed_min_one_success(counts: Counts) -> str | None:
    if counts.bad:
        return UPSTREAM_FAILED
    return SKIPPED if counts.skipped == counts.upstream else None


def _none_skipped(counts: Counts) -> str | None:
    return SKIPPED if counts.skipped else None


def _all_skipped(counts: Counts) -> str | None:
    return SKIPPED if counts.success or counts.bad else None


def _all_done_setup_success(counts: Counts) -> str | None:
    if not counts.all_finished or not counts.setups:
        return None
    if counts.skipped_setups >= counts.setups:
        return SKIPPED
    return UPSTREAM_FAILED if counts.success_setups == 0 else None


def _all_done_min_one_success(counts: Counts) -> str | None:
    if counts.skipped:
        return SKIPPED
    return UPSTREAM_FAILED if counts.all_finished and counts.success == 0 else None


def _never(_: Counts) -> str | None:
    return None


_STATE: Mapping[str, Callable[[Counts], str | None]] = {
    "all_success": _all_success,
    "all_failed": _all_failed,
    "all_done": _never,
    "all_skipped": _all_skipped,
    "one_success": _one_success,
    "one_failed": _one_failed,
    "one_done": _one_done,
    "none_failed": _none_failed,
    "none_failed_min_one_success": _none_failed_min_one_success,
    "none_skipped": _none_skipped,
    "always": _never,
    "all_done_setup_success": _all_done_setup_success,
    "all_done_min_one_success": _all_done_min_one_success,
}
# The second argument is how many removed instances count for nothing.
_MAY_RUN: Mapping[str, Callable[[Counts, int], bool]] = {
    "all_success": lambda c, removed: c.upstream - c.success - removed <= 0,
    "all_failed": lambda c, removed: c.upstream - c.bad - removed <= 0,
    "all_done": lambda c, _: c.all_finished,
    "all_skipped": lambda c, _: c.upstream - c.skipped <= 0,
    "one_success": lambda c, _: c.success > 0,
    "one_failed": lambda c, _: c.bad > 0,
    "one_done": lambda c, _: c.success + c.failed > 0,
    "none_failed": lambda c, removed: c.upstream - c.success - c.skipped - removed <= 0,
    "none_failed_min_one_success": (
        lambda c, removed: c.upstream - c.success - c.skipped - removed <= 0
    ),
    "none_skipped": lambda c, _: c.all_finished and not c.skipped,
    "always": lambda _c, _: True,
    "all_done_setup_success": (
        lambda c, _: c.all_finished and not (c.setups and not c.success_setups)
    ),
    "all_done_min_one_success": (lambda c, _: not c.skipped and c.all_finished and c.success > 0),
}
RULES = frozenset(_STATE)
