"""Missed SLAs of runs that never started, or whose process is gone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from runtime.deadlines.sla import check_slas
from runtime.listening.entries import Entry

logger = logging.getLogger(__name__)


class SlaWatch:
    """Looks whenever a moment has passed at which a task of a date can become late.

    Whom it tells is called in a thread: that must not keep runs from being started.
    """

    def __init__(self, entries: Sequence[Entry], on_error: Callable[[], None]) -> None:
        """Take the pipelines, and whom to tell that the SLAs of one could not be checked.

        At first it looks at all that have SLAs.
        """
        self._on_error = on_error
        self._entries = [entry for entry in entries if entry.sla and entry.schedule.is_periodic]
        self._looked_at: datetime | None = None
        self._thread: threading.Thread | None = None

    def look(self, now: datetime) -> None:
        """Tell of what became late since the last look; nothing while somebody is being told."""
        if self._thread is not None and self._thread.is_alive():
            return
        due = [entry for entry in self._entries if self._has_passed(entry, now)]
        self._looked_at = now
        if due:
            self._thread = threading.Thread(target=self._check, args=(due, now), daemon=True)
            self._thread.start()

    def join(self, seconds: float | None = None) -> None:
        """Wait until nobody is being told, at most for so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _has_passed(self, entry: Entry, now: datetime) -> bool:
        if self._looked_at is None:
            return True
        assert entry.sla is not None
        return any(
            next(entry.schedule.dates(self._looked_at - sla, now - sla), None) is not None
            for sla in map(entry.sla.interval, entry.sla.tasks)
        )

    def _check(self, entries: Sequence[Entry], now: datetime) -> None:
        for entry in entries:
            assert entry.sla is not None
            try:
                check_slas(entry.dag_id, entry.schedule, entry.sla, now)
            except Exception:  # The store or the configuration: others are told all the same.
                logger.exception("The SLAs of %r could not be checked.", entry.dag_id)
                self._on_error()
