"""An independent count of the constructs of a file, by Python's own syntax tree and names alone.

It knows operators by the way they are called: names ending in Operator, Sensor, DAG or TaskGroup,
classes that derive from such names, and functions under `@task`, `@task_group` and `@dag`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

Position = tuple[int, int]
_ENDS = ("Operator", "Sensor", "DAG", "TaskGroup")
_OPTIONS = ("partial", "expand", "expand_kwargs", "override")
_THING = ("task", "task_group", "dag")


@dataclass
class Counted:
    """Positions (line and column from 1) of what must be in the account."""

    statements: list[Position] = field(default_factory=list)
    imports: list[Position] = field(default_factory=list)
    arguments: list[Position] = field(default_factory=list)


class _Counter:
    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.tree = ast.parse(text)
        self.found = Counted()
        self.makers = {
            node.name
            for node in ast.walk(self.tree)
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and self._is_maker(node)
        }
        self.dag_functions = {
            node.name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef)
            and any(_name(item).split(".")[0] == "dag" for item in node.decorator_list)
        }

    def at(self, node: ast.AST) -> Position:
        line: int = node.lineno
        column: int = node.col_offset
        before = self.lines[line - 1].encode()[:column].decode()
        return line, len(before) + 1

    def _is_maker(self, node: ast.FunctionDef | ast.ClassDef) -> bool:
        if isinstance(node, ast.ClassDef):
            return any(_name(base).endswith(_ENDS) for base in node.bases)
        return any(_name(item).split(".")[0] in _THING for item in node.decorator_list)

    def run(self) -> Counted:
        self.block(self.tree.body)
        return self.found

    def block(self, body: list[ast.stmt]) -> None:
        for node in body:
            self.statement(node)

    def statement(self, node: ast.stmt) -> None:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self.found.imports += [self.at(alias) for alias in node.names]
            return
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            self.definition(node)
            return
        self.found.statements.append(self.at(node))
        for call in self.calls(node):
            self.arguments(call)
        for name in ("body", "orelse", "finalbody"):
            self.block(getattr(node, name, []))
        for handler in getattr(node, "handlers", []):
            self.block(handler.body)

    def definition(self, node: ast.FunctionDef | ast.ClassDef) -> None:
        line, column = self.at(node.decorator_list[0]) if node.decorator_list else self.at(node)
        self.found.statements.append((line, column - bool(node.decorator_list)))
        if isinstance(node, ast.ClassDef):
            return
        made = [_name(item).split(".")[0] for item in node.decorator_list]
        for item in node.decorator_list:
            if isinstance(item, ast.Call) and _name(item).split(".")[0] in _THING:
                self.arguments(item)
        if {"dag", "task_group"} & set(made) or any(
            self.makes(call) for inner in node.body for call in _calls(inner)
        ):
            self.block(node.body)

    def calls(self, node: ast.stmt) -> Iterator[ast.Call]:
        """Making calls in the statement itself, not in the statements inside it."""
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, (ast.stmt, ast.ExceptHandler)):
                yield from (call for call in _calls(child) if self.makes(call))

    def makes(self, call: ast.Call) -> bool:
        parts = _name(call).split(".")
        while len(parts) > 1 and parts[-1] in _OPTIONS:
            parts.pop()
        if parts[-1] in self.dag_functions:
            return False
        return parts[-1].endswith(_ENDS) or (len(parts) == 1 and parts[0] in self.makers)

    def arguments(self, call: ast.Call) -> None:
        self.found.arguments += [
            self.at(arg.value if isinstance(arg, ast.Starred) else arg) for arg in call.args
        ]
        self.found.arguments += [
            self.at(item) if item.arg is not None else self.at(item.value) for item in call.keywords
        ]


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (item for item in ast.walk(node) if isinstance(item, ast.Call))


def _name(node: ast.AST) -> str:
    """`a.b.c(…)` as `a.b.c`; chains of calls as one name."""
    if isinstance(node, ast.Call):
        return _name(node.func)
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def counted(text: str) -> Counted:
    """The constructs that the text has."""
    return _Counter(text).run()
