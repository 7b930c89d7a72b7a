"""Airflow's limits on how many task instances run at one time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping

from runtime.dagrun.notes import Note
from runtime.dagrun.pool_queue import PoolQueue

DEFAULT_POOL = "default_pool"
_DEFAULT_POOL_SLOTS = 128


class Limits:
    """Counts what runs: active tasks, slots of pools, instances of a task.

    `pools` gives the slots of pools by name. A pool that is not named has one slot: a pool is there
    to limit, so the narrow reading is the safe one. With `queue`, pools count the tasks of all runs
    of this machine, but for the default pool, which limits nobody in practice.
    """

    def __init__(
        self,
        max_active_tasks: int | None = None,
        pools: Mapping[str, int] | None = None,
        queue: PoolQueue | None = None,
    ) -> None:
        """Take the limits; `None` is no limit on active tasks."""
        self._queue = queue
        self._in_line: set[Hashable] = set()
        self._max_active = max_active_tasks
        self._pools = {DEFAULT_POOL: _DEFAULT_POOL_SLOTS, **(pools or {})}
        self._active = 0
        self._slots: Counter[str] = Counter()
        self._instances: Counter[str] = Counter()

    @property
    def full(self) -> bool:
        """Tell whether no task whatsoever may start now."""
        return self._max_active is not None and self._active >= self._max_active

    def binds(self, note: Note) -> bool:
        """Tell whether instances of a task may have to wait for a place."""
        pool = note.scheduling.pool or DEFAULT_POOL
        return self._max_active is not None or pool != DEFAULT_POOL

    @property
    def waits(self) -> bool:
        """Tell whether an instance waits for slots that another run has."""
        return bool(self._in_line)

    def admits(self, note: Note, instance: Hashable = None, priority: int = 1) -> bool:
        """Tell whether an instance of a task may start now.

        A task that needs more slots than its pool has starts when the pool is empty; in Airflow it
        would wait for ever.
        """
        pool = note.scheduling.pool or DEFAULT_POOL
        most = note.scheduling.max_active_tis_per_dagrun
        taken, needed = self._slots[pool], note.scheduling.pool_slots
        fits = (
            not self.full
            and (taken == 0 or taken + needed <= self._pools.get(pool, 1))
            and (most is None or self._instances[note.id] < most)
        )
        if not fits or self._queue is None or pool == DEFAULT_POOL:
            return fits
        if self._queue.take(instance, pool, self._pools.get(pool, 1), needed, priority):
            self._in_line.discard(instance)
            return True
        self._in_line.add(instance)
        return False

    def drop(self, instance: Hashable) -> None:
        """Give back the slots of an instance, or let it leave the line."""
        self._in_line.discard(instance)
        if self._queue is not None:
            self._queue.leave(instance)

    def close(self) -> None:
        """Give back all slots of pools."""
        self._in_line.clear()
        if self._queue is not None:
            self._queue.close()

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
