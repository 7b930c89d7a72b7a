"""Objects that stand in for classes, functions and values nobody has."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

_EXCEPTIONS = ("Error", "Exception", "Warning")
_OPERATORS = ("Operator", "Sensor", "OperatorAsync", "SensorAsync")


def make(name: str, module: str) -> Any:
    """What stands in for `name` of `module`: an exception, an operator, a class or a function."""
    if name.endswith(_EXCEPTIONS):
        return type(name, (Exception,), {"__module__": module})
    if name.endswith(_OPERATORS):
        return operator_class(name, module)
    if name[:1].isupper() and not name.isupper():
        return _ThingClass(name, (thing(),), {"__module__": module})
    return thing()(f"{module}.{name}")


def _first(*paths: str) -> Any:
    """The first of the classes that this release of Airflow has."""
    for path in paths:
        module, _, name = path.rpartition(".")
        try:
            return getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError):
            continue
    raise ImportError(f"this Airflow has none of {', '.join(paths)}")


@lru_cache(maxsize=1)
def base_operator() -> Any:
    """BaseOperator of this release."""
    return _first(
        "airflow.sdk.bases.operator.BaseOperator", "airflow.models.baseoperator.BaseOperator"
    )


class _AnyField(tuple[str, ...]):
    """Template fields before an operator is made: whatever it will be given may be one."""

    def __contains__(self, name: object) -> bool:
        return True


@lru_cache(maxsize=1)
def _stand_in_operator() -> Any:
    base: Any = base_operator()
    common = set(inspect.signature(base.__init__).parameters) - {"self", "args", "kwargs"}

    class StandInOperator(base):  # type: ignore[misc, unused-ignore]
        """Accepts anything; what no operator knows is an attribute and a template field."""

        stand_in = True
        template_fields: tuple[str, ...] = _AnyField()

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            own = {name: value for name, value in kwargs.items() if name not in common}
            super().__init__(**{name: kwargs[name] for name in kwargs.keys() - own.keys()})
            # Not over a property of Airflow's, such as `output`.
            free = [name for name in own if not isinstance(getattr(base, name, None), property)]
            for name in free:
                setattr(self, name, own[name])
            self.template_fields = tuple(dict.fromkeys([*type(self).template_fields, *free]))

        def execute(self, context: Any) -> None:
            """Nothing can be done."""
            raise NotImplementedError(f"{type(self).__name__} is a stand-in")

    return StandInOperator


def operator_class(name: str, module: str) -> Any:
    """An operator class of that name."""
    return type(base_operator())(name, (_stand_in_operator(),), {"__module__": module})


class _ThingClass(type):
    """Class of the classes that stand in: they have every attribute, and may be in a type hint."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return make(name, f"{cls.__module__}.{cls.__name__}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if isinstance(kwargs.get("task_id"), str):
            return operator_class(cls.__name__, cls.__module__)(**kwargs)
        return super().__call__(*args, **kwargs)

    def __or__(cls, other: Any) -> Any:
        return cls

    def __ror__(cls, other: Any) -> Any:
        return cls

    def __getitem__(cls, key: Any) -> Any:
        return cls


@lru_cache(maxsize=1)
def thing() -> Any:
    """The class of values that stand in; in a chain of tasks they are an empty group."""
    mixin: Any = _first(
        "airflow.sdk.definitions._internal.mixins.DependencyMixin",
        "airflow.models.taskmixin.DependencyMixin",
    )
    return _ThingClass(
        "Thing", (_Thing, mixin), {"__module__": __name__, "__abstractmethods__": frozenset()}
    )


class _Thing:
    """A value that can be called, indexed, iterated (it is empty), entered and compared."""

    stand_in = True
    roots: list[Any] = []
    leaves: list[Any] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.stand_in_name = args[0] if args and isinstance(args[0], str) else type(self).__name__

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return make(name, "stand-in")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and inspect.isfunction(args[0]):
            return args[0]  # a decorator
        if isinstance(kwargs.get("task_id"), str):
            name = str(getattr(self, "stand_in_name", "StandIn")).rpartition(".")[2]
            return operator_class(name, "stand-in")(**kwargs)
        return thing()("result")

    def update_relative(self, *args: Any, **kwargs: Any) -> None:
        """No tasks, so no edges."""

    set_upstream = set_downstream = update_relative

    def __getitem__(self, key: Any) -> Any:
        return thing()("item")

    def __setitem__(self, key: Any, value: Any) -> None:
        """Nothing is kept."""

    def __contains__(self, key: Any) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def __int__(self) -> int:
        return 1

    def __float__(self) -> float:
        return 1.0

    def __str__(self) -> str:
        return "stand-in"

    def __add__(self, other: Any) -> Any:
        return f"stand-in{other}" if isinstance(other, str) else self

    def __radd__(self, other: Any) -> Any:
        return f"{other}stand-in" if isinstance(other, str) else self

    def _same(self, other: Any) -> Any:
        return self

    __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __mod__ = _same
    __and__ = __or__ = __rand__ = __ror__ = __floordiv__ = _same

    def __lt__(self, other: Any) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


class StandInText(str):
    """The value of a Variable: text that is also a number, and a mapping of texts."""

    stand_in = True

    def __new__(cls, name: str = "") -> StandInText:
        return super().__new__(cls, "stand-in")

    def __int__(self) -> int:
        return 1

    def __float__(self) -> float:
        return 1.0

    def __getitem__(self, key: Any) -> Any:
        return StandInText() if isinstance(key, str) else super().__getitem__(key)

    def __iter__(self) -> Iterator[Any]:
        return iter([str(self)])

    def get(self, key: Any, default: Any = None) -> Any:
        """The default, or another text."""
        return StandInText() if default is None else default

    def items(self) -> list[Any]:
        """Nothing."""
        return []

    keys = values = items
