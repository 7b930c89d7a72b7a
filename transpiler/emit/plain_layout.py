"""Plain statements as Black lays them out: on one line where they fit, else split at the last
bracket, and at the commas inside it where that is not enough.
"""

from __future__ import annotations

from transpiler.emit.plain_code import Bracket, NotPlainError, Parts, flat, is_fixed, read_plain

_INDENT = 4
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def laid_out(code: str, indent: int, width: int, head: str = "") -> list[str] | None:
    """The lines of a statement that starts at a column, or None where only Black knows them.

    `code` is valid Python without the blanks around it; `head` stands before it on its line.
    """
    try:
        return _lines((head, *read_plain(code)), indent, width, "")
    except NotPlainError:
        return None


def _lines(parts: Parts, indent: int, width: int, end: str) -> list[str]:
    one = f"{' ' * indent}{flat(parts)}{end}"
    if len(one) <= width and not is_fixed(parts):
        return [one]
    *head, last = parts
    if not isinstance(last, Bracket) or not _can_split(last, head):
        raise NotPlainError
    first = f"{' ' * indent}{flat(tuple(head))}{last.opening}"
    if len(first) > width:
        raise NotPlainError
    return [first, *_inside(last, indent + _INDENT, width), f"{' ' * indent}{_close(last)}{end}"]


def _can_split(last: Bracket, head: list[str | Bracket]) -> bool:
    """Whether the last bracket is where Black splits."""
    if not last.elements or last.call and last.opening != "(":
        return False
    return head.count(".") <= 1 and not is_fixed(tuple(head))


def _inside(bracket: Bracket, indent: int, width: int) -> list[str]:
    """The elements: on one line where they fit in a call, else each for itself."""
    several = len(bracket.elements) > 1
    one = f"{' ' * indent}{', '.join(map(flat, bracket.elements))}"
    if not bracket.fixed and len(one) <= width and not (several and not bracket.call):
        return [one]
    if not several and not bracket.comma:
        return _lines(bracket.elements[0], indent, width, "")
    return [line for element in bracket.elements for line in _lines(element, indent, width, ",")]


def _close(bracket: Bracket) -> str:
    return _CLOSING[bracket.opening]
