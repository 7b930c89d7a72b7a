"""When a task instance may run, or takes a final state without running.

Source: `airflow.ti_deps.deps`: `trigger_rule_dep`, `mapped_task_upstream_dep`,
`not_previously_skipped_dep`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from runtime.dagrun.rules import Counts, Verdict, judge, judge_setups
from runtime.dagrun.states import FAILED, FAILURES, FINISHED, SKIPPED, SUCCESS, UPSTREAM_FAILED
from runtime.dagrun.table import UNMAPPED, Instance, Table

_FAST = frozenset({"one_success", "one_failed", "one_done"})


def check(table: Table, instance: Instance) -> Verdict:
    """Apply all rules about the states of other tasks to an instance that has not been scheduled."""
    by_rule = _by_trigger_rule(table, instance)
    by_map = _by_mapped_dependencies(table, instance, by_rule.state)
    return Verdict(
        _of_parts(table, instance, by_map.state or by_rule.state),
        by_rule.may_run and by_map.may_run,
    )


def is_premature(table: Table, instance: Instance) -> bool:
    """Tell whether a task that still runs could skip or fail in an earlier round than any did.

    Airflow looks at the states from time to time, and of a skip and a failure that which it finds
    first counts. Counting in rounds gives one answer every time, that of `dag.test()`.
    """
    if table.graph.notes[instance.task].trigger_rule != "all_success":
        return False
    skipped, failed, unfinished = _rounds(table, all_upstream(table, instance))
    return unfinished < failed if failed <= skipped else unfinished <= skipped


def _rounds(table: Table, upstream: Iterable[Instance]) -> tuple[float, float, float]:
    """Give the earliest rounds of a skip, of a failure, and of what is not finished."""
    skipped = failed = unfinished = math.inf
    for other in upstream:
        state, level = table.state(other), table.level(other)
        if state == SKIPPED:
            skipped = min(skipped, level)
        elif state in FAILURES:
            failed = min(failed, level)
        elif state not in FINISHED:
            unfinished = min(unfinished, level)
    return skipped, failed, unfinished


def all_upstream(table: Table, instance: Instance) -> Iterator[Instance]:
    """Give the instances directly upstream that decide about an instance, and its far setups."""
    upstream = table.graph.upstream[instance.task]
    far = [id for id in table.graph.scope(instance.task) if id not in upstream]
    for id in (*upstream, *far):
        yield from concerning(table, instance, id)


def next_level(table: Table, instance: Instance) -> int:
    """Give the round in which an instance is decided now; see `Table.level`."""
    above = (other for other in all_upstream(table, instance) if table.state(other) in FINISHED)
    return 1 + max((table.level(other) for other in above), default=0)


def _by_trigger_rule(table: Table, instance: Instance) -> Verdict:
    graph = table.graph
    rule = graph.notes[instance.task].trigger_rule
    upstream = graph.upstream[instance.task]
    if not upstream or rule == "always":
        return Verdict(None, may_run=True)
    direct = judge(rule, _counts(table, instance, upstream), instance.map_index)
    round_ = math.inf
    if rule == "all_success":
        direct, round_ = _first_to_count(table, instance, upstream, direct)
    far = [id for id in graph.scope(instance.task) if id not in upstream]
    if not far:
        return direct
    setups = judge_setups(_counts(table, instance, far), instance.map_index)
    setups, round_of_setups = _first_to_count(table, instance, far, setups)
    if setups.state is None or setups.may_run or round_ < round_of_setups:
        return Verdict(direct.state, direct.may_run and setups.may_run)
    return setups


def _first_to_count(
    table: Table, instance: Instance, upstream: Iterable[str], verdict: Verdict
) -> tuple[Verdict, float]:
    """Let the earlier of a skip and a failure upstream count; gives its round as well."""
    if verdict.state not in (SKIPPED, UPSTREAM_FAILED):
        return verdict, math.inf
    above = (other for id in upstream for other in concerning(table, instance, id))
    skipped, failed, _ = _rounds(table, above)
    state = SKIPPED if skipped < failed else UPSTREAM_FAILED
    return Verdict(state, verdict.may_run), min(skipped, failed)


def _counts(table: Table, instance: Instance, upstream: Iterable[str]) -> Counts:
    return Counts.of(
        (table.state(other), table.graph.is_setup(other.task))
        for id in upstream
        for other in concerning(table, instance, id)
    )


def concerning(table: Table, instance: Instance, upstream: str) -> Iterator[Instance]:
    """Give the instances of an upstream task that decide about an instance."""
    index = _index(table, instance, upstream)
    for other in table.instances(upstream):
        if index is None or other.map_index < 0 or other.map_index == index:
            yield other


def _index(table: Table, instance: Instance, upstream: str) -> int | None:
    note = table.graph.notes[instance.task]
    if note.group is None:
        return None
    if note.trigger_rule in _FAST and upstream not in _mapped_dependencies(table, instance.task):
        return None  # Airflow lets these rules look at all instances, to fire early.
    return table.relevant(instance, upstream)


def _mapped_dependencies(table: Table, task: str) -> set[str]:
    return {
        id
        for expansion in table.graph.expansions(task)
        for reference in expansion.references()
        for id in reference.task_ids()
    }


def _by_mapped_dependencies(table: Table, instance: Instance, state: str | None) -> Verdict:
    """Take over the failure or the skip of what the task is mapped over."""
    sources = _mapped_dependencies(table, instance.task)
    finished = {
        table.states[id][UNMAPPED]
        for id in sources
        if UNMAPPED in table.states[id] and table.states[id][UNMAPPED] in FINISHED
    }
    if not finished or finished == {SUCCESS}:
        return Verdict(None, may_run=True)
    if state in FAILURES:
        return Verdict(None, may_run=False)
    if finished & FAILURES:
        return Verdict(UPSTREAM_FAILED, may_run=False)
    return Verdict(SKIPPED if SKIPPED in finished else None, may_run=False)


def _of_parts(table: Table, instance: Instance, state: str | None) -> str | None:
    """Give a step that is one part of a task the state of the part before it that did not run.

    For Airflow the parts are one task, so what follows a failed part has failed itself.
    """
    if state != UPSTREAM_FAILED:
        return state
    notes = table.graph.notes
    whole = notes[instance.task].part_of or instance.task
    parts = [id for id in table.graph.upstream[instance.task] if notes[id].part_of == whole]
    before = {table.state(other) for id in parts for other in concerning(table, instance, id)}
    return FAILED if FAILED in before else state
