"""`match`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import contains
from typing import Any

import libcst as cst

from transpiler.evaluate import operations
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.truth import is_plain, truth


def match_statement(ip: Interpreter, node: cst.Match, frame: Frame) -> None:
    """`match` over plain values; patterns of classes are reported."""
    from transpiler.evaluate.expressions import evaluate
    from transpiler.evaluate.statements import execute_block

    subject = evaluate(ip, node.subject, frame)
    for case in node.cases:
        fits = _fits(ip, case.pattern, subject, frame)
        if fits and case.guard is not None:
            fits = truth(evaluate(ip, case.guard, frame))
        if fits is None:
            text = "the pattern, or what it is matched with, is not evaluated"
            ip.report("D2Z116", case, frame, text)
            return
        if fits:
            execute_block(ip, case.body, frame)
            return


def _fits(ip: Interpreter, pattern: cst.MatchPattern, subject: Any, frame: Frame) -> bool | None:
    """Whether the pattern fits, binding its names; None where that is not known."""
    if isinstance(pattern, cst.MatchAs):
        fits = True if pattern.pattern is None else _fits(ip, pattern.pattern, subject, frame)
        if fits and pattern.name is not None:
            frame.bind(pattern.name.value, subject)
        return fits
    if isinstance(pattern, cst.MatchOr):
        return _first(_fits(ip, element.pattern, subject, frame) for element in pattern.patterns)
    if isinstance(pattern, cst.MatchValue):
        return _value(ip, pattern, subject, frame)
    if not is_plain(subject):
        return None
    handler = _HANDLERS.get(type(pattern))
    return None if handler is None else handler(ip, pattern, subject, frame)


def _first(parts: Any) -> bool | None:
    unknown = False
    for part in parts:
        if part:
            return True
        unknown |= part is None
    return None if unknown else False


def _all(parts: Any) -> bool | None:
    unknown = False
    for part in parts:
        if part is False:
            return False
        unknown |= part is None
    return None if unknown else True


def _value(ip: Interpreter, pattern: cst.MatchValue, subject: Any, frame: Frame) -> bool | None:
    """A literal, or a dotted name as of a member of an enumeration."""
    from transpiler.evaluate.comparisons import equal
    from transpiler.evaluate.expressions import evaluate

    return equal(evaluate(ip, pattern.value, frame), subject, pattern)


def _singleton(ip: Interpreter, pattern: Any, subject: Any, frame: Frame) -> bool:
    from transpiler.evaluate.expressions import evaluate

    return subject is evaluate(ip, pattern.value, frame)


def _sequence(ip: Interpreter, pattern: Any, subject: Any, frame: Frame) -> bool | None:
    """`[first, *rest]` and `(first, second)`."""
    if not isinstance(subject, (list, tuple, range)):
        return False
    parts = pattern.patterns
    star = next((i for i, part in enumerate(parts) if isinstance(part, cst.MatchStar)), None)
    if star is None:
        return len(subject) == len(parts) and _in_order(ip, parts, subject, frame)
    after = len(parts) - star - 1
    end = len(subject) - after
    if end < star:
        return False
    if (name := parts[star].name) is not None:
        frame.bind(name.value, list(subject[star:end]))
    around = [*subject[:star], *subject[end:]]
    return _in_order(ip, [*parts[:star], *parts[star + 1 :]], around, frame)


def _in_order(
    ip: Interpreter, parts: Sequence[Any], subjects: Sequence[Any], frame: Frame
) -> bool | None:
    pairs = zip(parts, subjects, strict=True)
    return _all(_fits(ip, part.value, subject, frame) for part, subject in pairs)


def _mapping(ip: Interpreter, pattern: Any, subject: Any, frame: Frame) -> bool | None:
    """`{"key": pattern, **rest}`."""
    from transpiler.evaluate.expressions import evaluate

    if not isinstance(subject, dict):
        return False
    rest = dict(subject)
    for element in pattern.elements:
        key = evaluate(ip, element.key, frame)
        if not operations.attempt(partial(contains, rest, key), element):
            return False
        fits = _fits(ip, element.pattern, rest.pop(key), frame)
        if not fits:
            return fits
    if pattern.rest is not None:
        frame.bind(pattern.rest.value, rest)
    return True


_CLASSES: dict[str, type] = {
    kind.__name__: kind for kind in (str, bytes, bool, int, float, list, tuple, dict, set)
}


def _class(ip: Interpreter, pattern: Any, subject: Any, frame: Frame) -> bool | None:
    """`str()` and `int(name)` of Python's own classes."""
    kind = _CLASSES.get(getattr(pattern.cls, "value", ""))
    if kind is None or pattern.kwds or len(pattern.patterns) > 1:
        return None
    if not isinstance(subject, kind):
        return False
    return _all(_fits(ip, part.value, subject, frame) for part in pattern.patterns)


_HANDLERS: dict[type, Callable[[Interpreter, Any, Any, Frame], bool | None]] = {
    cst.MatchSingleton: _singleton,
    cst.MatchList: _sequence,
    cst.MatchTuple: _sequence,
    cst.MatchMapping: _mapping,
    cst.MatchClass: _class,
}
