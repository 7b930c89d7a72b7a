"""Airflow's context, and Airflow's way of calling, for Python callables that became ZenML steps."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from runtime.assets.outlets import drained
from runtime.context import current_run, task_id
from runtime.exceptions import TaskExitError
from runtime.templates import render, template_context
from runtime.templates.context import with_own_params
from runtime.templates.lazy import Lazy
from runtime.templates.verbatim import Verbatim
from runtime.termination import Terminated


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


def verbatim(value: Any) -> Any:
    """Mark an argument of `call_python` as what a task returned: Airflow does not render that."""
    return Verbatim(value)


def call_python(
    function: Callable[..., Any],
    *,
    op_args: Sequence[Any] = (),
    op_kwargs: Mapping[str, Any] | None = None,
    templates_dict: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
) -> Any:
    """Call a function as Airflow's PythonOperator does, inside of a step.

    Text in the arguments is rendered, except in what is `verbatim`; `params` are laid over the
    run's. A function with `**kwargs` gets the whole context, any other one the names that it
    declares; `op_kwargs` win over the context. Raises `ValueError` where the context has a name
    that `op_args` already fill. Of a function that yields, the result is what it returns. A function
    that ends the process by `sys.exit` returns nothing, or with another code than 0 raises
    `TaskExitError`.

    Source: `PythonOperator` and `airflow.utils.operator_helpers.KeywordParameters`.
    """
    args, context = callable_arguments(op_args, op_kwargs, templates_dict, params)

    def call() -> Any:
        value = function(*args, **keyword_arguments(function, args, context))
        return drained(value) if inspect.isgeneratorfunction(function) else value

    return in_context(context, call)


def in_context(context: AirflowContext, work: Callable[[], Any]) -> Any:
    """Do the work of a task with this context for `get_current_context`.

    Work that ends the process by `sys.exit` gives nothing, or with another code than 0 raises
    `TaskExitError`.
    """
    token = _active.set(context)
    try:
        return work()
    except Terminated:
        raise
    except SystemExit as left:
        if left.code not in (None, 0):
            raise TaskExitError(f"Task failed due to SystemExit({left.code})") from left
        return None
    finally:
        _active.reset(token)


def callable_arguments(
    op_args: Sequence[Any],
    op_kwargs: Mapping[str, Any] | None,
    templates_dict: Mapping[str, Any] | None,
    params: Mapping[str, Any] | None,
) -> tuple[Sequence[Any], AirflowContext]:
    """Give the rendered positional arguments, and the context with the named ones laid over it."""
    run, task = current_run(), task_id()
    merged = with_own_params(run, task, params)
    args, kwargs, templates = render(
        (list(op_args), _plain(op_kwargs), templates_dict and _plain(templates_dict)),
        run,
        task,
        extra=merged,
    )
    return args, airflow_context(**{**merged, **kwargs, "templates_dict": templates})


def _plain(given: Mapping[str, Any] | Verbatim | None) -> dict[str, Any]:
    return {} if given is None else {**given}


def keyword_arguments(
    function: Callable[..., Any], args: Sequence[Any], context: AirflowContext
) -> Mapping[str, Any]:
    """Give what Airflow passes by name: all of the context to `**kwargs`, else what is declared.

    Raises `ValueError` where a positional argument has a name of the context.
    """
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
