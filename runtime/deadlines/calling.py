"""Call what is to be told, for a DAG and outside of its steps."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping
from typing import Any

from runtime.context import on_behalf_of
from runtime.deadlines.specs import Callback
from runtime.failed_callbacks import note_failed_callback
from runtime.functions import load_function


def call(callback: Callback, dag_id: str, *args: Any, **context: Any) -> None:
    """Call a function, also one that is a coroutine.

    As in Airflow, one that raises changes nothing else; it is noted.
    """
    with on_behalf_of(dag_id):
        try:
            function = load_function(callback.path)
            result = function(*args, **callback.kwargs, **_accepted(function, context))
            if inspect.isawaitable(result):
                asyncio.run(_awaited(result))
        except Exception as error:  # It is the user's code, and may raise anything.
            note_failed_callback(callback.path, dag_id, error)


def _accepted(function: Any, context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what the function takes by name: Airflow's `accepts_context`."""
    parameters = inspect.signature(function).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return context
    return {name: value for name, value in context.items() if name in parameters}


async def _awaited(result: Any) -> Any:
    return await result
