"""A launcher that runs nothing: what each task does is told beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from runtime.dagrun.finish import run_state
from runtime.dagrun.handles import MISSING, RETURN_VALUE
from runtime.dagrun.launcher import Done, Outcome, Start, Whole
from runtime.dagrun.limits import Limits
from runtime.dagrun.noting import Notebook
from runtime.dagrun.scheduler import Options, Past, Scheduler
from runtime.dagrun.table import Instance
from runtime.exceptions import SkipTask

NOTHING = object()


class Memory:
    """Steps are functions that run when the instance starts; they end at once.

    A function that returns `NOTHING` leaves its instance running.
    """

    def __init__(self) -> None:
        """Begin with nothing run."""
        self.results: dict[Instance, Any] = {}
        self.started: list[str] = []
        self.stopped: list[str] = []
        self.refused: dict[str, str] = {}
        self.after: dict[str, list[str]] = {}
        self.running: dict[str, Callable[[Outcome], None]] = {}

    def start(self, start: Start, done: Done) -> None:
        """Run the function of a step."""
        label = start.instance.label
        self.started.append(label)
        self.after[label] = [other.label for other in start.after]
        self.running[label] = lambda outcome: done(start.instance, outcome)
        try:
            value = start.note.step(
                *map(self._plain, start.args),
                **{name: self._plain(value) for name, value in start.kwargs.items()},
            )
        except SkipTask as skip:
            self.running[label](Outcome("skipped", skip))
        except Exception as error:
            self.running[label](Outcome("failed", error))
        else:
            self.results[start.instance] = value
            if value is not NOTHING:
                self.running[label](Outcome("success"))

    def refuse(self, start: Start, error: BaseException, done: Done) -> None:
        """Note the error, and fail."""
        self.refused[start.instance.label] = str(error)
        done(start.instance, Outcome("failed", error))

    def stop(self, instance: Instance) -> None:
        """Note what was stopped."""
        self.stopped.append(instance.label)

    def returned(self, instance: Instance) -> bool:
        """Tell whether the function returned anything but `None`."""
        return self.results.get(instance) is not None

    def value(self, instance: Instance, key: str) -> Any:
        """Give what it returned, or a key of that."""
        value = self.results.get(instance)
        if key != RETURN_VALUE:
            return value.get(key, MISSING) if isinstance(value, dict) else MISSING
        return MISSING if value is None else value

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Whole):
            return self.results[value.instance]
        if isinstance(value, list):
            return [self._plain(item) for item in value]
        return value


class Ran:
    """A graph that has run: its scheduler, launcher, and the states that came of it."""

    def __init__(self, scheduler: Scheduler, memory: Memory) -> None:
        """Take what has run."""
        self.scheduler = scheduler
        self.memory = memory
        self.states: Mapping[str, str | None] = scheduler.table.labelled()
        self.run = run_state(scheduler.table, timed_out=scheduler.timed_out)

    def result(self, task: str, map_index: int = -1) -> Any:
        """Give what an instance returned."""
        return self.memory.results[Instance(task, map_index)]


def run(
    dag: Notebook,
    *,
    limits: Limits | None = None,
    options: Options | None = None,
    past: Past | None = None,
) -> Ran:
    """Run the tasks of a notebook whose steps are functions."""
    memory = Memory()
    scheduler = Scheduler(dag.graph(), memory, limits, options, past)
    scheduler.run()
    return Ran(scheduler, memory)


def nothing(*_: Any, **__: Any) -> None:
    """Do nothing."""


def fail(*_: Any, **__: Any) -> None:
    """Fail."""
    raise ValueError("no")


def skip(*_: Any, **__: Any) -> None:
    """Ask to be skipped."""
    raise SkipTask("no data")


def give(value: Any) -> Callable[..., Any]:
    """Give a function that returns a value."""
    return lambda *_, **__: value
