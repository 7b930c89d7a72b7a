"""Airflow's `execution_timeout`."""

from __future__ import annotations

from datetime import timedelta

from transpiler.lower.reader import TaskReader
from transpiler.lower.reporting import about
from transpiler.model.finding import Finding


def execution_timeout(task: TaskReader) -> float | None:
    """The limit in seconds; None where there is none or its value is not known."""
    return lower_timeout(task)[0]


def lower_timeout(task: TaskReader) -> tuple[float | None, list[Finding]]:
    """The limit in seconds, and what must be known about it."""
    argument = task.take("execution_timeout")
    if argument is None or argument.value is None:
        return None, []
    if not isinstance(argument.value, timedelta):
        detail = "execution_timeout is not a timedelta that can be known from the file"
        return None, [about("D2Z216", argument, detail, task_id=task.task_id)]
    seconds = argument.value.total_seconds()
    if seconds <= 0:
        detail = f"execution_timeout is {seconds:g} s, which no task can keep; it is left out"
        return None, [about("D2Z303", argument, detail, task_id=task.task_id)]
    return seconds, []
