"""What Airflow keeps while `with setup_task:` statements are open."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler.evaluate.builders import TaskBuilder


@dataclass(eq=False)
class _Slot:
    """The tasks of the innermost context of one kind, and those of the contexts around it."""

    current: list[TaskBuilder] = field(default_factory=list)
    outer: list[list[TaskBuilder]] = field(default_factory=list)

    def push(self, tasks: list[TaskBuilder]) -> None:
        if self.current and self.current != tasks:
            self.outer.append(self.current)
        self.current = tasks

    def pop(self) -> tuple[list[TaskBuilder], list[TaskBuilder]]:
        """The tasks that end, and those that are current again."""
        ended = self.current
        self.current = self.outer.pop() if self.outer else []
        return ended, self.current


@dataclass(eq=False)
class SetupContexts:
    """What Airflow keeps while `with setup_task:` statements are open."""

    active: bool = False
    setups: _Slot = field(default_factory=_Slot)
    teardowns: _Slot = field(default_factory=_Slot)
    later_teardowns: _Slot = field(default_factory=_Slot)
    """The teardowns that belong to the setups of a context."""
    earlier_setups: _Slot = field(default_factory=_Slot)
    """The setups that belong to the teardowns of a context."""
    work: dict[tuple[TaskBuilder, ...], list[TaskBuilder]] = field(default_factory=dict)

    def add(self, task: TaskBuilder) -> None:
        """A task that is made, or added by `scope.add_task`, while a context is open."""
        if not self.active or task.is_setup or task.is_teardown:
            return
        for slot in (self.setups, self.teardowns):
            if slot.current:
                self.work.setdefault(tuple(slot.current), []).append(task)

    def work_of(self, tasks: list[TaskBuilder]) -> list[TaskBuilder]:
        """The tasks of a context that are work; Airflow forgets mapped ones."""
        found = self.work.get(tuple(tasks), [])
        return [t for t in found if not (t.is_setup or t.is_teardown or t.expansion)]


@dataclass(eq=False)
class SetupScope:
    """The `as` value of such a context."""
