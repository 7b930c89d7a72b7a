"""Where the entries of a dictionary were written, for dictionaries that are displays in the source."""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter

_MAX_DEPTH = 10


def entries(
    ip: Interpreter, node: cst.BaseExpression | None, frame: Frame, value: Any, depth: int = 0
) -> dict[str, tuple[cst.BaseExpression, Frame]]:
    """Expression and frame of each entry with a literal key; none for a dictionary that was changed."""
    if not isinstance(value, dict) or depth > _MAX_DEPTH:
        return {}
    display, home = _display(ip, node, frame, value)
    if display is None:
        return {}
    found: dict[str, tuple[cst.BaseExpression, Frame]] = {}
    for element in display.elements:
        if isinstance(element, cst.StarredDictElement):
            inner = _value(element.value, home)
            for key in inner if isinstance(inner, dict) else value:
                found.pop(key, None)
            found.update(entries(ip, element.value, home, inner, depth + 1))
        elif isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
            found[str(element.key.evaluated_value)] = (element.value, home)
    return found


def _display(
    ip: Interpreter, node: cst.BaseExpression | None, frame: Frame, value: dict[Any, Any]
) -> tuple[cst.Dict | None, Frame]:
    if isinstance(node, cst.Dict):
        return node, frame
    if id(value) in ip.mutated or not isinstance(node, (cst.Name, cst.Attribute)):
        return None, frame
    name = node.value if isinstance(node, cst.Name) else node.attr.value
    for home in _homes(ip, node, frame):
        if home.names.get(name) is value and name in home.assignments:
            statement = home.assignments[name].statement.body[0]
            source = statement.value if isinstance(statement, (cst.Assign, cst.AnnAssign)) else None
            return (source, home) if isinstance(source, cst.Dict) else (None, frame)
    return None, frame


def _homes(ip: Interpreter, node: cst.BaseExpression, frame: Frame) -> list[Frame]:
    """The frames around, then the modules of the project that the name may come from."""
    found: list[Frame] = []
    around: Frame | None = frame if isinstance(node, cst.Name) else None
    while around is not None:
        found.append(around)
        around = around.parent
    return [*found, *(module.frame for module in ip.modules.values())]


def _value(node: cst.BaseExpression, frame: Frame) -> Any:
    try:
        return frame.lookup(node.value) if isinstance(node, cst.Name) else None
    except KeyError:
        return None
