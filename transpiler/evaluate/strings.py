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
    return ip.symbolic(node, frame, "a part of the string is not known")


def formatted(ip: Interpreter, node: cst.FormattedString, frame: Frame) -> Any:
    """An f-string."""
    text = _parts(ip, node.parts, node.prefix, frame)
    return ip.symbolic(node, frame, "a part of the string is not known") if text is None else text


def _parts(ip: Interpreter, parts: Any, prefix: str, frame: Frame) -> str | None:
    texts: list[str] = []
    for part in parts:
        if isinstance(part, cst.FormattedStringText):
            texts.append(_literal(part.value, prefix))
            continue
        text = _expression(ip, part, prefix, frame)
        if text is None:
            return None
        ip.budget.size(len(text), "a string")
        texts.append(text)
    ip.budget.size(sum(map(len, texts)), "a string")
    return "".join(texts)


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
) -> str | None:
    from transpiler.evaluate.expressions import evaluate

    value = evaluate(ip, part.expression, frame)
    if isinstance(value, XCom) and part.conversion in (None, "s"):
        value = value.template()
    spec = _parts(ip, part.format_spec, prefix, frame) if part.format_spec else ""
    if spec is None or not is_plain(value):
        return None
    operations.guard_format("spec", spec, ip.budget)
    convert = _CONVERSIONS.get(part.conversion or "")
    shown = convert(value) if convert else value
    text: str = operations.attempt(lambda: format(shown, spec), part)
    if part.equal is not None:
        label = frame.module.positions.code(part.expression)
        return f"{label}={text if (spec or convert) else repr(value)}"
    return text
