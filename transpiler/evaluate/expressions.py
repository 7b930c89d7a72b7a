"""Expressions to values."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import libcst as cst

from transpiler.evaluate import (
    access,
    assets,
    both_sides,
    calls,
    comparisons,
    comprehensions,
    defaults,
    edges,
    items,
    operations,
    strings,
)
from transpiler.evaluate.changes import UnknownItems
from transpiler.evaluate.errors import DagCodeError, LimitReached
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import UserFunction
from transpiler.evaluate.truth import is_plain, truth


def evaluate(ip: Interpreter, node: cst.BaseExpression, frame: Frame) -> Any:
    """The value of an expression: plain data, an evaluator's object, or a mark."""
    ip.budget.tick(node)
    handler = _HANDLERS.get(type(node))
    if handler is None:
        ip.report("D2Z116", node, frame, f"{type(node).__name__} is not evaluated")
        return ip.symbolic(node, frame, "this kind of expression is not evaluated")
    try:
        if ip.assuming:
            return defaults.again(ip, node, lambda: handler(ip, node, frame))
        value = handler(ip, node, frame)
        if type(node) in defaults.ONCE:
            ip.results[id(node)] = value
        elif ip.defaults and isinstance(node, defaults.CHAINS):
            defaults.keep(ip, node, value)
        return value
    except LimitReached as error:
        error.node = error.node or node
        raise
    except DagCodeError as error:
        if error.node is None or error.module is None:
            error.node, error.module = node, frame.module.path
        raise


def _number(ip: Interpreter, node: Any, frame: Frame) -> Any:
    return operations.attempt(lambda: node.evaluated_value, node)


def _name(ip: Interpreter, node: cst.Name, frame: Frame) -> Any:
    try:
        return frame.lookup(node.value)
    except KeyError:
        return access.builtin(ip, node, frame)


def _sequence(ip: Interpreter, node: Any, frame: Frame) -> Any:
    items: list[Any] = []
    for element in node.elements:
        value = evaluate(ip, element.value, frame)
        if isinstance(element, cst.StarredElement):
            unpacked = comprehensions.iterate(ip, value, element.value, frame)
            if unpacked is None:
                return ip.symbolic(node, frame, "it unpacks a value that is not known")
            items.extend(unpacked)
        else:
            items.append(value)
    if isinstance(node, cst.Tuple):
        result: Any = tuple(items)
    elif isinstance(node, cst.Set):
        if comprehensions.may_be_equal(items):
            return ip.symbolic(node, frame, "objects of the project may be equal to each other")
        result = operations.attempt(lambda: set(items), node)
    else:
        result = items
    ip.budget.weight(result)
    return result


def _dict(ip: Interpreter, node: cst.Dict, frame: Frame) -> Any:
    result: dict[Any, Any] = {}
    for element in node.elements:
        if isinstance(element, cst.StarredDictElement):
            value = evaluate(ip, element.value, frame)
            if not isinstance(value, dict):
                return ip.symbolic(node, frame, "it unpacks a value that is not known")
            result.update(value)
        else:
            key = evaluate(ip, element.key, frame)  # type: ignore[attr-defined]
            value = evaluate(ip, element.value, frame)
            operations.attempt(partial(result.__setitem__, key, value), element)
    ip.budget.weight(result)
    return result


def _binary(ip: Interpreter, node: cst.BinaryOperation, frame: Frame) -> Any:
    left, right = _binary_operands(ip, node, frame)
    for operand, operator_node in right:
        left = _apply(ip, operator_node.operator, left, operand, operator_node, frame)
        if ip.defaults and not ip.assuming:
            defaults.keep(ip, operator_node, left)
    return left


def _binary_operands(
    ip: Interpreter, node: cst.BinaryOperation, frame: Frame
) -> tuple[Any, list[tuple[Any, cst.BinaryOperation]]]:
    """Flatten `a + b + c`, so that long sums need no deep recursion; operands in source order."""
    chain: list[cst.BinaryOperation] = []
    first: cst.BaseExpression = node
    while isinstance(first, cst.BinaryOperation):
        chain.append(first)
        first = first.left
        if ip.assuming and id(first) in ip.results:
            break
    left = evaluate(ip, first, frame)
    return left, [(evaluate(ip, item.right, frame), item) for item in reversed(chain)]


def _apply(
    ip: Interpreter, op: cst.CSTNode, left: Any, right: Any, node: cst.BinaryOperation, frame: Frame
) -> Any:
    shifts = isinstance(op, (cst.RightShift, cst.LeftShift))
    if shifts and any(edges.is_node(side) or _has_nodes(side) for side in (left, right)):
        return edges.shift(ip, op, left, right, node, frame)
    if assets.is_asset(left) and assets.is_asset(right):
        condition = assets.combined(op, left, right, CallSite(ip, node, frame))
        if condition is not None:
            return condition
    if shifts and ip.dag is not None and not is_plain(left) and not is_plain(right):
        ip.report("D2Z110", node, frame, "an edge between values that are not known to be tasks")
    if isinstance(op, (cst.Add, cst.Modulo)) and (
        isinstance(left, (str, list, tuple)) and not is_plain(left)
    ):
        return _partly_known(ip, op, left, right, node, frame)
    if isinstance(op, cst.BitOr) and isinstance(left, dict) and isinstance(right, dict):
        return operations.binary(op, left, right, ip.budget)
    if is_plain(left) and (is_plain(right) or isinstance(op, cst.Add)):
        if isinstance(op, cst.Add) and not is_plain(right) and not isinstance(right, type(left)):
            return ip.symbolic(node, frame, "an operand is not known")
        return operations.binary(op, left, right, ip.budget)
    return ip.symbolic(node, frame, "an operand is not known")


def _partly_known(
    ip: Interpreter, op: cst.CSTNode, left: Any, right: Any, node: cst.CSTNode, frame: Frame
) -> Any:
    if isinstance(op, cst.Add) and type(left) is type(right):
        return operations.binary(op, left, right, ip.budget)
    return ip.symbolic(node, frame, "an operand is not known")


def _has_nodes(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(
        edges.is_node(item) or _has_nodes(item) for item in value
    )


def _boolean(ip: Interpreter, node: cst.BooleanOperation, frame: Frame) -> Any:
    left = evaluate(ip, node.left, frame)
    known = truth(left)
    if known is None:
        what = f"the condition {ip.code(node.left, frame)!r}"
        both_sides.probe(ip, node, frame, lambda: evaluate(ip, node.right, frame), what)
        return ip.symbolic(node, frame, "a condition is not known")
    if known is isinstance(node.operator, cst.Or):
        return left
    return evaluate(ip, node.right, frame)


def _unary(ip: Interpreter, node: cst.UnaryOperation, frame: Frame) -> Any:
    value = evaluate(ip, node.expression, frame)
    if isinstance(node.operator, cst.Not):
        known = truth(value)
        return ip.symbolic(node, frame, "a condition is not known") if known is None else not known
    if not is_plain(value):
        return ip.symbolic(node, frame, "the operand is not known")
    return operations.unary(node.operator, value)


def _conditional(ip: Interpreter, node: cst.IfExp, frame: Frame) -> Any:
    test = truth(evaluate(ip, node.test, frame))
    if test is None:
        what = f"the condition {ip.code(node.test, frame)!r}"
        for side in (node.body, node.orelse):
            both_sides.probe(ip, node.test, frame, partial(evaluate, ip, side, frame), what)
        return ip.symbolic(node, frame, "the condition is not known")
    return evaluate(ip, node.body if test else node.orelse, frame)


def _attribute(ip: Interpreter, node: cst.Attribute, frame: Frame) -> Any:
    return access.attribute(ip, evaluate(ip, node.value, frame), node.attr.value, node, frame)


def _subscript(ip: Interpreter, node: cst.Subscript, frame: Frame) -> Any:
    container = evaluate(ip, node.value, frame)
    key = items.subscript_key(ip, node, frame)
    return items.item(ip, container, key, node, frame)


def _lambda(ip: Interpreter, node: cst.Lambda, frame: Frame) -> Any:
    defaults = calls.parameter_defaults(ip, node.params, frame)
    return UserFunction("<lambda>", node, frame, defaults, ip.span(node, frame))


def _walrus(ip: Interpreter, node: cst.NamedExpr, frame: Frame) -> Any:
    value = evaluate(ip, node.value, frame)
    home = frame
    while home.is_comprehension and home.parent is not None:
        home = home.parent
    if isinstance(node.target, cst.Name):
        home.bind(node.target.value, value)
    return value


def _await(ip: Interpreter, node: cst.Await, frame: Frame) -> Any:
    return ip.symbolic(node, frame, "it awaits")


def _yield(ip: Interpreter, node: cst.Yield, frame: Frame) -> Any:
    ip.only_reads()
    if frame.on_yield is not None and not isinstance(node.value, cst.From):
        frame.on_yield(evaluate(ip, node.value, frame) if node.value is not None else None)
        return None
    if frame.yields is None:
        return ip.symbolic(node, frame, "it yields outside a function")
    if isinstance(node.value, cst.From):
        source = evaluate(ip, node.value.item, frame)
        items = comprehensions.iterate(ip, source, node, frame)
        if items is None:
            ip.unsure = True
            items = [UnknownItems(ip.code(node.value.item, frame), "it yields what is not known")]
        frame.yields.extend(items)
        ip.budget.fits(len(frame.yields))
        return ip.symbolic(node, frame, "it is what another generator returns")
    frame.yields.append(evaluate(ip, node.value, frame) if node.value is not None else None)
    ip.budget.fits(len(frame.yields))
    return None


_HANDLERS: dict[type[cst.CSTNode], Callable[[Interpreter, Any, Frame], Any]] = {
    cst.Integer: _number,
    cst.Float: _number,
    cst.Imaginary: _number,
    cst.SimpleString: strings.simple,
    cst.ConcatenatedString: strings.concatenated,
    cst.FormattedString: strings.formatted,
    cst.Name: _name,
    cst.List: _sequence,
    cst.Tuple: _sequence,
    cst.Set: _sequence,
    cst.Dict: _dict,
    cst.BinaryOperation: _binary,
    cst.BooleanOperation: _boolean,
    cst.UnaryOperation: _unary,
    cst.Comparison: comparisons.comparison,
    cst.IfExp: _conditional,
    cst.Attribute: _attribute,
    cst.Subscript: _subscript,
    cst.Call: calls.call_node,
    cst.Lambda: _lambda,
    cst.NamedExpr: _walrus,
    cst.ListComp: comprehensions.list_comprehension,
    cst.SetComp: comprehensions.set_comprehension,
    cst.GeneratorExp: comprehensions.generator,
    cst.DictComp: comprehensions.dict_comprehension,
    cst.Await: _await,
    cst.Yield: _yield,
    cst.Ellipsis: lambda ip, node, frame: ...,
}
