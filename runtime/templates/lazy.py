"""A value of the template context that is looked up only when it is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Lazy:
    """Wraps the look-up; its result is kept."""

    def __init__(self, look_up: Callable[[], Any]) -> None:
        """Take the function that gives the value."""
        self._look_up = look_up
        self._result: list[Any] = []

    def __call__(self) -> Any:
        """Give the value."""
        if not self._result:
            self._result.append(self._look_up())
        return self._result[0]
