"""Attributes of `@task` functions, `@task_group` functions and partial operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from transpiler.evaluate.builders import Decorated, PartialOperator
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import Builtin
from transpiler.model.dag import Argument


def _options(update: Callable[[Decorated, dict[str, Argument]], Decorated]) -> Any:
    def method(ip: Interpreter, target: Decorated) -> Builtin:
        def call(site: CallSite, **kwargs: Any) -> Decorated:
            given = {name: site.argument(name, value) for name, value in kwargs.items()}
            return update(target, given)

        return Builtin("option", call, wants_site=True)

    return method


def _override(target: Decorated, given: dict[str, Argument]) -> Decorated:
    return Decorated(
        target.kind, target.function, {**target.options, **given}, dict(target.partial), target.is_setup,
        target.is_teardown,
    )  # fmt: skip


def _partial(target: Decorated, given: dict[str, Argument]) -> Decorated:
    return Decorated(
        target.kind, target.function, dict(target.options), {**target.partial, **given}, target.is_setup,
        target.is_teardown,
    )  # fmt: skip


def _expand(kind: Literal["expand", "expand_kwargs"]) -> Any:
    def method(ip: Interpreter, target: Any) -> Builtin:
        from transpiler.evaluate import airflow_calls

        def call(site: CallSite, *args: Any, **kwargs: Any) -> Any:
            if kind == "expand_kwargs":
                given = {"kwargs": args[0], **kwargs} if args else kwargs
                values = {"kwargs": given.get("kwargs")}
            else:
                values = kwargs
            if not values:
                raise DagCodeError("TypeError", "no arguments to expand against", site.node)
            if isinstance(target, PartialOperator):
                return airflow_calls.expand(site, target.target, kind, values, target.arguments)
            return airflow_calls.expand(site, target, kind, values, {})

        return Builtin(kind, call, wants_site=True)

    return method


ATTRIBUTES: dict[str, Callable[[Interpreter, Any], Any]] = {
    "override": _options(_override),
    "partial": _options(_partial),
    "expand": _expand("expand"),
    "expand_kwargs": _expand("expand_kwargs"),
    "function": lambda ip, d: d.function,
    "__wrapped__": lambda ip, d: d.function,
    "__name__": lambda ip, d: d.function.name,
}
PARTIAL_ATTRIBUTES: dict[str, Callable[[Interpreter, Any], Any]] = {
    "expand": _expand("expand"),
    "expand_kwargs": _expand("expand_kwargs"),
}
