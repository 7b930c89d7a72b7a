"""A small part of Python read to a tree of brackets: calls, lists, tuples, dictionaries, constants.

What emitted code mostly consists of. Everything else is refused: operators, comprehensions, slices,
comments, strings with escapes or of several lines.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""[ \n]*(?:
    (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<string>"[^"\\\n]*"|'[^"'\\\n]*')
    |(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)
    |(?P<mark>\*\*|[*.,:=()\[\]{}])
    )""",
    re.VERBOSE,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_CONSTANTS = {"None", "True", "False"}
_NO_NAMES = {*keyword.kwlist, *keyword.softkwlist} - _CONSTANTS - {"_"}
_ENDS = {"", ",", ")", "]", "}"}
_SIGNS = {"*": "*", "**": "**", "=": "=", ":": ": "}
_AFTER = {
    "name": {"start", "sign", "dot"},
    "string": {"start", "sign"},
    "number": {"start", "sign"},
    "(": {"start", "sign", "name", "bracket"},
    "[": {"start", "sign", "name", "bracket"},
    "{": {"start", "sign"},
    ".": {"name", "bracket"},
    "*": {"start"},
    "**": {"start"},
    "=": {"name"},
    ":": {"name", "value", "bracket"},
}
"""What may stand before each kind of token or mark."""
_BEFORE = {"name": "name", ".": "dot"}


@dataclass(frozen=True)
class Bracket:
    """A pair of brackets with its elements, each a line of its own when the pair is split."""

    opening: str
    elements: tuple[Parts, ...]
    comma: bool
    """Whether a comma stands before the closing bracket, which Black takes as a wish to split."""
    call: bool
    """Whether it follows a name or another bracket, so that it calls or subscripts."""
    flat: str = field(init=False)
    """On one line."""
    fixed: bool = field(init=False)
    """Whether it may not stand on one line."""

    def __post_init__(self) -> None:
        """Put together what is asked for often."""
        inside = ", ".join(map(flat, self.elements))
        object.__setattr__(self, "flat", f"{self.opening}{inside}{_CLOSING[self.opening]}")
        object.__setattr__(self, "fixed", self.comma or any(map(is_fixed, self.elements)))


Parts = tuple["str | Bracket", ...]
"""An expression: text and brackets, in their order."""


class NotPlainError(Exception):
    """The code has something that is not read here."""


def flat(parts: Parts) -> str:
    """The expression on one line."""
    return "".join(part if isinstance(part, str) else part.flat for part in parts)


def is_fixed(parts: Parts) -> bool:
    """Whether the expression may not stand on one line."""
    return any(not isinstance(part, str) and part.fixed for part in parts)


def read_plain(code: str) -> Parts:
    """The statement: an expression, or one name and what is assigned to it.

    Raises NotPlainError. The code has to be valid Python.
    """
    parts, end = _expression(_tokens(code), top=True)
    if end:
        raise NotPlainError
    return parts


def _tokens(code: str) -> Iterator[tuple[str, str]]:
    """The kind of each token and its text as Black writes it; the kind of the last is empty."""
    position, end = 0, len(code.rstrip(" \n"))
    while position < end:
        match = _TOKEN.match(code, position)
        if match is None:
            raise NotPlainError
        kind = match.lastgroup
        assert kind is not None
        text = match[kind]
        position = match.end()
        if kind == "string":
            text = f'"{text[1:-1]}"'
        elif kind == "name":
            if code[position : position + 1] in ('"', "'"):
                kind, text, position = _prefixed(code, position, text)
            elif text in _NO_NAMES:
                raise NotPlainError
        yield kind, text
    yield "", ""


def _prefixed(code: str, position: int, prefix: str) -> tuple[str, str, int]:
    """A string with a prefix; only such whose quotes can be exchanged without a look inside."""
    match = _TOKEN.match(code, position)
    if prefix != "f" or match is None or match.lastgroup != "string":
        raise NotPlainError
    text = match["string"]
    if text[0] == '"' and "'" in text:
        raise NotPlainError
    return "string", f'f"{text[1:-1]}"', match.end()


def _expression(
    tokens: Iterator[tuple[str, str]], *, top: bool = False, braces: bool = False
) -> tuple[Parts, str]:
    """An expression and the mark that ended it: a comma, a closing bracket or nothing.

    `top`: it is the statement itself; `braces`: it stands in braces.
    """
    parts: list[str | Bracket] = []
    before, signed = "start", False
    for kind, text in tokens:
        token = text if kind == "mark" else kind
        if token in _ENDS:
            if before in ("dot", "sign"):
                break
            return tuple(parts), text
        if before not in _AFTER[token]:
            break
        if token in _CLOSING:
            call = before in ("name", "bracket")
            if top and token == "(" and not call:
                break  # parentheses that Black may take away
            parts.append(_bracket(tokens, text, call=call))
            before = "bracket" if call else "value"
        elif token in _SIGNS:
            if signed or not _fits(token, len(parts), top=top, braces=braces):
                break
            parts.append(" = " if top else _SIGNS[token])
            before, signed = "sign", True
        else:
            parts.append(text)
            before = "value" if text in _CONSTANTS else _BEFORE.get(token, "value")
    raise NotPlainError


def _fits(sign: str, length: int, *, top: bool, braces: bool) -> bool:
    """Whether the sign may stand there: stars of arguments, `=` of an assignment or a keyword
    argument, `:` of a dictionary.
    """
    if sign == "=":
        return not braces and length == 1
    return braces if sign == ":" else not top


def _bracket(tokens: Iterator[tuple[str, str]], opening: str, *, call: bool) -> Bracket:
    elements: list[Parts] = []
    end = comma = ","
    while end == comma:
        parts, end = _expression(tokens, braces=opening == "{")
        if parts:
            elements.append(parts)
        elif end == comma:
            raise NotPlainError
    if end != _CLOSING[opening]:
        raise NotPlainError
    splits = bool(elements) and not parts
    if len(elements) == 1 and opening == "(" and not call:
        raise NotPlainError  # redundant parentheses, or a tuple of one
    if opening == "[" and call and (splits or len(elements) != 1):
        raise NotPlainError  # a subscript by a tuple
    return Bracket(opening, tuple(elements), splits, call)
