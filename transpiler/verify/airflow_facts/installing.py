"""Putting stand-ins into the process that loads a file."""

from __future__ import annotations

import importlib
import json
import os
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from transpiler.verify.airflow_facts.stand_ins import TEXTS, StandIns
from transpiler.verify.airflow_facts.things import StandInText, make, operator_class


def install(stand_ins: StandIns) -> dict[str, set[str]]:
    """Make everything named available. Returns the names that will have been asked for: modules,
    and decorators, any of which may be."""
    finder = _Finder(stand_ins.modules)
    sys.meta_path.append(finder)
    for name in stand_ins.environment:
        os.environ[name] = TEXTS[stand_ins.text]
    for name in stand_ins.connections:
        os.environ[f"AIRFLOW_CONN_{name.upper()}"] = (
            "generic://stand-in:stand-in@stand-in:1/stand-in"
        )
    for entry in stand_ins.names:
        module, _, name = entry.partition(":")
        setattr(importlib.import_module(module), name, make(name, module))
    if stand_ins.variables:
        _answer_for_variables()
    decorators: set[str] = set()
    _decorate(decorators)
    _validate_no_stand_in()
    return {"modules": finder.used, "decorators": decorators}


class _Module(ModuleType):
    """A module that has every name."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = make(name, self.__name__)
        setattr(self, name, value)
        return value


class _Finder(MetaPathFinder, Loader):
    """The last finder: modules of these names, and all below them, that no other finds."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self.used: set[str] = set()

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """A specification where the module may stand in."""
        for name in self.names:
            if fullname == name or fullname.startswith(f"{name}."):
                self.used.add(name)
                return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module."""
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """It has no code."""


def _answer_for_variables() -> None:
    """Variables that nobody has set and that have no default."""
    for path in ("airflow.models.variable", "airflow.sdk.definitions.variable"):
        try:
            variable = importlib.import_module(path).Variable
        except ImportError:
            continue
        variable.get = _variable_getter(variable.get)
    loads = json.loads
    json.loads = lambda text, *args, **kwargs: (
        text if isinstance(text, StandInText) else loads(text, *args, **kwargs)
    )


def _variable_getter(get: Any) -> Any:
    def answer(key: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return get(key, *args, **kwargs)
        except Exception:  # each release has its own for a Variable that is not there
            return StandInText(str(key))

    return answer


def _decorate(used: set[str]) -> None:
    """`@task.name` of providers that are not installed: their names go into `used`."""
    base = importlib.import_module("airflow.decorators.base")
    collection: Any = type(importlib.import_module("airflow.decorators").task)
    original = collection.__getattr__

    def find(task: Any, name: str) -> Any:
        try:
            return original(task, name)
        except AttributeError:
            if name.startswith("_"):
                raise
            used.add(name)
            return _decorator(base, name)

    collection.__getattr__ = find


def _decorator(base: Any, name: str) -> Any:
    operator = type(base.DecoratedOperator)(
        f"_{name.title()}DecoratedOperator",
        (base.DecoratedOperator, operator_class(name, "stand-in")),
        {"custom_operator_name": f"@task.{name}"},
    )

    def decorator(python_callable: Any = None, multiple_outputs: Any = None, **kwargs: Any) -> Any:
        return base.task_decorator_factory(
            python_callable=python_callable,
            multiple_outputs=multiple_outputs,
            decorated_operator_class=operator,
            **kwargs,
        )

    return decorator


def _validate_no_stand_in() -> None:
    """`partial` and `expand` check names of arguments, which a stand-in does not know."""
    for module in [module for name, module in sys.modules.items() if name.startswith("airflow.")]:
        validate = getattr(module, "__dict__", {}).get("validate_mapping_kwargs")
        if validate is not None:
            vars(module)["validate_mapping_kwargs"] = _lenient(validate)


def _lenient(validate: Any) -> Any:
    def check(operator: Any, *args: Any) -> None:
        if not getattr(operator, "stand_in", False):
            validate(operator, *args)

    return check
