"""Pools over all runs of this machine: Airflow's, which count the tasks of all DAGs.

Each task that has slots of a pool, or waits for some, has a file that its process locks; so what a
killed process had is free again.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path

from runtime.file_locks import FileLock, is_abandoned, locks_folder

RETRY_SECONDS = 1.0
"""How long a task waits before it looks again: nobody tells it that slots are free."""


@dataclass(frozen=True)
class _Claim:
    """Slots that a task has, or waits for; the higher priority goes first, then the longer wait."""

    slots: int
    priority: int
    since: float
    holds: bool

    @property
    def rank(self) -> tuple[int, float]:
        return -self.priority, self.since


class PoolQueue:
    """The claims of this process."""

    def __init__(self, folder: Path | None = None) -> None:
        """Name the folder of the claims, by default that of this machine."""
        self._folder = folder or locks_folder("pools")
        self._own: dict[Hashable, tuple[FileLock, _Claim]] = {}

    def take(self, key: Hashable, pool: str, size: int, slots: int, priority: int) -> bool:
        """Take slots of a pool for a task, or stand in line; tells whether it has them.

        As in Airflow, who fits goes before who is first and does not. A task that needs more slots
        than there are goes when nobody has any.
        """
        folder = self._folder / hashlib.sha256(pool.encode()).hexdigest()[:32]
        with FileLock(folder / "mutex"):
            if key not in self._own:
                lock = FileLock(folder / f"{os.getpid()}-{uuid.uuid4().hex}.claim")
                lock.take()
                self._set(key, lock, _Claim(slots, priority, time.time(), holds=False))
            lock, own = self._own[key]
            if own.holds:
                return True
            others = [claim for path, claim in _claims(folder) if path != lock.path]
            held = sum(claim.slots for claim in others if claim.holds)
            if held and not _fits(own, others, size - held):
                return False
            if not held and not _fits(own, others, max(size, slots)):
                return False
            self._set(key, lock, _Claim(slots, priority, own.since, holds=True))
        return True

    def leave(self, key: Hashable) -> None:
        """Give back what a task has, or leave the line."""
        if key in self._own:
            lock, _ = self._own.pop(key)
            lock.release(remove=True)

    def close(self) -> None:
        """Give back everything."""
        for key in list(self._own):
            self.leave(key)

    def _set(self, key: Hashable, lock: FileLock, claim: _Claim) -> None:
        lock.write(json.dumps(vars(claim)))
        self._own[key] = (lock, claim)


def _claims(folder: Path) -> Iterator[tuple[Path, _Claim]]:
    """Give the claims of living processes; those of others are removed."""
    for path in folder.glob("*.claim"):
        if is_abandoned(path):
            path.unlink(missing_ok=True)
            continue
        try:
            yield path, _Claim(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            continue  # Its task has ended meanwhile.


def _fits(own: _Claim, others: list[_Claim], free: int) -> bool:
    """Tell whether slots are left when those who wait before have taken theirs."""
    ahead = [claim for claim in others if not claim.holds and claim.rank < own.rank]
    for claim in sorted(ahead, key=lambda claim: claim.rank):
        if claim.slots <= free:
            free -= claim.slots
    return own.slots <= free
