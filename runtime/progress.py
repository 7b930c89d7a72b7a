"""Tells now and then how far a long read, prediction or write has come."""

from __future__ import annotations

import logging
from time import monotonic

logger = logging.getLogger(__name__)

SECONDS = 10.0
"""Time between two lines."""


class Progress:
    """Counts rows and logs their number and speed, never more often than every `SECONDS`."""

    def __init__(self, what: str, total: int | None = None) -> None:
        """Begin; `what` names the work (`Read`), `total` is the number of rows where it is known."""
        self._what = what
        self._of = f" of {total:,}" if total else ""
        self._rows = 0
        self._began = self._told = monotonic()

    def add(self, rows: int) -> None:
        """Count further rows."""
        self._rows += rows
        now = monotonic()
        if now - self._told >= SECONDS:
            self._told = now
            speed = self._rows / (now - self._began)
            logger.info(
                "%s %s%s rows, %s a second.",
                self._what,
                f"{self._rows:,}",
                self._of,
                f"{speed:,.0f}",
            )
