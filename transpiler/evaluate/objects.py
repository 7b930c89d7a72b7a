"""Objects that exist only while a file is evaluated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import libcst as cst

from transpiler.evaluate.frames import Frame
from transpiler.model.span import Span
from transpiler.model.values import FunctionRef


@dataclass(eq=False)
class ModuleValue:
    """An imported module of the project."""

    name: str
    path: str
    frame: Frame


@dataclass(eq=False)
class UserFunction:
    """A function of the project."""

    name: str
    node: cst.FunctionDef | cst.Lambda
    frame: Frame
    """Where it was defined."""
    defaults: dict[str, Any]
    span: Span
    is_generator: bool = False
    ref: FunctionRef | None = None
    """Its mark in the model, once it was exported."""
    wrapped_by: str | None = None
    """A decorator that was not evaluated."""
    wraps: UserFunction | None = None
    """The function under this one, whose name and parameters it shows (`functools.wraps`)."""
    written_as: UserFunction | None = None
    """The function of the `def` all of whose own decorators gave this one."""
    task_decorators: int = 0
    """How many of its decorators, from the top, are those that make a task of it."""
    cache: dict[Any, Any] | None = None
    """The results by arguments, of a function under `functools.cache` or `lru_cache`."""

    @property
    def shown(self) -> UserFunction:
        """The function whose parameters Python's `inspect` tells of this one."""
        found = self
        while found.wraps is not None:
            found = found.wraps
        return found


def merge_orders(lists: list[list[Any]]) -> list[Any]:
    """Python's merge of class orders; one that Python refuses is merged depth first."""
    merged: list[Any] = []
    rest = [items for items in lists if items]
    while rest:
        heads = [items[0] for items in rest]
        good = [h for h in heads if not any(h in items[1:] for items in rest)]
        chosen = (good or heads)[0]
        merged.append(chosen)
        rest = [left for items in rest if (left := [i for i in items if i != chosen])]
    return merged


@dataclass(eq=False)
class UserClass:
    """A class of the project; `bases` are UserClass, Ref or other values."""

    name: str
    bases: tuple[Any, ...]
    namespace: dict[str, Any]
    module: str
    node: cst.ClassDef
    annotations: tuple[str, ...] = ()
    is_dataclass: bool = False
    is_enum: bool = False
    span: Span | None = None
    order: list[Any] = field(default_factory=list)
    """The class order, once it was asked for."""
    is_tuple: bool = False
    """Whether its objects are named tuples."""
    body: Frame | None = None
    """Where its body was evaluated."""
    hashed: dict[int, Instance] = field(default_factory=dict)
    """Its objects that were keys of a dictionary or members of a set, where two may be equal."""

    @property
    def is_text(self) -> bool:
        """Whether its objects are strings, as those of `class Kind(str, Enum)`."""
        names = {getattr(b, "qualified_name", getattr(b, "name", "")) for b in self.mro()}
        return bool(names & {"str", "enum.StrEnum"})

    def field_names(self) -> list[str]:
        """The annotated names of the class and its project bases, in the order of a dataclass."""
        names: list[str] = []
        for item in reversed(self.mro()):
            if isinstance(item, UserClass):
                names.extend(name for name in item.annotations if name not in names)
        return names

    def mro(self) -> list[Any]:
        """Python's class order (C3); outside bases as they are."""
        if not self.order:
            lists = [base.mro() if isinstance(base, UserClass) else [base] for base in self.bases]
            self.order.extend([self, *merge_orders([*map(list, lists), list(self.bases)])])
        return self.order

    def lookup(self, name: str) -> Any:
        """A member of the class or its project bases; KeyError where there is none."""
        for item in self.mro():
            if isinstance(item, UserClass) and name in item.namespace:
                return item.namespace[name]
        raise KeyError(name)

    def has(self, name: str) -> bool:
        """Whether a class of the project among it and its bases defines the name."""
        classes = [item for item in self.mro() if isinstance(item, UserClass)]
        return any(name in item.namespace for item in classes)

    @property
    def compares_values(self) -> bool:
        """Whether two of its objects may be equal, and so one member of a set."""
        return (self.is_dataclass and not self.is_enum) or self.has("__eq__") or self.is_tuple


@dataclass(eq=False)
class Instance:
    """An object of a project class."""

    cls: UserClass
    attributes: dict[str, Any] = field(default_factory=dict)
    serial: int = field(default_factory=count().__next__)
    """Orders objects by the time they were made."""
    call: tuple[tuple[Any, ...], dict[str, Any]] = ((), {})
    """What the class was called with."""
    made: dict[str, Any] | None = None
    """The attributes that it was made with."""

    def __hash__(self) -> int:
        """That of any object; those of which two may be equal in Python are noted."""
        if self.cls.compares_values:
            self.cls.hashed[self.serial] = self
        return object.__hash__(self)

    def note_made(self) -> None:
        """Remember the attributes that it has now, lists and the like as they are now."""
        containers = (list, dict, set)
        self.made = {
            name: type(value)(value) if type(value) in containers else value
            for name, value in self.attributes.items()
        }


@dataclass(eq=False)
class ContextFunction:
    """A function under `@contextmanager`."""

    function: UserFunction


@dataclass(eq=False)
class ContextCall:
    """Its call: the body runs when a `with` statement enters it."""

    function: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(eq=False)
class BoundMethod:
    """A project function with its first argument."""

    function: Any
    receiver: Any


@dataclass(eq=False)
class SuperProxy:
    """`super()` inside a method: lookup goes on after `after` in the receiver's class order."""

    receiver: Any
    after: UserClass


@dataclass(eq=False)
class Builtin:
    """A function of the evaluator's own closed table. Gets the call; see `CallSite`."""

    name: str
    function: Callable[..., Any]
    wants_site: bool = False


@dataclass(eq=False)
class Partial:
    """`functools.partial`."""

    func: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True)
class VersionSwitch:
    """A name such as AIRFLOW_V_3_0_PLUS, and whether it is true of the Airflow that a file is read for."""

    value: bool


class DefaultDict(dict[Any, Any]):
    """`collections.defaultdict`; `factory` is what the file gave, and called by the evaluator."""

    factory: Any = None


@dataclass(eq=False)
class OpenFile:
    """A file opened for reading text."""

    text: str
