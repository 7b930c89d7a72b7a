"""Airflow's context, and Airflow's way of calling, for Python callables that became ZenML steps."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from types import GeneratorType
from typing import Any

from runtime.context import current_run, task_id
from runtime.templates import render, template_context
from runtime.templates.lazy import Lazy


class AirflowContext(dict[str, Any]):
    """The context as a `dict`; values that need a look-up are looked up when they are read."""

    def __getitem__(self, key: str) -> Any:
        """Give a value."""
        value = super().__getitem__(key)
        return value() if isinstance(value, Lazy) else value

    def get(self, key: str, default: Any = None) -> Any:
        """Give a value, or the default for an unknown key."""
        try:
            return self[key]
        except KeyError:
            return default

    def __iter__(self) -> Iterator[str]:
        """Give the keys. Having this method makes `f(**context)` read values as `[]` does."""
        return super().__iter__()

    def values(self) -> Any:
        """Give all values; this looks everything up."""
        return [self[key] for key in self]

    def items(self) -> Any:
        """Give all pairs; this looks everything up."""
        return [(key, self[key]) for key in self]


_active: ContextVar[AirflowContext | None] = ContextVar("airflow_context", default=None)


def airflow_context(**extra: Any) -> AirflowContext:
    """Give the context of the step that is running, with Airflow's keys; `extra` comes on top.

    For callables that take `**context`, or some keys of it: `train(**airflow_context())`. Raises
    `ContextError` outside of a step.
    """
    return AirflowContext(template_context(current_run(), task_id(), extra))


def get_current_context() -> AirflowContext:
    """Give the context of the callable that is running, as Airflow's function of that name.

    Within `call_python` it is the callable's own, else that of the step. Raises `ContextError`
    outside of a step.
    """
    return _active.get() or airflow_context()


def call_python(
    function: Callable[..., Any],
    *,
    op_args: Sequence[Any] = (),
    op_kwargs: Mapping[str, Any] | None = None,
    templates_dict: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
) -> Any:
    """Call a function as Airflow's PythonOperator does, inside of a step.

    Text in the arguments is rendered; `params` are laid over the run's. A function with `**kwargs`
    gets the whole context, any other one the names that it declares; `op_kwargs` win over the
    context. Raises `ValueError` where the context has a name that `op_args` already fill. The items
    of a generator are returned as a list.

    Source: `PythonOperator` and `airflow.utils.operator_helpers.KeywordParameters`.
    """
    run, task = current_run(), task_id()
    merged = {"params": {**run.params, **(params or {})}}
    args, kwargs, templates = render(
        (list(op_args), dict(op_kwargs or {}), templates_dict and dict(templates_dict)),
        run,
        task,
        extra=merged,
    )
    context = airflow_context(**{**merged, **kwargs, "templates_dict": templates})
    token = _active.set(context)
    try:
        value = function(*args, **_keyword_arguments(function, args, context))
        return list(value) if isinstance(value, GeneratorType) else value
    finally:
        _active.reset(token)


def _keyword_arguments(
    function: Callable[..., Any], args: Sequence[Any], context: AirflowContext
) -> Mapping[str, Any]:
    parameters = inspect.signature(function).parameters
    for name in itertools.islice(parameters, len(args)):
        if name in context:
            raise ValueError(
                f"The argument {name!r} of {function!r} is filled by op_args, but Airflow's "
                "context has that name too. Rename the argument."
            )
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return context
    return {name: context[name] for name in parameters if name in context}
