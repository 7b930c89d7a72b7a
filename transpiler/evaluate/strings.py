"""String literals and f-strings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

from transpiler.evaluate import operations
from transpiler.evaluate.builders import XCom
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.truth import is_plain
from transpiler.model.values import Call, Symbolic

_CONVERSIONS: dict[str, Callable[[Any], str]] = {"r": repr, "a": ascii, "s": str}


def simple(ip: Interpreter, node: cst.SimpleString, frame: Frame) -> Any:
    """A plain string or bytes literal."""
    return operations.attempt(lambda: node.evaluated_value, node)


def concatenated(ip: Interpreter, node: cst.ConcatenatedString, frame: Frame) -> Any:
    """Adjacent literals, without recursion: real files have hundreds of them in a row."""
    from transpiler.evaluate.expressions import evaluate

    parts = []
    item: cst.BaseExpression = node
    while isinstance(item, cst.ConcatenatedString):
        parts.append(evaluate(ip, item.left, frame))
        item = item.right
    parts.append(evaluate(ip, item, frame))
    if all(isinstance(part, str) for part in parts):
        return "".join(parts)
    if all(isinstance(part, bytes) for part in parts):
        return b"".join(parts)
    return _composite(ip, node, frame, parts)


def formatted(ip: Interpreter, node: cst.FormattedString, frame: Frame) -> Any:
    """An f-string."""
    parts = _parts(ip, node.parts, node.prefix, frame)
    return parts if isinstance(parts, str) else _composite(ip, node, frame, parts)


def _composite(
    ip: Interpreter, node: cst.BaseExpression, frame: Frame, parts: list[Any]
) -> Symbolic:
    """A text of which something is not known, with what is known of it now: its names may soon
    stand for something else.
    """
    made: list[Any] = []
    for part in parts:
        inner = part.parts if isinstance(part, Symbolic) and part.parts else (part,)
        made += inner if isinstance(inner[0], (str, Symbolic, Call)) else [None]
    ip.budget.size(len(made), "a string")
    whole = () if None in made else tuple(made)
    return ip.symbolic(node, frame, "a part of the string is not known", whole)


def _parts(ip: Interpreter, parts: Any, prefix: str, frame: Frame) -> str | list[Any]:
    """The text; where a part is not known, the parts, None for one that is more than a value."""
    found: list[Any] = []
    for part in parts:
        if isinstance(part, cst.FormattedStringText):
            found.append(_literal(part.value, prefix))
            continue
        text = _expression(ip, part, prefix, frame)
        if isinstance(text, str):
            ip.budget.size(len(text), "a string")
        found.append(text)
    ip.budget.size(sum(len(text) for text in found if isinstance(text, str)), "a string")
    return "".join(found) if all(isinstance(text, str) for text in found) else found


def _literal(text: str, prefix: str) -> str:
    text = text.replace("{{", "{").replace("}}", "}")
    if "\\" not in text or "r" in prefix.lower():
        return text
    quote = '"""' if not text.endswith('"') else "'''"
    evaluated = operations.attempt(
        lambda: cst.SimpleString(f"{quote}{text}{quote}").evaluated_value
    )
    return str(evaluated)


def _expression(
    ip: Interpreter, part: cst.FormattedStringExpression, prefix: str, frame: Frame
) -> str | Symbolic | Call | None:
    from transpiler.evaluate.expressions import evaluate

    value = evaluate(ip, part.expression, frame)
    if isinstance(value, XCom) and part.conversion in (None, "s"):
        value = value.template()
    spec = _parts(ip, part.format_spec, prefix, frame) if part.format_spec else ""
    if not isinstance(spec, str) or not is_plain(value):
        as_it_is = (
            part.conversion in (None, "s") and part.format_spec is None and part.equal is None
        )
        return value if as_it_is and isinstance(value, (Symbolic, Call)) else None
    operations.guard_format("spec", spec, ip.budget)
    convert = _CONVERSIONS.get(part.conversion or "")
    shown = convert(value) if convert else value
    text: str = operations.attempt(lambda: format(shown, spec), part)
    if part.equal is not None:
        return f"{_label(part, frame)}{text if (spec or convert) else repr(value)}"
    return text


def _label(part: cst.FormattedStringExpression, frame: Frame) -> str:
    """What `{x = }` writes before the value: the text as it stands, with its spaces."""
    before = cst.Module([]).code_for_node(part.whitespace_before_expression)
    equal = cst.Module([]).code_for_node(part.equal) if part.equal is not None else ""
    return f"{before}{frame.module.positions.code(part.expression)}{equal}"
