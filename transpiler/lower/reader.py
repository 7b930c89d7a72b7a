"""Reading a task's arguments so that nothing is dropped in silence."""

from __future__ import annotations

from typing import Any

from transpiler.lower.errors import UntranslatableError
from transpiler.model.dag import Argument, Task
from transpiler.model.finding import Finding, finding
from transpiler.model.span import Span
from transpiler.model.values import is_known


class TaskReader:
    """A task whose arguments remember that they were read.

    `take` marks an argument as read. What nobody took when the rule returns becomes a finding (D2Z302).
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.findings: list[Finding] = []
        self._taken: set[str] = set()

    @property
    def task_id(self) -> str:
        """Airflow's id, with the prefix of its groups."""
        return self.task.task_id

    @property
    def span(self) -> Span:
        """The place of the operator's call."""
        return self.task.span

    def take(self, name: str) -> Argument | None:
        """The argument, or None where it was not given; marks it as read."""
        self._taken.add(name)
        return self.task.arguments.get(name)

    def value(self, name: str, default: Any = None) -> Any:
        """The argument's plain value, or `default` where it was not given or is None.

        Raises UntranslatableError (D2Z303) where the value is not known.
        """
        argument = self.take(name)
        if argument is None or argument.value is None:
            return default
        if not is_known(argument.value):
            raise UntranslatableError(
                finding(
                    "D2Z303",
                    argument.span,
                    f"{name} is known only when the DAG file runs",
                    task_id=self.task_id,
                )
            )
        return argument.value

    def require(self, name: str) -> Argument:
        """The argument; raises UntranslatableError (D2Z303) where it was not given."""
        argument = self.take(name)
        if argument is None:
            raise UntranslatableError(
                finding("D2Z303", self.span, f"{name} is missing", task_id=self.task_id)
            )
        return argument

    def not_needed(self, *names: str, why: str) -> None:
        """Take arguments that have no meaning in ZenML, with an `info` finding for each that was given."""
        for name in names:
            argument = self.take(name)
            if argument is not None and argument.value is not None:
                self.findings.append(
                    finding("D2Z311", argument.span, f"{name}: {why}", task_id=self.task_id)
                )

    def take_like(self, other: TaskReader) -> None:
        """Mark as read what a reader of the same task's instance has read, with its findings."""
        self._taken |= other._taken
        self.findings += [found for found in other.findings if found not in self.findings]

    def untaken(self) -> list[Argument]:
        """Arguments that nobody took, in source order."""
        return [a for name, a in self.task.arguments.items() if name not in self._taken]
