"""Names and what they are bound to while code is evaluated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import libcst as cst

from transpiler.model.dag import LoopStep, NamedStatement, Scope


@dataclass(eq=False)
class EarlyExit:
    """A `return`, `break` or `continue` that an unknown condition may have taken."""

    left: Any
    """The Returned or LoopExit."""
    test: cst.BaseExpression
    events: int
    """`Interpreter.events` at that point."""


@dataclass(eq=False)
class Frame:
    """One module, class body or call of a function."""

    kind: Literal["module", "function", "class"]
    module: Any
    """The ModuleSource that the code stands in."""
    parent: Frame | None = None
    names: dict[str, Any] = field(default_factory=dict)
    assignments: dict[str, NamedStatement] = field(default_factory=dict)
    """Names that only one plain `name = expression` statement binds."""
    assigned_often: set[str] = field(default_factory=set)
    loops: list[LoopStep] = field(default_factory=list)
    statement: cst.CSTNode | None = None
    variable: str | None = None
    claimed: set[int] = field(default_factory=set)
    """Statements whose comments a task has taken."""
    imported: dict[str, str] = field(default_factory=dict)
    """Names bound by imports, and the qualified name of each."""
    present: set[str] = field(default_factory=set)
    """Names bound by imports that may fail and were taken to succeed."""
    star_imports: list[str] = field(default_factory=list)
    """Modules outside the project that `from … import *` named."""
    pending_comments: list[str] = field(default_factory=list)
    """Comments above statements that made no task; the next task or loop takes them."""
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    yields: list[Any] | None = None
    on_yield: Callable[[Any], None] | None = None
    """The body of the `with` statement that the function manages the context of."""
    owner: Any = None
    """The class whose method runs, for `super()`."""
    receiver: Any = None
    handling: Any = None
    exits: list[EarlyExit] = field(default_factory=list)
    call_id: int = 0
    depth: int = 0
    is_comprehension: bool = False
    _scope: Scope | None = None

    @property
    def scope(self) -> Scope:
        """The view of this frame that the model keeps."""
        if self._scope is None:
            parent = self.parent
            while parent is not None and parent.kind == "class":
                parent = parent.parent
            self._scope = Scope(
                kind="module" if self.kind == "module" else "function",
                module=self.module.path,
                values=self.names,
                assignments=self.assignments,
                mutated=self.module.mutated,
                reassigned=self.assigned_often,
                parent=parent.scope if parent else None,
                call_id=self.call_id,
            )
        return self._scope

    def lookup(self, name: str) -> Any:
        """The value of a name by Python's scoping; KeyError where it is not bound."""
        frame: Frame | None = self
        first = True
        while frame is not None:
            if (first or frame.kind != "class") and name in frame.names:
                return frame.names[name]
            first = False
            frame = frame.parent
        raise KeyError(name)

    def bind(self, name: str, value: Any, statement: cst.SimpleStatementLine | None = None) -> None:
        """Bind a name; `statement` where it is a plain `name = expression`."""
        target = self._target(name)
        known = target.assignments.get(name)
        rebound = name in target.names and (known is None or known.statement is not statement)
        if rebound or name in target.assigned_often:
            target.assigned_often.add(name)
            target.assignments.pop(name, None)
        elif statement is None:
            target.assignments.pop(name, None)
        else:
            loops = tuple(step.loop for step in target.loops)
            target.assignments[name] = NamedStatement(statement, loops)
        target.names[name] = value

    def unbind(self, name: str) -> None:
        """`del name`; KeyError where it is not bound."""
        del self._target(name).names[name]

    def _target(self, name: str) -> Frame:
        if name in self.globals:
            frame = self
            while frame.parent is not None:
                frame = frame.parent
            return frame
        if name in self.nonlocals:
            frame = self.parent or self
            while frame.parent is not None and name not in frame.names:
                frame = frame.parent
            return frame
        return self
