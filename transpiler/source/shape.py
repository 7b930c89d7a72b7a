"""The shape of a source text, from one cheap scan: what would make LibCST's parser slow, or crash it.

Measured on LibCST 1.8: time grows with the cube of a chain such as `a[0][0]…` (1,000 links 1.3 s,
2,000 links 9 s), and doubles with each bracket in a `case` pattern. Commas, statements and plain
strings are linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from transpiler.source.errors import SourceError

MAX_NESTING = 100
"""Brackets within brackets; CPython's own parser stops at 200."""
_CHAIN = 3_000
"""Characters of one chain, or of several with the same cost, that are parsed without suspicion."""
_ORDINARY = 256 * 1024
"""Characters of a file that are parsed without suspicion."""
_PATTERN_NESTING = 5
_TOKENS = re.compile(
    r"'''|\"\"\"|[\"'#()\[\]{},;\n\r]|\\.|^[ \t]*case\b",
    re.DOTALL | re.MULTILINE,
)
_BRACES = re.compile(r"[{}]")
_STRING_PREFIX = re.compile(r"[fFtT][rR]?$|[rR][fFtT]$")


@dataclass(frozen=True, slots=True)
class Shape:
    """Whether the text could keep the parser busy without bound, and the line that makes it so."""

    suspicious: bool
    line: int


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0
        self.line = 1
        self.closing = ""
        self.chain = 0
        self.cost = 0
        self.longest = (0, 1)
        self.pattern = False
        self.nested_pattern = 0

    def run(self) -> Shape:
        position = 0
        for match in _TOKENS.finditer(self.text):
            if not self.closing:
                self.chain += match.end() - position
            position = match.end()
            token = match.group()
            self._token(token, match.start())
            self.line += token.endswith("\n")
        if not self.closing:
            self.chain += len(self.text) - position
        self._end_chain()
        if self.nested_pattern:
            return Shape(True, self.nested_pattern)
        suspicious = self.cost > _CHAIN**3 or len(self.text) > _ORDINARY
        return Shape(suspicious, self.longest[1])

    def _token(self, token: str, start: int) -> None:
        if self.closing:
            self._inside(token)
        elif token in ('"', "'", '"""', "'''"):
            self._open_string(token, start)
        elif token == "#":
            self.closing = "#"
        elif token in "([{":
            self._open_bracket()
        elif token in ")]}":
            self.depth -= 1
        elif token in "\n\r":
            self._end_line()
        elif token in ",;":
            self._end_chain()
        elif token[0] != "\\":
            self.pattern = True

    def _inside(self, token: str) -> None:
        ends_line = self.closing in ('"', "'", "#") and token in "\n\r"
        if token == self.closing or ends_line:
            comment, self.closing = self.closing == "#", ""
            if comment:
                self._end_line()

    def _open_string(self, token: str, start: int) -> None:
        self.closing = token
        prefix = _STRING_PREFIX.search(self.text[max(start - 2, 0) : start])
        if prefix:
            # An f-string holds code: all that is not the text before its first brace counts.
            start += len(token)
            end = self.text.find(token, start)
            inside = self.text[start : end if end >= 0 else len(self.text)]
            sizes = [len(piece) for piece in _BRACES.split(inside)[1:]]
            self.cost += sum(size**3 for size in sizes)
            self.longest = max(self.longest, (max(sizes, default=0), self.line))

    def _open_bracket(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise SourceError("D2Z108", f"brackets are nested over {MAX_NESTING} deep", self.line)
        if self.pattern and self.depth >= _PATTERN_NESTING:
            self.nested_pattern = self.nested_pattern or self.line

    def _end_line(self) -> None:
        if self.depth <= 0:
            self.depth, self.pattern = 0, False
            self._end_chain()

    def _end_chain(self) -> None:
        self.cost += self.chain**3
        if self.chain > self.longest[0]:
            self.longest = (self.chain, self.line)
        self.chain = 0


def shape_of(text: str) -> Shape:
    """Scan the text of a Python file. Raises SourceError (D2Z108) for brackets nested too deeply."""
    return _Scanner(text).run()
