"""Functions as arguments of steps: ZenML keeps arguments as JSON, so a function goes by its path."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Collection
from typing import Any

from runtime.callables import airflow_context
from runtime.exceptions import ContextError


def load_function(path: str) -> Callable[..., Any]:
    """Give the function of a dotted path, as `steps.nightly.is_complete`.

    A step of ZenML gives the function that it was made of. Raises `ContextError` where the path
    leads to nothing that can be called.
    """
    parts = path.split(".")
    for end in range(len(parts) - 1, 0, -1):
        name = ".".join(parts[:end])
        try:
            found: Any = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                raise
            continue
        for part in parts[end:]:
            found = getattr(found, part, None)
        found = getattr(found, "entrypoint", found)
        if callable(found):
            return found  # type: ignore[no-any-return]
        break
    raise ContextError(f"There is no function {path!r}. Correct the path: module, dot, name.")


def call_with_context(
    function: Callable[..., Any], *args: Any, without: Collection[str] = ()
) -> Any:
    """Call a function with arguments, and with those names of Airflow's context that it declares.

    A function with `**kwargs` gets the whole context. `without` are names of the context that are
    not passed.
    """
    parameters = list(inspect.signature(function).parameters.values())
    context = airflow_context()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        names = set(context) - {parameter.name for parameter in parameters[: len(args)]}
    else:
        names = {parameter.name for parameter in parameters[len(args) :]} & set(context)
    return function(*args, **{name: context[name] for name in names.difference(without)})
