"""`with`: DAGs, task groups, setup and teardown tasks, files, and context managers of the project."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import libcst as cst

from transpiler.evaluate import exceptions, setups
from transpiler.evaluate.builders import DagBuilder, Decorated, GroupBuilder
from transpiler.evaluate.errors import DagCodeError, LoopExit, Returned
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import BoundMethod, ContextCall, Instance, UserFunction
from transpiler.evaluate.targets import assign
from transpiler.model.values import Call, Symbolic


def with_statement(ip: Interpreter, node: cst.With, frame: Frame) -> None:
    """Enter each context in order, run the body, leave them."""
    _enter_items(ip, node, frame, list(node.items))


def _enter_items(ip: Interpreter, node: cst.With, frame: Frame, items: list[cst.WithItem]) -> None:
    """Enter the first context, and inside it the others and the body."""
    from transpiler.evaluate.expressions import evaluate
    from transpiler.evaluate.statements import execute_block

    if not items:
        execute_block(ip, node.body, frame)
        return
    item = items[0]
    frame.variable = _name(item)
    context = evaluate(ip, item.item, frame)
    frame.variable = None

    def body(value: Any) -> None:
        if item.asname is not None:
            assign(ip, item.asname.name, value, frame)
        _enter_items(ip, node, frame, items[1:])

    if isinstance(context, ContextCall):
        _run_manager(ip, context, item, frame, body)
        return
    if isinstance(context, Call) and context.func == "contextlib.suppress":
        _suppress(context, lambda: body(None))
        return
    leave, value = _enter(ip, context, item, frame)
    try:
        body(value)
    finally:
        leave()


def _suppress(context: Call, body: Callable[[], None]) -> None:
    """`with suppress(KeyError, …)`: the body ends at the exception."""
    try:
        body()
    except DagCodeError as error:
        if not exceptions.names_of(context.args) & exceptions.families(error):
            raise


def _name(item: cst.WithItem) -> str | None:
    if item.asname is not None and isinstance(item.asname.name, cst.Name):
        return item.asname.name.value
    return None


def _enter(
    ip: Interpreter, context: Any, item: cst.WithItem, frame: Frame
) -> tuple[Callable[[], object], Any]:
    """What leaves the context, and the value that `as` binds."""
    if isinstance(context, DagBuilder):
        context.registered = True
        ip.dag_stack.append(context)
        return ip.dag_stack.pop, context
    if isinstance(context, GroupBuilder):
        ip.group_stack.append(context)
        return ip.group_stack.pop, context
    if isinstance(context, Instance):
        return _enter_object(ip, context, item, frame)
    if isinstance(context, (Symbolic, Call)):
        return _enter_unknown(ip, context, item, frame), context
    if managers := setups.managers_of(context):
        scope = setups.enter(ip, managers, item)
        return lambda: setups.leave(ip), scope
    if isinstance(context, Decorated):
        return _nothing, Symbolic("context", "the context manager is not evaluated")
    return _nothing, context


def _nothing() -> None:
    return None


def _enter_object(
    ip: Interpreter, context: Instance, item: cst.WithItem, frame: Frame
) -> tuple[Callable[[], object], Any]:
    """An object of the project with `__enter__` and `__exit__`."""
    from transpiler.evaluate.invoke import call_value

    site = CallSite(ip, item, frame)
    try:
        start, end = context.cls.lookup("__enter__"), context.cls.lookup("__exit__")
    except KeyError:
        return _enter_unknown(ip, context, item, frame), context
    value = call_value(ip, BoundMethod(start, context), (), {}, site)
    no_error = (None, None, None)
    return lambda: call_value(ip, BoundMethod(end, context), no_error, {}, site), value


def _enter_unknown(
    ip: Interpreter, context: Any, item: cst.WithItem, frame: Frame
) -> Callable[[], object]:
    """A context that is not read: tasks without a DAG in it may belong to one that it makes."""
    before = ip.homeless

    def leave() -> None:
        if ip.homeless != before:
            shown = ip.code(item.item, frame)
            text = f"tasks are made inside {shown[:80]!r}, which may be a DAG that is not read"
            ip.report("D2Z116", item, frame, text)

    return leave


def _run_manager(
    ip: Interpreter,
    context: ContextCall,
    item: cst.WithItem,
    frame: Frame,
    body: Callable[[Any], None],
) -> None:
    """Run a `@contextmanager` function with the body of the `with` statement in place of its `yield`."""
    from transpiler.evaluate.calls import bind_parameters
    from transpiler.evaluate.statements import execute_block

    function: UserFunction = context.function
    assert isinstance(function.node, cst.FunctionDef)
    ip.calls += 1
    inner = Frame(
        "function", function.frame.module, function.frame, call_id=ip.calls, depth=frame.depth + 1,
        names=bind_parameters(
            function.name, function.node.params, function.defaults, context.args, context.kwargs
        ),
    )  # fmt: skip
    left: list[Returned | LoopExit] = []
    entered: list[Any] = []

    def on_yield(value: Any) -> None:
        entered.append(value)
        try:
            body(value)
        except (Returned, LoopExit) as early:
            left.append(early)

    inner.on_yield = on_yield
    with suppress(Returned):  # the manager's own return, after its yield
        execute_block(ip, function.node.body, inner)
    if not entered:
        raise DagCodeError("RuntimeError", "generator didn't yield", item)
    if left:
        raise left[0]
