"""Airflow's limits on how many task instances run at one time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from runtime.dagrun.notes import Note

DEFAULT_POOL = "default_pool"
_DEFAULT_POOL_SLOTS = 128


class Limits:
    """Counts what runs, within a run: active tasks, slots of pools, instances of a task.

    `pools` gives the slots of pools by name. A pool that is not named has one slot: a pool is there
    to limit, so the narrow reading is the safe one.
    """

    def __init__(
        self, max_active_tasks: int | None = None, pools: Mapping[str, int] | None = None
    ) -> None:
        """Take the limits; `None` is no limit on active tasks."""
        self._max_active = max_active_tasks
        self._pools = {DEFAULT_POOL: _DEFAULT_POOL_SLOTS, **(pools or {})}
        self._active = 0
        self._slots: Counter[str] = Counter()
        self._instances: Counter[str] = Counter()

    @property
    def full(self) -> bool:
        """Tell whether no task whatsoever may start now."""
        return self._max_active is not None and self._active >= self._max_active

    def admits(self, note: Note) -> bool:
        """Tell whether an instance of a task may start now.

        A task that needs more slots than its pool has starts when the pool is empty; in Airflow it
        would wait for ever.
        """
        pool = note.scheduling.pool or DEFAULT_POOL
        most = note.scheduling.max_active_tis_per_dagrun
        taken, needed = self._slots[pool], note.scheduling.pool_slots
        return (
            not self.full
            and (taken == 0 or taken + needed <= self._pools.get(pool, 1))
            and (most is None or self._instances[note.id] < most)
        )

    def start(self, note: Note) -> None:
        """Count an instance in."""
        self._count(note, 1)

    def end(self, note: Note) -> None:
        """Count an instance out."""
        self._count(note, -1)

    def _count(self, note: Note, sign: int) -> None:
        self._active += sign
        self._slots[note.scheduling.pool or DEFAULT_POOL] += sign * note.scheduling.pool_slots
        self._instances[note.id] += sign
