"""What the scheduler needs of whatever runs the tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from runtime.dagrun.notes import Note
from runtime.dagrun.table import Instance, Values


@dataclass(frozen=True)
class Whole:
    """An argument that is, whole, what one instance returned: no need to load it here."""

    instance: Instance


@dataclass(frozen=True)
class Start:
    """A task instance that is to start.

    The arguments hold values, `Whole` where one is what an instance returned, and lists of `Whole`.
    `after` are the instances upstream that succeeded.
    """

    note: Note
    instance: Instance
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    after: Sequence[Instance] = ()


@dataclass(frozen=True)
class Outcome:
    """How a task instance ended: its state, and the error that made it fail or skip."""

    state: Literal["success", "failed", "skipped"]
    error: BaseException | None = None


Done = Callable[[Instance, Outcome], None]


class Launcher(Values, Protocol):
    """Runs task instances, in parallel."""

    def start(self, start: Start, done: Done) -> None:
        """Start an instance; `done` is called once from any thread when it has ended."""

    def stop(self, instance: Instance) -> None:
        """Stop an instance that runs, as far as that is possible."""

    def refuse(self, start: Start, error: BaseException, done: Done) -> None:
        """Let an instance fail with an error, because its arguments cannot be made."""
