"""Waiting a little before a task is skipped, or fails, without having run."""

from __future__ import annotations

import time

from runtime.dagrun.dependencies import is_premature
from runtime.dagrun.table import Instance, Table

# Airflow's own scheduler takes some seconds for a round, and finds what ended meanwhile at once.
PATIENCE_SECONDS = 15.0


class Patience:
    """Which instances wait for tasks that may count more, see `dependencies.is_premature`."""

    def __init__(self, table: Table) -> None:
        """Begin with nobody waiting."""
        self._table = table
        self._until: dict[Instance, float] = {}

    def holds(self, instance: Instance) -> bool:
        """Tell whether an instance that could be decided now waits for others."""
        until = self._until.pop(instance, time.monotonic() + PATIENCE_SECONDS)
        if time.monotonic() >= until or not is_premature(self._table, instance):
            return False
        self._until[instance] = until
        return True

    def tasks(self) -> list[str]:
        """Give the tasks that wait, and forget those that are decided meanwhile."""
        for instance in [one for one in self._until if self._table.state(one) is not None]:
            del self._until[instance]
        return [instance.task for instance in self._until]

    def seconds(self) -> list[float]:
        """Give for how long each of them waits at most; less than 0 when time is up."""
        return [until - time.monotonic() for until in self._until.values()]
