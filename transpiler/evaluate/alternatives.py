"""Tasks and groups that several sides of an unknown condition make under one id: they are one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from transpiler.evaluate.builders import GroupBuilder, TaskBuilder
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.truth import is_plain
from transpiler.model.dag import Argument
from transpiler.model.span import Span
from transpiler.model.values import Symbolic


@dataclass(eq=False)
class Alternatives:
    """What earlier sides of a condition made, and this side has not made again yet."""

    made: list[TaskBuilder | GroupBuilder]
    span: Span

    def take(self, found: TaskBuilder | GroupBuilder) -> bool:
        """Whether it was made by an earlier side; a side makes it once."""
        if found not in self.made:
            return False
        self.made.remove(found)
        return True


def taken_over(ip: Interpreter, found: TaskBuilder | GroupBuilder) -> Span | None:
    """The condition under which `found` was made on another side than the one being read."""
    for entry in reversed(ip.alternatives):
        if entry.take(found):
            return entry.span
    return None


def merge(task: TaskBuilder, other: TaskBuilder, span: Span) -> None:
    """Make the arguments in which two sides differ depend on the condition."""
    reason = f"it depends on the condition in line {span.line}"
    for name in {**task.arguments, **other.arguments}:
        first, second = task.arguments.get(name), other.arguments.get(name)
        if first is None or second is None or not _same(first.value, second.value):
            place = (first or second or Argument(name, None, span)).span
            task.arguments[name] = Argument(name, Symbolic("…", reason, span), place)


def _same(first: Any, second: Any) -> bool:
    return first is second or (is_plain(first) and is_plain(second) and bool(first == second))
