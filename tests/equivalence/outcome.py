"""What became of a run, in Airflow's terms: the same form for both sides of the comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

REFUSED = "refused"
"""The state of a run that was not started, because its params do not meet their schemas."""


@dataclass(frozen=True)
class TaskOutcome:
    """A task instance: its state, its XCom values by key, and the number of its last try."""

    state: str | None
    xcom: Mapping[str, Any] = field(default_factory=dict)
    tries: int = 0


@dataclass(frozen=True)
class Outcome:
    """A run. `error` says why there was none.

    Task instances are named `task_id`, or `task_id[i]` where the task is mapped. `order` holds the
    instances' starts and ends as `("start" | "end", instance)`, as they came. `recorded` is what the
    DAG's own code wrote to the file that EQUIVALENCE_RECORD names, line by line.
    """

    state: str | None
    tasks: Mapping[str, TaskOutcome] = field(default_factory=dict)
    order: Sequence[tuple[str, str]] = ()
    recorded: Sequence[Any] = ()
    seconds: float = 0.0
    error: str | None = None

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Outcome:
        """Read one outcome that airflow_runs.py printed."""
        if "error" in found:
            return cls(None, error=found["error"])
        if found["state"] == REFUSED:
            return cls(REFUSED)
        return cls(
            state=found["state"],
            tasks={
                name: TaskOutcome(task["state"], task["xcom"], task["tries"])
                for name, task in found["tasks"].items()
            },
            order=[(moment, name) for moment, name in found["order"]],
            recorded=found["recorded"],
            seconds=found["seconds"],
        )
