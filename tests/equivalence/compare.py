"""Airflow's outcome against ZenML's, field by field."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.equivalence.outcome import Outcome
from transpiler.report.models import DagEntry, TaskEntry

EARLY = ("one_success", "one_failed", "one_done", "always", "dummy")
"""Trigger rules by which a task may start before all that is upstream has ended."""


@dataclass(frozen=True)
class Difference:
    """A field that is not the same on both sides; `task` is None for the run's own fields."""

    field: str
    task: str | None
    airflow: Any
    zenml: Any

    def __str__(self) -> str:
        """Give both values on one line."""
        where = f"{self.task}: " if self.task else ""
        return f"{where}{self.field}: Airflow {self.airflow!r}, ZenML {self.zenml!r}"


def differences(
    airflow: Outcome, zenml: Outcome, dag: DagEntry, volatile: Collection[str] = ()
) -> list[Difference]:
    """All differences: errors, states, tasks, XCom values, tries, order, and what was recorded.

    Of `volatile` tasks, whose values are never twice the same, only the XCom keys are compared.
    """
    if airflow.error or zenml.error:
        return [Difference("error", None, airflow.error, zenml.error)]
    found = [*_run(airflow, zenml), *_tasks(airflow, zenml, volatile)]
    return [*found, *_order(airflow, zenml, dag)]


def _run(airflow: Outcome, zenml: Outcome) -> Iterator[Difference]:
    if airflow.state != zenml.state:
        yield Difference("state", None, airflow.state, zenml.state)
    expected, actual = _lines(airflow), _lines(zenml)
    if expected != actual:
        yield Difference("recorded", None, expected, actual)


def _lines(outcome: Outcome) -> list[str]:
    """What was recorded, without order: independent tasks run in parallel."""
    return sorted(json.dumps(line) for line in outcome.recorded)


def _tasks(airflow: Outcome, zenml: Outcome, volatile: Collection[str]) -> Iterator[Difference]:
    started = {name for _, name in airflow.order}
    for name in sorted(airflow.tasks.keys() | zenml.tasks.keys()):
        if name not in zenml.tasks or name not in airflow.tasks:
            yield Difference("task", name, name in airflow.tasks, name in zenml.tasks)
            continue
        expected, actual = airflow.tasks[name], zenml.tasks[name]
        if expected.state != actual.state:
            yield Difference("state", name, expected.state, actual.state)
        read: Callable[[Any], Any] = sorted if name in volatile else plain
        if read(expected.xcom) != read(actual.xcom):
            yield Difference("xcom", name, expected.xcom, actual.xcom)
        # A task that is skipped may have been found out before or in its first try.
        ran = name in started and expected.state != "skipped"
        if ran and expected.tries != actual.tries:
            yield Difference("tries", name, expected.tries, actual.tries)


def plain(value: Any) -> Any:
    """A JSON value with one spelling for UTC in dates."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return re.sub(r"(\d\d:\d\d)Z$", r"\1+00:00", value) if isinstance(value, str) else value


def _order(airflow: Outcome, zenml: Outcome, dag: DagEntry) -> Iterator[Difference]:
    """An edge that Airflow's run kept, and ZenML's did not."""
    tasks = {task.task_id: task for task in dag.tasks}
    kept = _Order(zenml)
    judge = _Order(airflow)
    for task in dag.tasks:
        for upstream in () if task.trigger_rule in EARLY else task.upstream:
            for before, after in _pairs(tasks[upstream], task, airflow):
                if judge.keeps(before, after) and kept.keeps(before, after) is False:
                    yield Difference("order", after, f"after {before}", "started before it ended")


def _pairs(upstream: TaskEntry, task: TaskEntry, outcome: Outcome) -> Iterator[tuple[str, str]]:
    """The instances that wait for each other: within a mapped group, those of the same index."""
    together = task.group is not None and upstream.group == task.group
    for before in _instances(upstream, outcome):
        for after in _instances(task, outcome):
            same = before.partition("[")[2] == after.partition("[")[2]
            if same or not (together and upstream.mapped and task.mapped):
                yield before, after


def _instances(task: TaskEntry, outcome: Outcome) -> list[str]:
    return [name for name in outcome.tasks if name.partition("[")[0] == task.task_id]


class _Order:
    """When the instances of a run started (first) and ended (last), as positions."""

    def __init__(self, outcome: Outcome) -> None:
        self._starts: dict[str, int] = {}
        self._ends: dict[str, int] = {}
        for position, (moment, name) in enumerate(outcome.order):
            if moment == "start":
                self._starts.setdefault(name, position)
            else:
                self._ends[name] = position

    def keeps(self, before: str, after: str) -> bool | None:
        """Whether one ended before the other started; None where one of them did not run."""
        if before not in self._ends or after not in self._starts:
            return None
        return self._ends[before] < self._starts[after]
