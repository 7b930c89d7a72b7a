"""A program that is being written, and the graph that it must give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Expected:
    """The program's text so far, and the graph that it makes."""

    lines: list[str] = field(default_factory=list)
    upstream: dict[str, set[str]] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()
    names: int = 0
    calls: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """How often `pass_on` was called in each group, which numbers its tasks."""

    setups: dict[str, str] = field(default_factory=dict)
    """The setup of each teardown."""

    def write(self, line: str) -> None:
        """Add a line at the current depth: one `with` for the DAG and one for each group."""
        self.lines.append("    " * (1 + len(self.prefix)) + line)

    def fresh(self) -> str:
        """A name that the program has not used."""
        self.names += 1
        return f"n{self.names}"

    def add(self, task_id: str) -> str:
        """Note a task of the current group; gives its full id."""
        full = ".".join([*self.prefix, task_id])
        self.upstream[full] = set()
        return full

    def call(self) -> str:
        """Note a task of `pass_on`."""
        number = self.calls[self.prefix]
        self.calls[self.prefix] += 1
        return self.add(f"pass_on__{number}" if number else "pass_on")

    def edge(self, before: str, after: str) -> None:
        """Note an edge."""
        self.upstream[after].add(before)


Step = Callable[[Expected], list[str]]
"""Writes one piece of a program; gives the full ids of what is last in it."""
