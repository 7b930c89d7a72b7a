"""Which calls make DAGs, groups and tasks: those that did, and those that would if they were run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import libcst as cst

from transpiler.account.found import Start
from transpiler.account.nodes import dotted
from transpiler.model.dag import Dag
from transpiler.model.span import Span

Makes = Literal["dag", "group", "task"]
_SUFFIXES: tuple[tuple[str, Makes], ...] = (
    ("DAG", "dag"),
    ("TaskGroup", "group"),
    ("Operator", "task"),
    ("Sensor", "task"),
)
_TASKS = ("Operator", "Sensor")
"""How classes for tasks are called, also those that other packages have."""
_DECORATORS: dict[str, Makes] = {"dag": "dag", "task_group": "group", "task": "task"}
_OPTION_METHODS = frozenset({"partial", "expand", "expand_kwargs", "override"})
_EDGE_FUNCTIONS = frozenset({"chain", "chain_linear", "cross_downstream"})
_EDGE_METHODS = frozenset({"set_upstream", "set_downstream"})


@dataclass(eq=False)
class Making:
    """What calls of one module make; `made` is what the models say, by place."""

    path: str
    made: dict[Start, Makes] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    functions: dict[str, Makes] = field(default_factory=dict)
    """What a call of a decorated function of the module makes."""

    @classmethod
    def of(cls, path: str, dags: Iterable[Dag]) -> Making:
        """What the DAGs say was made in the module of that path."""
        making = cls(path)
        for dag in dags:
            making._note(dag.span, "dag")
            for group in dag.groups:
                making._note(group.span, "group")
            for task in dag.tasks:
                making._note(task.span, "task")
        return making

    def _note(self, span: Span, what: Makes) -> None:
        if span.file == self.path:
            self.made.setdefault((span.line, span.column), what)

    def of_chain(self, chain: list[cst.Call], start: Start) -> Makes | None:
        """What a chain of calls makes, such as `Operator.partial(…).expand(…)`."""
        if start in self.made:
            return self.made[start]
        parts = dotted(chain[0].func)
        while len(parts) > 1 and parts[-1] in _OPTION_METHODS:
            parts.pop()
        if not parts:
            return None
        if len(parts) == 1 and parts[0] in self.functions:
            makes = self.functions[parts[0]]
            return None if makes == "dag" else makes
        qualified = ".".join([self.imports.get(parts[0], ""), *parts[1:]])
        if parts[0] in self.imports and qualified.endswith(_TASKS):
            return "task"
        if not qualified.startswith("airflow."):
            return None
        return next((makes for end, makes in _SUFFIXES if qualified.endswith(end)), None)

    def note_class(self, node: cst.ClassDef) -> None:
        """A class of the module over an operator, or over a class that is one."""
        for base in node.bases:
            parts = dotted(base.value)
            qualified = ".".join([self.imports.get(parts[0], ""), *parts[1:]]) if parts else ""
            if self.functions.get(".".join(parts)) == "task" or (
                qualified.startswith("airflow.") and qualified.endswith(("Operator", "Sensor"))
            ):
                self.functions[node.name.value] = "task"

    def calls_dag_function(self, call: cst.Call) -> bool:
        """Whether the call runs a function under `@dag`, whose DAG is made at the function."""
        return isinstance(call.func, cst.Name) and self.functions.get(call.func.value) == "dag"

    def of_decorators(self, node: cst.FunctionDef) -> Makes | None:
        """What the decorators make of a function: `@dag`, `@task_group`, `@task` and its kin."""
        for decorator in node.decorators:
            parts = dotted(_callee(decorator.decorator))
            if not parts:
                continue
            qualified = ".".join([self.imports.get(parts[0], ""), *parts[1:]])
            if qualified.startswith("airflow."):
                for part in reversed(qualified.split(".")):
                    if part in _DECORATORS:
                        return _DECORATORS[part]
        return None


def _callee(node: cst.BaseExpression) -> cst.BaseExpression:
    return node.func if isinstance(node, cst.Call) else node


def gives_options(chain: list[cst.Call]) -> list[cst.Call]:
    """The calls of a chain whose arguments are those of the thing made; not `.set_upstream(x)`."""
    return [
        call
        for position, call in enumerate(chain)
        if position == 0
        or not isinstance(call.func, cst.Attribute)
        or call.func.attr.value in _OPTION_METHODS
    ]


def is_edge(value: cst.BaseExpression) -> bool:
    """Whether an expression statement orders tasks: `a >> b`, `chain(…)`, `a.set_upstream(b)`."""
    if isinstance(value, cst.BinaryOperation):
        return isinstance(value.operator, (cst.RightShift, cst.LeftShift))
    if not isinstance(value, cst.Call):
        return False
    if isinstance(value.func, cst.Attribute):
        return value.func.attr.value in _EDGE_METHODS | _EDGE_FUNCTIONS
    return isinstance(value.func, cst.Name) and value.func.value in _EDGE_FUNCTIONS
