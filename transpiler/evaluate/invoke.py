"""Calling what a call expression names."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import CodeType
from typing import Any

import libcst as cst

from transpiler.evaluate import both_sides, caching, classes, defaults, operations
from transpiler.evaluate.builders import Decorated, Decorator, PartialOperator, TaskBuilder, XCom
from transpiler.evaluate.calls import bind_parameters
from transpiler.evaluate.errors import DagCodeError, LimitReached, Returned
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.iterators import made, structure
from transpiler.evaluate.objects import (
    BoundMethod,
    Builtin,
    ContextCall,
    ContextFunction,
    Instance,
    Partial,
    UserClass,
    UserFunction,
)
from transpiler.model.values import Call, Ref, Symbolic


def call_value(
    ip: Interpreter, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], site: CallSite
) -> Any:
    """Call any value."""
    from transpiler.evaluate import airflow_calls

    if ip.assuming and not isinstance(function, Builtin):
        return defaults.call(function, args, kwargs)
    if isinstance(function, Builtin):
        if function.wants_site:
            return _call_builtin(function, args, kwargs, site)
        return operations.attempt(lambda: function.function(*args, **kwargs), site.node)
    if isinstance(function, UserFunction):
        return call_function(ip, function, args, kwargs, site.node, site.frame)
    if isinstance(function, BoundMethod):
        receiver = (function.receiver,)
        owner = _owner(function)
        return call_function(
            ip,
            function.function,
            receiver + args,
            kwargs,
            site.node,
            site.frame,
            owner,
            function.receiver,
        )
    if isinstance(function, ContextFunction):
        return ContextCall(function.function, args, kwargs)
    if isinstance(function, Partial):
        return call_value(
            ip, function.func, function.args + args, {**function.kwargs, **kwargs}, site
        )
    if isinstance(function, UserClass):
        return classes.instantiate(ip, function, args, kwargs, site)
    if isinstance(function, (Decorated, Decorator, PartialOperator)):
        return airflow_calls.call_decorated(ip, function, args, kwargs, site)
    if isinstance(function, Ref):
        return airflow_calls.call_ref(ip, function, args, kwargs, site)
    if isinstance(function, Instance):
        try:
            method = function.cls.lookup("__call__")
        except KeyError:
            return site.symbolic("the object is not callable as far as it is known")
        return call_value(ip, BoundMethod(method, function), args, kwargs, site)
    if isinstance(function, (Symbolic, Call, XCom, TaskBuilder)) or function is None:
        if function is None:
            raise DagCodeError("TypeError", "'NoneType' object is not callable", site.node)
        if isinstance(function, (Symbolic, Call)) and "task_id" in kwargs:
            return airflow_calls.call_unknown_class(ip, args, kwargs, site)
        return site.symbolic("it calls a value that is not known")
    raise DagCodeError(
        "TypeError", f"'{type(function).__name__}' object is not callable", site.node
    )


def _call_builtin(
    function: Builtin, args: tuple[Any, ...], kwargs: dict[str, Any], site: CallSite
) -> Any:
    """Call a function of the closed table; arguments that it does not take make the result unknown."""
    try:
        _signature(function.function).bind(site, *args, **kwargs)
    except TypeError:
        return site.symbolic("it is called with arguments that are not evaluated")
    return function.function(site, *args, **kwargs)


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    """The parameters of a function of the table; many are made anew for each value, of one code."""
    code = getattr(function, "__code__", None)
    if code is None:
        return inspect.signature(function)
    if code not in _SIGNATURES:
        _SIGNATURES[code] = inspect.signature(function)
    return _SIGNATURES[code]


_SIGNATURES: dict[CodeType, inspect.Signature] = {}


def _owner(method: BoundMethod) -> UserClass | None:
    cls = (
        method.receiver
        if isinstance(method.receiver, UserClass)
        else getattr(method.receiver, "cls", None)
    )
    if cls is None:
        return None
    for item in cls.mro():
        if isinstance(item, UserClass) and any(
            classes.underlying(member) is method.function for member in item.namespace.values()
        ):
            return item
    return cls


def call_function(
    ip: Interpreter,
    function: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    node: cst.CSTNode,
    caller: Frame,
    owner: UserClass | None = None,
    receiver: Any = None,
) -> Any:
    """Evaluate the body of a project function. Raises what the body raises, and LimitReached for
    deep recursion.
    """
    ip.only_reads()
    if not isinstance(function, UserFunction):
        site = CallSite(ip, node, caller)
        return call_value(ip, function, args, kwargs, site)
    if isinstance(function.node, cst.FunctionDef) and function.node.asynchronous is not None:
        return ip.symbolic(node, caller, "it is a coroutine")
    if function.wrapped_by is not None and ip.dag is not None:
        text = f"{function.name} is under @{function.wrapped_by}, which is not evaluated"
        ip.report("D2Z116", node, caller, text)
    if function.cache is not None:
        return caching.call(
            ip, function, args, kwargs,
            lambda: _call_body(ip, function, args, kwargs, node, caller, owner, receiver),
        )  # fmt: skip
    return _call_body(ip, function, args, kwargs, node, caller, owner, receiver)


def _call_body(
    ip: Interpreter,
    function: UserFunction,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    node: cst.CSTNode,
    caller: Frame,
    owner: UserClass | None,
    receiver: Any,
) -> Any:
    bound = bind_parameters(function.name, function.node.params, function.defaults, args, kwargs)
    ip.calls += 1
    frame = Frame(
        "function", function.frame.module, function.frame, names=bound, owner=owner, receiver=receiver,
        call_id=ip.calls, depth=caller.depth + 1,
    )  # fmt: skip
    if frame.depth > ip.budget.limits.depth:
        raise LimitReached(f"calls are nested over {ip.budget.limits.depth} deep", node)
    active = ip.active.setdefault(id(function.node), [])
    if _never_ends(active, len(ip.journals)):
        return ip.symbolic(node, caller, "it calls itself under conditions that are not known")
    active.append(len(ip.journals))
    try:
        if isinstance(function.node, cst.Lambda):
            from transpiler.evaluate.expressions import evaluate

            return evaluate(ip, function.node.body, frame)
        return run_body(ip, function, frame)
    finally:
        active.pop()


def _never_ends(active: list[int], now: int) -> bool:
    """Whether a function has called itself some times, each time in code that may or may not run:
    what would end it is not known.
    """
    last = [*active[-_SELF_CALLS:], now]
    return len(last) > _SELF_CALLS and all(a < b for a, b in zip(last, last[1:], strict=False))


_SELF_CALLS = 3


def run_body(ip: Interpreter, function: UserFunction, frame: Frame) -> Any:
    """Evaluate a function's body in a frame that has its parameters."""
    from transpiler.evaluate.statements import execute_block

    assert isinstance(function.node, cst.FunctionDef)
    if function.is_generator:
        frame.yields = []
    value, before = None, structure(ip)
    try:
        execute_block(ip, function.node.body, frame)
    except Returned as returned:
        value = returned.value
    value = both_sides.end_of_function(ip, frame, value)
    if frame.yields is None:
        return value
    return made(ip, frame.yields, before, function.node, function.frame)
