"""Black's formatting of a module without showing it what it would not change.

Black takes most of the time of a transpilation. Plain statements are laid out by `plain_layout`; in
their place Black gets names, which stand for whole runs of statements, so that everything else, and
the blank lines around them, is as Black decides. Tests hold the result against Black's own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from transpiler.emit.plain_definitions import format_definitions
from transpiler.emit.plain_layout import laid_out

_ONE_PIECE = re.compile(r"[\f\r\v\x1c-\x1e\x85]|fmt:|yapf:")
"""What changes how lines are told apart or formatted: then Black sees the whole module."""
_LEFT_TO_BLACK = re.compile(r"\t|\\\n")
"""What only Black tells how to lay out: then it sees the whole of what this stands in."""
_IMPORT = re.compile(
    r"(?:from \.*[\w.]* )?import (?:\*|[\w.]+(?: as \w+)?(?:, [\w.]+(?: as \w+)?)*)", re.ASCII
)

_PARAMETER = r"\w+(?:: \w+(?: = \w+)?|=\w+)?"
_DEF = re.compile(rf"def \w+\((?:{_PARAMETER}(?:, {_PARAMETER})*)?\)(?: -> \w+)?:", re.ASCII)
_IF = re.compile(r'if \w+(?: == "\w*")?:', re.ASCII)
_COMMENT = re.compile(r"  # (?! |type:).*")
"""One that Black leaves as it is."""

_NAME = "{}"
_DECORATOR = "@{}"
_IMPORTED = "import {}"
_RETURNED = "return {}"
_HEADERS = {"def {}():": _DEF, "if {}:": _IF}
_JOINED = {_NAME, _IMPORTED}
"""Statements that Black leaves next to each other."""


@dataclass
class _Run:
    """Statements on consecutive lines of one block: the lines from `first` to `last`, counted from
    0, and what comes in their place.
    """

    first: int
    last: int
    indent: int
    form: str
    """The line that Black gets in their place, with room for a name."""
    lines: list[str]

    def stand_in(self, name: str) -> str:
        """The line with the name."""
        return " " * self.indent + self.form.format(name)


def format_around(source: str, width: int, black: Callable[[str], str]) -> str:
    """What `black` makes of the module, at a line length of `width`."""
    if _ONE_PIECE.search(source):
        return black(source)
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return black(source)  # which says what is wrong
    around = _around(width, black)
    parts = format_definitions(source, tree, _unused_name(source), around)
    return around(source) if parts is None else parts


@lru_cache(maxsize=4)
def _around(width: int, black: Callable[[str], str]) -> Callable[[str], str]:
    """Formatting without another look for long definitions; the same object for the same two."""

    def around(source: str) -> str:
        if _LEFT_TO_BLACK.search(source):
            return black(source)
        lines = source.split("\n")
        runs = list(_runs(_Statements(lines, width).of(ast.parse(source).body), lines))
        base = _unused_name(source)
        restored = _put_back(black(_reduced(lines, runs, base)), runs, base)
        return black(source) if restored is None else restored

    return around


def _unused_name(source: str) -> str:
    name = "x"
    while name in source:
        name += "x"
    return name


def _reduced(lines: list[str], runs: list[_Run], base: str) -> str:
    kept: list[str] = []
    position = 0
    for number, run in enumerate(runs):
        kept += lines[position : run.first]
        kept.append(run.stand_in(f"{base}{number}"))
        position = run.last + 1
    return "\n".join(kept + lines[position:])


def _put_back(text: str, runs: list[_Run], base: str) -> str | None:
    """The module with the statements; None where Black has moved a name."""
    names = {run.stand_in(f"{base}{number}"): run.lines for number, run in enumerate(runs)}
    restored: list[str] = []
    for line in text.split("\n"):
        restored += names.pop(line, [line])
    return None if names else "\n".join(restored)


def _runs(statements: Iterator[_Run], lines: list[str]) -> Iterator[_Run]:
    """The statements, with those taken together that follow each other at once or after one blank
    line, which Black keeps.
    """
    current: _Run | None = None
    for one in statements:
        if current is not None:
            between = lines[current.last + 1 : one.first]
            alike = (one.indent, one.form) == (current.indent, current.form)
            if alike and one.form in _JOINED and between in ([], [""]):
                current.last = one.last
                current.lines += between + one.lines
                continue
            yield current
        current = one
    if current is not None:
        yield current


class _Statements:
    """Finds the statements of a module that need no Black."""

    def __init__(self, lines: list[str], width: int) -> None:
        self._lines = lines
        self._width = width

    def of(self, body: list[ast.stmt]) -> Iterator[_Run]:
        """Those of a block and of the blocks in it, in the order of the source."""
        for node in body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                yield from self._import(node)
            elif isinstance(node, ast.Expr):
                if isinstance(node.value, ast.Call):
                    yield from self._plain(node, _NAME)
            elif isinstance(node, ast.Assign):
                if isinstance(node.targets[0], ast.Name):
                    yield from self._plain(node, _NAME)
            elif isinstance(node, ast.Return):
                if node.value is not None:
                    yield from self._plain(node.value, _RETURNED)
            else:
                yield from self._within(node)

    def _within(self, node: ast.AST) -> Iterator[_Run]:
        for decorator in getattr(node, "decorator_list", ()):
            yield from self._plain(decorator, _DECORATOR)
        if isinstance(node, (ast.FunctionDef, ast.If)):
            yield from self._header(node)
        for field in ("body", "handlers", "orelse", "finalbody", "cases"):
            for child in getattr(node, field, ()):
                if isinstance(child, ast.stmt):
                    yield from self.of([child])
                else:
                    yield from self._within(child)

    def _header(self, node: ast.FunctionDef | ast.If) -> Iterator[_Run]:
        """The line of a `def` or `if` with its block on lines of its own."""
        number = node.lineno - 1
        line = self._lines[number]
        if node.body[0].lineno > node.lineno and len(line) <= self._width:
            for form, pattern in _HEADERS.items():
                if pattern.fullmatch(line, node.col_offset):
                    yield _Run(number, number, node.col_offset, form, [line])

    def _plain(self, node: ast.stmt | ast.expr, form: str) -> Iterator[_Run]:
        head = form.format("")
        code, comment = self._alone(node, head)
        indent = node.col_offset - len(head)
        laid = laid_out(code, indent, self._width, head) if code else None
        if laid is None or comment and len(laid) > 1:
            return
        laid[-1] += comment
        if not comment or len(laid[0]) <= self._width:
            yield _Run(node.lineno - 1, _last(node), indent, form, laid)

    def _import(self, node: ast.stmt) -> Iterator[_Run]:
        code, comment = self._alone(node, "")
        if _IMPORT.fullmatch(code):
            line = f"{' ' * node.col_offset}{code}{comment}"
            if len(line) <= self._width:
                yield _Run(node.lineno - 1, _last(node), node.col_offset, _IMPORTED, [line])

    def _alone(self, node: ast.stmt | ast.expr, head: str) -> tuple[str, str]:
        """The code that shares its lines with nothing but the head, and the comment after it; no
        code where there is more, or a comment that Black would look at.
        """
        first, last = node.lineno - 1, _last(node)
        lines = self._lines[first : last + 1]
        code = "\n".join(lines)
        end = len(code) - len(lines[-1]) + (node.end_col_offset or 0)
        rest = code[end:].rstrip(" ")
        if not code.isascii() or code[: node.col_offset].lstrip(" ") != head:
            return "", ""
        if rest and not _COMMENT.fullmatch(rest):
            return "", ""
        return code[node.col_offset : end], rest


def _last(node: ast.stmt | ast.expr) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - 1
