"""Call what is to be told, for a DAG and outside of its steps."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Mapping
from typing import Any

from runtime.context import on_behalf_of
from runtime.deadlines.specs import Callback
from runtime.functions import load_function

logger = logging.getLogger(__name__)


def call(callback: Callback, dag_id: str, *args: Any, **context: Any) -> bool:
    """Call a function, also one that is a coroutine; tells whether it came to its end.

    As in Airflow, one that raises is logged, and changes nothing else.
    """
    with on_behalf_of(dag_id):
        try:
            function = load_function(callback.path)
            result = function(*args, **callback.kwargs, **_accepted(function, context))
            if inspect.isawaitable(result):
                asyncio.run(_awaited(result))
        except Exception:
            logger.exception("The callback %s of %r failed.", callback.path, dag_id)
            return False
    return True


def _accepted(function: Any, context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what the function takes by name: Airflow's `accepts_context`."""
    parameters = inspect.signature(function).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return context
    return {name: value for name, value in context.items() if name in parameters}


async def _awaited(result: Any) -> Any:
    return await result
