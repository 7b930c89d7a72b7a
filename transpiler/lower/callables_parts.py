"""Pieces of turning callables into steps that need no state."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from transpiler.lower.step_definitions import (
    CALL_BASH,
    CALL_IN_ENVIRONMENT,
    POLL_PYTHON,
    Wrapper,
)
from transpiler.model.pipeline import Expr, Import
from transpiler.model.values import PartialRef, Value


@dataclass(frozen=True, slots=True)
class Caller:
    """A function of the runtime that a step calls the user's by, and its own arguments."""

    function: Import
    options: Mapping[str, Expr]

    @property
    def polls(self) -> bool:
        """Whether it calls until the answer is true."""
        return self.function == POLL_PYTHON


def caller_of(
    poll: Mapping[str, Expr] | None,
    environment: Mapping[str, Expr] | None,
    bash: Mapping[str, Expr] | None,
) -> Caller | None:
    """The one of the callers that has options; None: the function is called as it is."""
    asked = ((POLL_PYTHON, poll), (CALL_IN_ENVIRONMENT, environment), (CALL_BASH, bash))
    callers = [Caller(function, options) for function, options in asked if options is not None]
    if len(callers) > 1:
        raise ValueError(f"A function is called by one of {[one.function.name for one in callers]}")
    return callers[0] if callers else None


def called_by(caller: Caller, wrapper: Wrapper) -> Wrapper:
    """The wrapper with another function that it calls the user's by."""
    given = tuple((name, value.code) for name, value in caller.options.items())
    return replace(wrapper, call=str(caller.function.name), options=given)


def unwrapped(function: Value) -> tuple[PartialRef | None, Value]:
    """A partial and the callable inside it."""
    if not isinstance(function, PartialRef):
        return None, function
    inner, target = unwrapped(function.func)
    if inner is None:
        return function, target
    kwargs = {**inner.kwargs, **function.kwargs}
    return PartialRef(target, (*inner.args, *function.args), kwargs), target


def blocks(definitions: Iterable[str]) -> Iterator[str]:
    """The definitions, with constants that follow each other in one block."""
    for is_plain, group in groupby(definitions, key=_is_plain):
        if is_plain:
            yield "\n".join(text.strip("\n") for text in group)
        else:
            yield from group


def _is_plain(definition: str) -> bool:
    """Whether a definition is no function, class or block."""
    simple = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)
    return all(isinstance(statement, simple) for statement in ast.parse(definition).body)


def lambda_name(task_id: str) -> str:
    """What a lambda of a task is called in the steps module."""
    name = re.sub(r"\W", "_", task_id)
    return name if name.isidentifier() and not keyword.iskeyword(name) else "function"
