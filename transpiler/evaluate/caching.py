"""Functions under `functools.cache` and `lru_cache`: their body runs once for the same arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.objects import Instance, UserClass, UserFunction
from transpiler.evaluate.truth import is_plain


def cached(function: Any) -> Any:
    """The function, which remembers its results from now on."""
    if isinstance(function, UserFunction):
        function.cache = {}
    return function


def call(
    ip: Interpreter,
    function: UserFunction,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    run: Callable[[], Any],
) -> Any:
    """The result of a call, or that of the first call with the same arguments.

    Code that may or may not run neither fills the cache nor counts on it.
    """
    key = (args, tuple(sorted(kwargs.items(), key=lambda item: item[0])))
    if function.cache is None or ip.journals or not _is_key(key):
        return run()
    if key not in function.cache:
        function.cache[key] = run()
    return function.cache[key]


def _is_key(key: tuple[tuple[Any, ...], tuple[tuple[str, Any], ...]]) -> bool:
    values = [*key[0], *(value for _, value in key[1])]
    if not all(isinstance(value, (Instance, UserClass)) or is_plain(value) for value in values):
        return False
    try:
        hash(key)
    except TypeError:
        return False
    return True
