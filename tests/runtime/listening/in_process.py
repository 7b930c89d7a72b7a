"""What runs a listener's orders in a test: this process, at once or when the test says so."""

from __future__ import annotations

from typing import Any

from runtime.listening.listener import Ended
from runtime.triggered import run_order


class InProcess:
    """Runs orders as `runtime.triggered` does, when `run_all` is called."""

    def __init__(self) -> None:
        """Begin with nothing to run."""
        self.orders: dict[str, dict[str, Any]] = {}
        self._ended: list[Ended] = []

    def start(self, name: str, order: dict[str, Any]) -> None:
        """Take an order."""
        self.orders[name] = order

    def run_all(self) -> list[str]:
        """Run what was ordered; gives the names."""
        names = list(self.orders)
        for name in names:
            self._ended.append(Ended(name, run_order(self.orders.pop(name)), "its output"))
        return names

    def fail_all(self) -> None:
        """Let the processes end without a run."""
        for name in list(self.orders):
            del self.orders[name]
            self._ended.append(Ended(name, 1, "error: no room"))

    def ended(self) -> list[Ended]:
        """Give what has ended since the last time."""
        ended, self._ended = self._ended, []
        return ended
